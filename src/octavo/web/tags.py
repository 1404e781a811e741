"""The words and marks that templates use, built into every template. They format what they are given and ask nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from octavo.core.folding.related import Reason
from octavo.core.talking import links
from octavo.core.types import Quality
from octavo.services.health import cause
from octavo.store.models import Article, Picture
from octavo.store.queries import Row
from octavo.web import assets, eight, forms, frame, names, rows
from octavo.web.abstracts import LABELS, OUTCOMES

register = template.Library()

# What a lead picture spans on the page, for the browser's choice among the stored widths.
LEAD_SIZES = "(min-width: 70rem) 42rem, 100vw"
# The longest excerpt on the sheet of eight, in characters.
PANEL_EXCERPT = 400
SHEET_SIZES = "(min-width: 64rem) 29rem, 100vw"


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of the site's own files."""
    return assets.address(name)


register.simple_tag(frame.spoken)
register.simple_tag(frame.section_links)
register.simple_tag(rows.byline)
register.simple_tag(rows.headline)
register.filter("counts_told", rows.counts_told)
register.filter("lang_attributes", rows.language_attributes)
register.filter("quality_word", rows.quality_word)


@register.simple_tag(takes_context=True)
def row_elements(
    context: template.Context,
    shown: Iterable[Row],
    level: int = 2,
    length: int = rows.EXCERPT_LENGTH,
    reasons: Mapping[int, Reason] | None = None,
) -> SafeString:
    """The elements of a list of articles; for a signed-in reader each with `parts/row_actions.html`.

    `reasons` say by an article's number why it is in the list. Where the page has `folds`, what lies folded under
    articles of these stories is shown beneath them.
    """
    hand, folds = rows.hand(), context.get("folds") or {}
    why = {key: rows.reason_sentence(reason) for key, reason in (reasons or {}).items()}
    act = _actor(context)
    return SafeString(
        "".join(
            [hand.element(row, level, length, act(row), folds.get(row.story_id), why.get(row.id, "")) for row in shown]
        )
    )


@register.simple_tag(takes_context=True)
def timeline(context: template.Context, shown: Iterable[Row]) -> SafeString:
    """Articles as a timeline, with the page's `folds`."""
    return rows.timeline(shown, context["folds"])


@register.simple_tag(takes_context=True)
def folded_under(context: template.Context, row: Row | Article) -> SafeString:
    """What lies folded under one article of the page."""
    return rows.folded(context["folds"].get(row.story_id))


@register.simple_tag(takes_context=True)
def panels(context: template.Context) -> SafeString:
    """The sheet of a front page: each story's headline, cited sentences or excerpt, byline, why it is there, and its fold."""
    page, folds, hand, act = context["page"], context["folds"], rows.hand(), _actor(context)
    made: list[str] = []
    for row in page.sheet:
        lead = picture(page.picture, "", False, SHEET_SIZES) if page.picture and not made else ""
        said, why = _words_of_pick(context, row, hand.spoken)
        head = f"{hand.headline(row, 3, 0)}{said}" if said else hand.headline(row, 3, PANEL_EXCERPT)
        state = " is-read" if row.is_read else ""
        under = f"{hand.byline(row)}{why}{rows.folded(folds.get(row.story_id))}{act(row)}"
        made.append(f'<li class="panel-story{state}" data-row>{lead}{head}{under}</li>')
    return SafeString("\n".join(made))


@register.simple_tag(takes_context=True)
def section_columns(context: template.Context) -> SafeString:
    """The sections of a front page, each a column of headlines."""
    hand, act = rows.hand(), _actor(context)
    return SafeString(
        "".join(
            f'<section class="column"><h2><a href="/sections/{section}/">{escape(names.section(section))}</a></h2>'
            f"<ul>\n{''.join([hand.element(row, 3, 0, act(row)) for row in shown])}</ul></section>"
            for section, shown in context["page"].sections
        )
    )


def _words_of_pick(context: template.Context, row: Row, spoken: str) -> tuple[str, str]:
    """The cited sentences of one of Today's Eight and why it is there; nothing for an article that only fills the sheet."""
    pick, brief = context["picks"].get(row.id), context["brief"]
    if not pick or brief is None:
        return "", ""
    chosen = eight.Chosen(brief.id, brief.made_at, row.id, pick)
    # A reader's own eight may be others, and for other reasons.
    is_own = context["user"].is_authenticated
    return (eight.words_of.__wrapped__ if is_own else eight.words_of)(chosen, spoken)


register.simple_tag(eight.why_here)
register.simple_tag(eight.cited)
register.simple_tag(eight.paragraph)
register.simple_tag(rows.story_beside)
register.simple_tag(rows.other_row)
register.simple_tag(rows.story_line)


@register.simple_tag
def time_ago(when: datetime | None, has_time: bool = True) -> str:
    """'2 hours ago' as a time element; nothing for no time."""
    return rows.time_ago(when, has_time) if when else ""


@register.simple_tag
def time_whole(when: datetime | None, has_time: bool = True) -> str:
    """The whole time as a time element; nothing for no time."""
    return rows.time_whole(when, has_time) if when else ""


