"""Tells stories by cited sentences of their articles, after folding; it writes no sentence and folds nothing.

Every sentence is a passage of a stored version, kept with its place. Stories that changed are told again, the hottest
first, then those that were told by other rules, for a second at a time, so that folding never waits long for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from octavo.core.folding.coverage import heat
from octavo.core.folding.kinds import Kind
from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.summary import STORY_TEXTS, Told, story_summary
from octavo.core.types import Article as Text
from octavo.core.types import Quality
from octavo.services import accounts, receipts, rules, views
from octavo.services.leases import Held
from octavo.services.placing import fence
from octavo.services.receipts import Passage
from octavo.store.models import Article, ArticleVersion, Story, StorySentence, StoryTelling
from octavo.store.stories import MOST_COVERAGE

log = logging.getLogger(__name__)

Part = TypeVar("Part")

# What tells otherwise, or is stored in another form, has another number: the worker then tells again what it has told. Until
# it has, pages read what was stored by the number before.
RULES: Final = "1"
# The name under which services/rules.py keeps by which rules stories were told.
STATE: Final = "stories told"
# Older stories are told when somebody asks for a brief that has them; nobody else meets them in lists.
TOLD_FOR: Final = timedelta(days=2)
# Stories asked for at once, and the seconds after which the others wait for the next round.
STEP: Final = 8
ROUND_SECONDS: Final = 1.0


def catch_up(held: Held, seconds: float = ROUND_SECONDS) -> bool:
    """Tells stories of several articles that changed, then those told by other rules; whether some are left for the next round.

    DeskTaken where another process holds the desk by now.
    """
    until = time.monotonic() + seconds
    # Asked before anything is told, so that what is told from here on is not told twice.
    below = rules.left_below(STATE, RULES, _newest_told)
    return _tell_changed(held, until) or _tell_anew(held, below, until)


def _tell_changed(held: Held, until: float) -> bool:
    while stories := changed(STEP):
        for story in stories:
            tell(held, story)
            if time.monotonic() > until:
                return True
    return False


def _tell_anew(held: Held, below: int, until: float) -> bool:
    """Tells again the stories below a number that were told, the newest first; old ones too, whose pages show it still."""
    while below:
        story = _told().filter(pk__lt=below).first()
        if story is not None:
            tell(held, story)
        below = story.pk if story else 0
        rules.note(STATE, RULES, below)
        if time.monotonic() > until:
            return below > 0
    return False


def _newest_told() -> int | None:
    return _told().values_list("pk", flat=True).first()


def _told() -> QuerySet[Story]:
    """The stories that were told, the newest first."""
    return Story.objects.filter(told_at__isnull=False, article_count__gt=0).order_by("-pk").defer("why")


def changed(most: int) -> list[Story]:
    """The hottest stories of several articles that changed since they were told; one query along an index."""
    since = heat(1, timezone.now() - TOLD_FOR)
    stories = Story.objects.filter(heat__gte=since, article_count__gt=1).filter(is_untold())
    return list(stories.order_by("-heat", "-id").defer("why")[:most])


def is_untold() -> Q:
    """Whether a story's summary is of an earlier state of it, or was never made."""
    return Q(told_at=None) | Q(told_at__lt=F("changed_at"))


def tell(held: Held, story: Story) -> None:
    """Tells one story anew; three queries to read and one short transaction."""
    versions = _versions(story)
    texts = [_text(version) for version in versions]
    beside = _beside(story)
    wrong = receipts.corrected(beside.numbers)
    without = {(place, end) for place, one in enumerate(versions) for key, end in wrong if key == one.article_id}
    told = _part(story, "a summary", lambda: story_summary(texts, without=without), list[Told]())
    sentences = [_sentence(story, place, one, versions[one.text]) for place, one in enumerate(told)]
    with transaction.atomic():
        fence(held)
        _replace(story, sentences, beside)


def _beside(story: Story) -> StoryTelling:
    """What is told of a story beside its summary, not yet saved."""
    read = accounts.read(story)
    return StoryTelling(
        story=story,
        numbers=_part(story, "its numbers", lambda: receipts.numbers(read), list[Any]()),
        timeline=_part(story, "its timeline", lambda: receipts.timeline(read), list[Any]()),
        quotes=_part(story, "its quotes", lambda: receipts.quotes(read), list[Any]()),
        views=_part(story, "its views", lambda: views.told(read), dict[str, Any]()),
    )


