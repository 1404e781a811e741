"""How an article stands in lists: its headline, excerpt and byline as markup, every word escaped.

Written in Python, not as a template: a front page holds seventy of them, and Django's templates take forty times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import groupby

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from octavo.core.folding.related import Reason, When
from octavo.core.types import Quality
from octavo.store.models import Story
from octavo.store.queries import Row
from octavo.store.stories import Fold, StoryRow
from octavo.web import figures, names

# Excerpts in plain lists are cut here, at a word; the sheet of eight has room for all.
EXCERPT_LENGTH = 220
UNTITLED_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Hand:
    """Writes rows for one page: in one language, at one time, to the minute. Both are looked up once, for many rows."""

    spoken: str
    now: datetime

    def element(
        self,
        row: Row,
        level: int = 2,
        length: int = EXCERPT_LENGTH,
        doing: str = "",
        fold: Fold | None = None,
        why: str = "",
    ) -> str:
        """The whole element of a list, with its story folded beneath; `doing` is what a signed-in reader can do with it.

        `why` is a sentence on why it is in the list.
        """
        state = ' class="is-read"' if row.is_read else ""
        controls = f'<div class="doing ui">{doing}</div>' if doing else ""
        folded = _folded(self, fold) if fold else ""
        reason = f'<p class="meta why">{escape(why)}</p>' if why else ""
        return f"<li data-row{state}>{_head(self, row, level, length)}{reason}{folded}{controls}</li>\n"

    def folded(self, fold: Fold) -> str:
        """A story as a line, and others of its articles folded beneath."""
        names = ", ".join(dict.fromkeys(row.publisher for row in fold.others))
        summary = f"<summary>{_also(self.spoken)} <bdi>{escape(names)}</bdi></summary>"
        others = f"<details>{summary}{self.others(fold)}</details>" if fold.others else ""
        return f'<div class="folded ui">{self.told(fold)}{others}</div>'

    def beside(self, fold: Fold) -> str:
        """A story as a line, and others of its articles beneath."""
        return f'<div class="folded ui">{self.told(fold)}{self.others(fold)}</div>'

    def told(self, fold: Fold) -> str:
        """A story's counts, a link to it, and when it was covered."""
        counts = f'<a class="counts" href="/stories/{fold.story.id}/">{escape(counts_told(fold.story))}</a>'
        return f'<p class="told">{counts} {figures.coverage(fold, self.now)}</p>'

    def others(self, fold: Fold) -> str:
        """Other articles of a story, a line each."""
        shared = {report.article for report in fold.reports if report.copy_of is not None}
        return f"<ul>{''.join([self.other(row, row.id in shared) for row in fold.others])}</ul>"

    def other(self, row: Row, is_shared: bool) -> str:
        """An article that is folded under another, as an element."""
        state = ' class="is-read"' if row.is_read else ""
        return f"<li{state}>{self.line(row, _shared(self.spoken) if is_shared else '')}</li>"

    def line(self, row: Row, notice: str = "") -> str:
        """One line for an article: headline, publisher, when, and a word on it."""
        title = escape(headline_of(row.title, row.excerpt))
        attributes = _language_attributes(row.language, self.spoken)
        link = _publisher_link(row.publisher_slug, row.publisher, row.language, self.spoken)
        said = f" <span>{notice}</span>" if notice else ""
        return (
            f'<a href="/articles/{row.id}/"{attributes}>{title}</a> '
            f'<span class="meta"><span>{link}</span> {self.time_ago(row.sort_at, row.has_time)}{said}</span>'
        )

    def dated(self, row: Row, fold: Fold | None) -> str:
        """One line of a timeline: the time of day, the headline that leads to the story or article, and who tells it."""
        state = ' class="is-read"' if row.is_read else ""
        address = f"/stories/{fold.story.id}/" if fold else f"/articles/{row.id}/"
        clock = names.clock(row.sort_at, is_day=False) if row.has_time else ""
        title = escape(headline_of(row.title, row.excerpt))
        link = f'<a href="{address}" data-title{_language_attributes(row.language, self.spoken)}>{title}</a>'
        who = dict.fromkeys([row.publisher, *(other.publisher for other in fold.others)] if fold else [row.publisher])
        more = fold.story.publisher_count - len(who) if fold else 0
        told = gettext(", ").join(f"<bdi>{escape(name)}</bdi>" for name in who)
        if more > 0:
            told += " " + escape(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        return (
            f'<li data-row{state}><span class="when">{time_element(row.sort_at, clock, "", row.has_time)}</span>'
            f'<span class="told-by">{link} <span class="meta"><span>{told}</span></span></span></li>\n'
        )

    def headline(self, row: Row, level: int, length: int) -> str:
        """The headline, a link to the article, and the excerpt, cut to `length` characters (0: no excerpt)."""
        heading = f'<h{level}><a href="/articles/{row.id}/" data-title>{escape(headline_of(row.title, row.excerpt))}</a></h{level}>'
        excerpt = f'<p class="excerpt">{escape(cut(row.excerpt, length))}</p>' if length and row.excerpt else ""
        return f'<div class="what"{_language_attributes(row.language, self.spoken)}>{heading}{excerpt}</div>'

    def byline(self, row: Row) -> str:
        """The publisher, when, and a word where the text is not whole."""
        link = _publisher_link(row.publisher_slug, row.publisher, row.language, self.spoken)
        doubt = "" if row.quality == Quality.FULL else f' <span class="notice">{quality_word(row.quality)}</span>'
        # The span has the page's direction, so that the dot behind it stands on the page's side, whatever the name's.
        return f'<p class="meta by"><span>{link}</span> {self.time_ago(row.sort_at, row.has_time)}{doubt}</p>'

    def time_ago(self, when: datetime, has_time: bool) -> str:
        """'2 hours ago' as a time element; its title tells the whole time."""
        if not has_time:
            whole = names.absolute(when, has_time, self.spoken)
            return time_element(when, whole, whole, has_time)
        return _time_ago(when, names.ago(when, self.now, self.spoken), self.spoken)


def reason_sentence(reason: Reason) -> str:
    """Why an article is related, in the reader's language; empty where there is no more to say than that it is."""
    time = {
        When.EARLIER: gettext("Earlier"),
        When.LATER: gettext("Later"),
        When.BACKGROUND: gettext("Background"),
    }.get(reason.when, "")
    names = gettext("Same names: %(names)s") % {"names": gettext(", ").join(reason.names)} if reason.names else ""
    return " · ".join(filter(None, (time, names)))


def hand() -> Hand:
    """Writes for the page that is being made."""
    return Hand(get_language() or "en", timezone.now().replace(second=0, microsecond=0))


def headline(row: Row, level: int = 2, length: int = EXCERPT_LENGTH) -> SafeString:
    """One headline with its excerpt."""
    return SafeString(hand().headline(row, level, length))


def folded(fold: Fold | None) -> SafeString:
    """What is folded under an article; nothing where nothing is."""
    return SafeString(_folded(hand(), fold) if fold else "")


def story_beside(fold: Fold) -> SafeString:
    """A story beside one of its articles: its counts, when it was covered, and its other articles."""
    return SafeString(hand().beside(fold))


def other_row(row: Row) -> SafeString:
    """One line for an article that is folded under another."""
    return SafeString(hand().line(row))


def timeline(shown: Iterable[Row], folds: Mapping[int, Fold]) -> SafeString:
    """Articles as a timeline, the newest day first: a heading a day and a line a story."""
    writer, parts = hand(), []
    for day, rows in groupby(shown, key=lambda row: timezone.localdate(row.sort_at)):
        lines = "".join([writer.dated(row, folds.get(row.story_id or 0)) for row in rows])
        parts.append(f'<h3 class="day">{escape(names.whole_day(day))}</h3>\n<ol class="dated">\n{lines}</ol>\n')
    return SafeString("".join(parts))


def story_line(story: StoryRow, head: Row) -> SafeString:
    """One line for another story: its headline, which leads to it, its counts and its newest report."""
    title = escape(headline_of(head.title, head.excerpt))
    attributes = language_attributes(head.language)
    facts = f"<span>{escape(counts_told(story))}</span> {time_ago(story.last_at)}"
    return SafeString(f'<a href="/stories/{story.id}/"{attributes}>{title}</a> <span class="meta">{facts}</span>')


def byline(row: Row) -> SafeString:
    """One byline."""
    return SafeString(hand().byline(row))


def time_ago(when: datetime, has_time: bool = True) -> SafeString:
    """'2 hours ago' as a time element; its title tells the whole time."""
    return SafeString(hand().time_ago(when, has_time))


def time_whole(when: datetime, has_time: bool = True) -> SafeString:
    """The whole time as a time element."""
    return SafeString(time_element(when, names.absolute(when, has_time), "", has_time))


def time_element(when: datetime, shown: str, title: str, has_time: bool) -> str:
    """A time element; its machine-readable value is a date alone where no time of day is known."""
    stamp = when.isoformat(timespec="seconds") if has_time else when.date().isoformat()
    titled = f' title="{escape(title)}"' if title else ""
    return f'<time datetime="{stamp}"{titled}>{escape(shown)}</time>'


def language_attributes(language: str) -> SafeString:
    """` lang="ar" dir="rtl"` where a text's language is not the page's; nothing where it is or is unknown."""
    return SafeString(_language_attributes(language, get_language() or ""))


def quality_word(quality: str) -> str:
    """A word for an article that is not whole; nothing for one that is."""
    return "" if quality == Quality.FULL else str(names.QUALITY_WORDS.get(quality, gettext("Not whole")))


def headline_of(title: str, excerpt: str) -> str:
    """What stands over an article: its title; where it has none the beginning of its text, so that it can be opened."""
    return title or cut(excerpt, UNTITLED_LENGTH) or gettext("Without a headline")


def counts_told(story: StoryRow | Story) -> str:
    """'3 publishers · 5 articles · 2 independent texts'."""
    return _counts(story.publisher_count, story.article_count, story.text_count, get_language() or "")


def cut(text: str, length: int) -> str:
    """A text of at most `length` characters, cut at a word, with '…' where something is left out."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:.–-") + "…"


# The newest articles stand on every page, and most of what is said of them is the same for a minute or longer.


@lru_cache(maxsize=2048)
def _head(hand: Hand, row: Row, level: int, length: int) -> str:
    return f"{hand.byline(row)}{hand.headline(row, level, length)}"


@lru_cache(maxsize=1024)
def _folded(hand: Hand, fold: Fold) -> str:
    return hand.folded(fold)


@lru_cache(maxsize=8192)
def _time_ago(when: datetime, shown: str, spoken: str) -> str:
    return time_element(when, shown, names.absolute(when, True, spoken), has_time=True)


@lru_cache(maxsize=2048)
def _publisher_link(slug: str, name: str, language: str, spoken: str) -> str:
    attributes = _language_attributes(language, spoken)
    return f'<a class="from" href="/publishers/{escape(slug)}/"{attributes}>{escape(name)}</a>'


@lru_cache(maxsize=4096)
def _counts(publishers: int, articles: int, texts: int, _spoken: str) -> str:
    return " · ".join(
        (
            ngettext("%(count)d publisher", "%(count)d publishers", publishers) % {"count": publishers},
            ngettext("%(count)d article", "%(count)d articles", articles) % {"count": articles},
            ngettext("%(count)d independent text", "%(count)d independent texts", texts) % {"count": texts},
        )
    )


@lru_cache(maxsize=16)
def _also(_spoken: str) -> str:
    return escape(gettext("Also:"))


@lru_cache(maxsize=16)
def _shared(_spoken: str) -> str:
    return escape(gettext("shared text"))


@lru_cache(maxsize=256)
def _language_attributes(language: str, spoken: str) -> str:
    if not language or language.partition("-")[0] == spoken.partition("-")[0]:
        return ""
    return f' lang="{escape(language)}" dir="{names.direction(language)}"'
