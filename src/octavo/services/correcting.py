"""Decides what people's corrections say of each pair of articles now, and what follows for those that have left the desk.

What is said last of two articles holds; a correction that is taken back counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from octavo.core.folding.desk import Moved
from octavo.core.folding.stories import free_name
from octavo.store.models import Article, Correction, Story

# Corrections that are acted on in one transaction.
BATCH: Final = 20

Pair = tuple[int, int]
Said = tuple[str, str, bool | None]


def are_due() -> bool:
    """Whether there are corrections that nobody has acted on; one query along an index."""
    return Correction.objects.filter(applied_at=None).exists()


def due() -> list[Correction]:
    """The corrections to be acted on next, the oldest first."""
    return list(Correction.objects.filter(applied_at=None).order_by("id")[:BATCH])


def said_of(corrections: Iterable[Correction]) -> list[Said]:
    """What holds now of every pair that some corrections name: together, apart, or nothing any more."""
    now = standing()
    pairs = dict.fromkeys(pair for correction in corrections for pair in pairs_of(correction))
    return [(str(left), str(right), now.get((left, right))) for left, right in pairs]


def standing() -> dict[Pair, bool]:
    """Whether each pair of articles that people spoke of belongs together, by what was said last."""
    rows = Correction.objects.filter(withdrawn_at=None, article__isnull=False).order_by("id")
    return {pair: row.verb == Correction.Verb.TOGETHER for row in rows for pair in pairs_of(row)}


def pairs_of(correction: Correction) -> list[Pair]:
    """The pairs of articles that a correction is about, the smaller number first."""
    article = correction.article_id
    if article is None:
        return []
    return [(min(article, other), max(article, other)) for other in correction.others if other != article]


def beyond(said: Sequence[Said], moved: Sequence[Moved]) -> list[Moved]:
    """Moves for what is said and the stories still contradict, because an article has left the window.

    Apart: the later article founds a story. Together: the later article's story becomes part of the earlier one's.
    """
    stories = _stories(said) | {one.article: one.after for one in moved}
    further: list[Moved] = []
    for left, right, together in said:
        if together is None or left not in stories or right not in stories:
            continue
        if (stories[left] == stories[right]) != together:
            going = _story_of(stories[right], stories) if together else [right]
            after = stories[left] if together else _free(right)
            further += [Moved(article, stories.get(article, stories[right]), after) for article in going]
            stories |= dict.fromkeys(going, after)
    return further


def named_again(moved: Sequence[Moved]) -> list[Moved]:
    """Moves in which a story that comes apart from another, as after a join is taken back, has its old name and address.

    A new story is one that was emptied into the story from which it comes, where it holds most of what is still known of
    that one. Two queries at most.
    """
    new = {one.after for one in moved}
    new -= set(Story.objects.filter(name__in=new).values_list("name", flat=True))
    story_of = {one.article: one.after for one in moved if one.after in new}
    left = {one.before for one in moved if one.after in new}
    emptied = (
        Story.objects.filter(heat=None, merged_into__name__in=left).order_by("id") if left else Story.objects.none()
    )
    again: dict[str, str] = {}
    for name, why in emptied.values_list("name", "why"):
        known = _known_of(name, why)
        after, held = Counter(story_of.get(article) for article in known).most_common(1)[0]
        if after is not None and held * 2 > len(known):
            again.setdefault(after, name)
    return [Moved(one.article, one.before, again.get(one.after, one.after)) for one in moved]


def _known_of(name: str, why: Mapping[str, Any]) -> set[str]:
    """The articles that are known to have stood in a story: those of its strongest links, else the one that founded it.

    The founder alone does not tell, since a story keeps its name where its founder goes to another.
    """
    linked = {str(link[side]) for link in why.get("links", ()) for side in ("left", "right")}
    return linked or {name.partition("~")[0]}


def _stories(said: Sequence[Said]) -> dict[str, str]:
    """The names of the stories in which the articles stand; one query."""
    ids = {int(article) for left, right, _ in said for article in (left, right)}
    rows = Article.objects.filter(pk__in=ids, story__isnull=False).order_by()
    return {str(article): story for article, story in rows.values_list("pk", "story__name")}


def _story_of(name: str, stories: dict[str, str]) -> list[str]:
    """The articles that stand in a story, those moved just now counted where they are."""
    rows = Article.objects.filter(story__name=name).order_by("pk").values_list("pk", flat=True)
    stored = [str(article) for article in rows if stories.get(str(article), name) == name]
    return list(dict.fromkeys([*stored, *(article for article, story in stories.items() if story == name)]))


def _free(article: str) -> str:
    """A name for the story that an article founds."""
    return free_name(article, lambda name: Story.objects.filter(name=name, heat__isnull=False).exists())