def _part(story: Story, what: str, tell_it: Callable[[], Part], nothing: Part) -> Part:
    """A part of what is told of a story; nothing where its texts cannot be told, which stops no other part or story."""
    try:
        return tell_it()
    except Exception:
        log.exception("Story %d could not be told and stands without %s; please report this.", story.pk, what)
        return nothing


def _sentence(story: Story, place: int, told: Told, version: ArticleVersion) -> StorySentence:
    start = told.start + behind_dateline(version.text[told.start : told.end])
    text = version.text[start : told.end]
    return StorySentence(story=story, place=place, version=version, start=start, end=told.end, text=text)


def _replace(story: Story, sentences: Sequence[StorySentence], beside: StoryTelling) -> None:
    """Puts what is told in the place of what was told earlier, unless story or texts have gone meanwhile.

    What is noted as told is the state that was read: what came since makes the story told again.
    """
    if not Story.objects.select_for_update(of=("self",)).filter(pk=story.pk).exists():
        return
    cited = ArticleVersion.objects.select_for_update().filter(pk__in=[one.version_id for one in sentences])
    here = set(cited.order_by("pk").values_list("pk", flat=True))
    StorySentence.objects.filter(story=story).delete()
    StorySentence.objects.bulk_create([one for one in sentences if one.version_id in here])
    StoryTelling.objects.bulk_create(
        [beside],
        update_conflicts=True,
        unique_fields=["story"],
        update_fields=["numbers", "timeline", "quotes", "views"],
    )
    Story.objects.filter(pk=story.pk).update(told_at=story.changed_at)


def _versions(story: Story) -> Sequence[ArticleVersion]:
    """The texts that a story is told from, in one language.

    Its headline's first, then reports, whole ones, those of their own, the newest.
    """
    articles = Article.objects.filter(story=story, version__isnull=False).exclude(version__text="")
    columns = ("id", "version", "placement__kind", "quality", "placement__copy_of", "language")
    facts = list(articles.order_by("-sort_at", "-id").values_list(*columns)[:MOST_COVERAGE])
    here = {key for key, *_ in facts}
    facts.sort(key=lambda one: _rank(one, story.headline_id, here))
    chosen = [version for _, version, *_, language in facts if language == facts[0][-1]][:STORY_TEXTS]
    found = ArticleVersion.objects.select_related("article").defer("html").in_bulk(chosen)
    return [found[key] for key in chosen if key in found]


def _rank(facts: Sequence[Any], headline: int | None, here: set[int]) -> tuple[bool, bool, bool, bool]:
    """Where an article stands among those that tell its story; what is false comes first."""
    key, _version, kind, quality, copy_of, _language = facts
    return key != headline, (kind or Kind.REPORT) != Kind.REPORT, quality != Quality.FULL, copy_of in here


def _text(version: ArticleVersion) -> Text:
    """A version as the engines see it."""
    article = version.article
    return Text(str(article.pk), version.title or article.title, version.text, language=article.language)


def summaries(stories: Iterable[int]) -> dict[int, list[Passage]]:
    """The cited sentences of stories, in their order, without those of an article that has left its story since; one query."""
    told = StorySentence.objects.filter(story__in=list(stories), version__article__story=F("story"))
    rows = told.order_by("story", "place")
    found: dict[int, list[Passage]] = {}
    for row in rows.select_related("version__article__publisher").defer("version__text", "version__html"):
        found.setdefault(row.story_id, []).append(receipts.cited(row.version, row.start, row.end, row.text))
    return found


def beside(story: int) -> StoryTelling | None:
    """What is told of a story beside its summary, as it was told last; one query."""
    return StoryTelling.objects.filter(pk=story).first()


def prune(stories: Collection[int]) -> None:
    """Takes the passages of articles that have gone out of what was told of some stories; two queries and a statement.

    To be called inside the transaction in which they go: what is removed shall stand nowhere.
    """
    here: dict[int, set[int]] = {story: set() for story in stories}
    for story, article in Article.objects.filter(story__in=stories).order_by().values_list("story", "pk"):
        here[story].add(article)
    told = list(StoryTelling.objects.filter(pk__in=stories))
    for one in told:
        one.numbers = receipts.numbers_here(one.numbers, here[one.pk])
        one.timeline = receipts.timeline_here(one.timeline, here[one.pk])
        one.quotes = receipts.quotes_here(one.quotes, here[one.pk])
        one.views = {"languages": kept} if (kept := views.here(one.views, here[one.pk])) else {}
    StoryTelling.objects.bulk_update(told, ["numbers", "timeline", "quotes", "views"])