@register.simple_tag
def time_short(when: datetime) -> str:
    """A time beside others of some days, as a time element; its title tells the whole time."""
    return SafeString(rows.time_element(when, names.short(when), names.absolute(when), True))


register.filter("brief_day", names.brief_day)


@register.filter
def headline_text(article: Article) -> str:
    """What stands over an article, also over one without a title."""
    return rows.headline_of(article.title, article.excerpt)


@register.filter
def title_of(row: Row) -> str:
    """What stands over a row."""
    return rows.headline_of(row.title, row.excerpt)


@register.filter
def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return names.direction(language or "en")


@register.filter
def monogram(name: str) -> str:
    """One or two letters for a publisher."""
    return names.monogram(name)


@register.filter
def country_name(code: str) -> str:
    """A country's name in the reader's language."""
    return names.country(code)


@register.filter
def language_in_words(code: str) -> str:
    """A language's name in the reader's language."""
    return names.language(code)


@register.filter
def section_name(key: str) -> str:
    """A section's name in the reader's language."""
    return names.section(key)


@register.filter
def medium_name(key: str) -> str:
    """A kind of medium in the reader's language."""
    return names.medium(key)


@register.filter
def weekday(when: datetime) -> str:
    """A date with its weekday."""
    return names.weekday(when)


register.filter("whole_day", names.whole_day)


@register.filter
def quality_sentence(quality: str) -> str:
    """A sentence for an article that is not whole; nothing for one that is."""
    return "" if quality == Quality.FULL else str(names.QUALITY_SENTENCES.get(quality, quality))


@register.simple_tag
def gettext_of(sentence: str) -> str:
    """A sentence of a lower floor in the reader's language; `web/translations.py` collects them."""
    return gettext(sentence)


@register.simple_tag
def why(reason: str, detail: str) -> SafeString:
    """Why something was not read: in English the whole sentence, in another language the kind of fault before it."""
    if (get_language() or "en").startswith("en"):
        return format_html("{}", detail or cause(reason))
    return format_html('{} <span class="meta" lang="en" dir="ltr">{}</span>', gettext(cause(reason)), detail)


@register.simple_tag
def marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """A text with the characters of some spans (in order, apart from each other) marked."""
    parts, position = [], 0
    for start, end in spans:
        parts.append(format_html("{}<mark>{}</mark>", text[position:start], text[start:end]))
        position = end
    return mark_safe("".join(parts) + conditional_escape(text[position:]))  # noqa: S308 - each part is escaped


@register.filter
def length_of_time(seconds: int | None) -> str:
    """The length of a recording."""
    return names.length(seconds) if seconds else ""


@register.simple_tag
def picture(shown: Picture, alternative: str = "", is_lazy: bool = True, sizes: str = LEAD_SIZES) -> str:
    """A stored picture as an img element with all its widths; it says its size, so that nothing jumps."""
    widths = sorted(shown.sizes) or [shown.width or 0]
    candidates = ", ".join(f"{picture_address(shown, width)} {width}w" for width in widths)
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} decoding="async">',
        picture_address(shown, widths[-1]),
        candidates,
        sizes,
        shown.width or "",
        shown.height or "",
        alternative,
        SafeString(' loading="lazy"' if is_lazy else ' fetchpriority="high"'),
    )


def picture_address(shown: Picture, width: int) -> str:
    """The address of one width of a stored picture."""
    return f"/pictures/{shown.name}-{width}.webp"


@register.simple_tag
def comment_text(text: str) -> str:
    """A comment's text as paragraphs, escaped, its web addresses as links that vouch for nothing."""
    pieces = [_segment(segment) for segment in links.segments(text)]
    # Each piece is escaped; line breaks are all that is added.
    return mark_safe("".join(pieces).replace("\n\n", "</p><p>").replace("\n", "<br>").join(("<p>", "</p>")))  # noqa: S308


@register.filter
def flag_reason(value: str) -> str:
    """What a reader objects to, in words."""
    return str(dict(forms.FLAG_REASONS).get(value, value))  # type: ignore[call-overload]


@register.filter
def purpose_word(value: str) -> str:
    """What a model was asked for, in the reader's language."""
    return str(LABELS.get(value, value))


@register.filter
def outcome_word(value: str) -> str:
    """How a call to the model ended, in the reader's language."""
    return str(OUTCOMES.get(value, value))


@register.filter
def decision_word(value: str) -> str:
    """A verdict's decision, in a word."""
    return str(names.DECISIONS.get(value, value))


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The page's own query string with some parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def _segment(segment: links.Segment) -> str:
    if not segment.href:
        return conditional_escape(segment.text)
    return format_html('<a href="{}" rel="nofollow ugc noopener noreferrer">{}</a>', segment.href, segment.text)


def _actor(context: template.Context) -> Callable[[Row], str]:
    """Writes what a signed-in reader can do with a row; nothing for a visitor."""
    if not context["user"].is_authenticated:
        return lambda row: ""
    actions = get_template("parts/row_actions.html").template  # type: ignore[attr-defined]

    def act(row: Row) -> str:
        with context.push(row=row):
            return str(actions.nodelist.render(context))

    return act
