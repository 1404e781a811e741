"""Takes in what a feed says: entries become articles, known ones are told apart from changed ones; nothing is fetched.

Everything that one document brings is written by its caller's one transaction, table by table and never entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

from django.db.models import F

from octavo.core.reading import choice, urls
from octavo.core.reading.identity import IdentityDecision, Key, Known, Verdict, identify, keys_of
from octavo.core.reading.sections import section_of_address, section_of_categories
from octavo.core.types import Enclosure as File
from octavo.core.types import Entry as Told
from octavo.core.types import FeedDocument, Quality
from octavo.services import joining, publishers
from octavo.services.moments import moment_as_json
from octavo.sources.fields import plain
from octavo.store.models import Article, Enclosure, Entry, Feed, Identity, Page, Publisher

T = TypeVar("T")

TITLE_LENGTH = 500
EXCERPT_LENGTH = 300
URL_LENGTH = 2000
GUID_LENGTH = 700
NAME_LENGTH = 300
MOST_CATEGORIES = 40
# How many keys one query asks for: SQLite takes 32,766 parameters.
KEYS_A_QUERY = 5000
ENTRY_FIELDS = (
    "guid", "url", "title", "authors", "summary", "content", "image_url", "categories", "published", "updated_at",
    "content_hash", "notes", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a document brought: new articles, changed ones, and the time of the newest entry that tells one."""

    new: int = 0
    changed: int = 0


NOTHING = Arrival()


@dataclass(frozen=True, slots=True)
class _Case:
    """One entry with the decision on it."""

    told: Told
    decision: IdentityDecision


def arrive(feed: Feed, document: FeedDocument, now: datetime) -> Arrival:
    """Saves a document's entries. Call it inside the transaction that saves the poll; IntegrityError: run it again."""
    entries = [tidy(entry) for entry in document.entries]
    publisher = str(feed.publisher_id)
    keys = {key.value: key for entry in entries for key in keys_of(entry, publisher)}
    rows = _entry_rows(feed, keys)
    files = _first_files(rows) if any(entry.enclosures for entry in entries) else {}
    decisions = identify(entries, _known(keys, rows, files), publisher)
    cases = [_Case(entries[decision.position], decision) for decision in decisions]
    created = _create(feed, document, [c for c in cases if c.decision.verdict is Verdict.NEW], now)
    met = [c for c in cases if c.decision.verdict in (Verdict.SAME, Verdict.CHANGED)]
    changed = _meet(feed, met, rows, now)
    _learn(cases, created)
    for case in met:
        for other in case.decision.absorb:
            joining.absorb(int(case.decision.article), int(other), now)
    return Arrival(len(created), changed)


def tidy(entry: Told) -> Told:
    """An entry with its address in the form that is stored and fetched, and without what no database takes."""
    url = urls.normalise(entry.url) if entry.url else ""
    return replace(
        entry,
        url=storable(url),
        guid=storable(entry.guid),
        title=storable(entry.title),
        summary=storable(entry.summary),
        content=storable(entry.content),
    )


def storable(text: str) -> str:
    """Text without NUL and lone surrogates, which PostgreSQL or SQLite refuse."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _entry_rows(feed: Feed, keys: Iterable[str]) -> dict[int, Entry]:
    """This feed's own rows for the articles that the keys may lead to, by article."""
    articles: set[int] = set()
    for chunk in _chunks(keys):
        articles.update(Identity.objects.filter(key__in=chunk, article__isnull=False).values_list("article", flat=True))
    found: dict[int, Entry] = {}
    for some in _chunks(articles):
        rows = Entry.objects.filter(feed=feed, article_id__in=some).only("article", "content_hash", "updated_at")
        found |= {row.article_id: row for row in rows}
    return found


def _first_files(articles: Iterable[int]) -> dict[int, str]:
    """The address of each article's first file, for those that have one."""
    found: dict[int, str] = {}
    for chunk in _chunks(articles):
        rows = Enclosure.objects.filter(article_id__in=chunk).order_by("-id")
        found |= dict(rows.values_list("article_id", "url"))
    return found


def _known(keys: Mapping[str, Key], rows: Mapping[int, Entry], files: Mapping[int, str]) -> dict[Key, Known]:
    """What the store has under the keys. Content is compared with what this feed said, never with another's wording."""
    known: dict[Key, Known] = {}
    for chunk in _chunks(keys):
        found = Identity.objects.filter(key__in=chunk).select_related("article")
        for identity in found.only(
            "key", "article__title", "article__url", "article__published_at", "article__arrived_at"
        ):
            known[keys[identity.key]] = known_of(identity, rows, files)
    return known


def known_of(identity: Identity, rows: Mapping[int, Entry], files: Mapping[int, str]) -> Known:
    """An identity as the decisions see it; one without article was removed by retention."""
    article = identity.article
    if article is None:
        return Known(article=f"removed:{identity.pk}", is_removed=True)
    row = rows.get(article.pk)
    return Known(
        article=str(article.pk),
        title=article.title,
        url=article.url,
        file=files.get(article.pk, ""),
        published=article.published_at,
        updated=row.updated_at if row else None,
        first_seen=article.arrived_at,
        content_hash=row.content_hash if row else "",
    )


def _create(feed: Feed, document: FeedDocument, cases: Sequence[_Case], now: datetime) -> dict[int, Article]:
    """New articles with their pages and entries, by position; the last of a feed first, so that ids follow time."""
    ordered = list(reversed(cases))
    owners = publishers.of_sites((case.told.url for case in ordered), feed.publisher)
    articles = Article.objects.bulk_create(
        new_article(feed, owners.get(publishers.site_key(case.told.url), feed.publisher), document, case.told, now)
        for case in ordered
    )
    pairs = list(zip(ordered, articles, strict=True))
    Page.objects.bulk_create(
        Page(article=article, url=article.url, host=host_of_page(article.url), due_at=now) for article in articles
    )
    Entry.objects.bulk_create(entry_row(feed, article, case, now) for case, article in pairs)
    Enclosure.objects.bulk_create(
        (row for case, article in pairs for row in enclosure_rows(article.pk, case.told.enclosures)),
        ignore_conflicts=True,
    )
    return {case.decision.position: article for case, article in pairs}


def new_article(feed: Feed, publisher: Publisher, document: FeedDocument, told: Told, now: datetime) -> Article:
    """An article as the feed alone tells it; its page tells the rest."""
    article = Article(
        publisher=publisher,
        feed=feed,
        url=told.url[:URL_LENGTH],
        title=told.title[:TITLE_LENGTH],
        excerpt=plain(told.summary or told.content, EXCERPT_LENGTH),
        authors=list(told.authors),
        arrived_at=now,
        language=(told.language or feed.language or document.language or publisher.language)[:16],
        country=publisher.country,
        section=feed.section or section_of_categories(told.categories) or section_of_address(told.url),
        image_url=told.image_url[:URL_LENGTH],
    )
    article.published, article.published_from = choice.settle_time(told.published, None, now)
    article.sort_at = choice.sort_time(article.published, now)
    return article


def entry_row(feed: Feed, article: Article, case: _Case, now: datetime) -> Entry:
    """What the feed says of an article, as a row."""
    row = Entry(feed=feed, article=article, first_seen_at=now)
    fill(row, case, now)
    return row


def fill(row: Entry, case: _Case, now: datetime) -> None:
    """Puts what an entry says now into its row."""
    told = case.told
    row.guid, row.url, row.title = told.guid[:GUID_LENGTH], told.url[:URL_LENGTH], told.title[:TITLE_LENGTH]
    row.authors = list(told.authors)
    row.summary, row.content = told.summary, told.content
    row.image_url = told.image_url[:URL_LENGTH]
    row.categories = list(told.categories[:MOST_CATEGORIES])
    row.published = moment_as_json(told.published)
    row.updated_at = told.updated.instant if told.updated else None
    row.content_hash = case.decision.content_hash
    row.notes = [{"kind": note.kind, "detail": note.detail[:300]} for note in (*told.notes, *case.decision.notes)]
    row.changed_at = now


def enclosure_rows(article: int, files: Iterable[File]) -> Iterator[Enclosure]:
    """The files beside an article, as rows."""
    for one in files:
        yield Enclosure(
            article_id=article,
            url=one.url[:URL_LENGTH],
            type=one.type[:100],
            length=one.length,
            duration=one.duration,
            title=one.title[:NAME_LENGTH],
        )


def host_of_page(url: str) -> str:
    """The host and port of an address, as pages are dealt out; '' where there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()[:260]
    except ValueError:
        return ""


def _meet(feed: Feed, cases: Sequence[_Case], rows: Mapping[int, Entry], now: datetime) -> int:
    """Known articles: a changed entry is written down and its page read again; an unchanged one costs nothing."""
    fresh = [case for case in cases if int(case.decision.article) not in rows]
    changed = [case for case in cases if case.decision.verdict is Verdict.CHANGED and case not in fresh]
    for case in changed:
        fill(rows[int(case.decision.article)], case, now)
    Entry.objects.bulk_update([rows[int(case.decision.article)] for case in changed], ENTRY_FIELDS, batch_size=50)
    _meet_elsewhere(feed, fresh, now)
    ids = [int(case.decision.article) for case in changed]
    _retitle(feed, changed)
    read_again(ids, now)
    return len(ids)


def _meet_elsewhere(feed: Feed, cases: Sequence[_Case], now: datetime) -> None:
    """Articles that another feed brought: this feed's words are kept too, and may be the better text."""
    found = Article.objects.in_bulk([int(case.decision.article) for case in cases])
    pairs = [(case, found[int(case.decision.article)]) for case in cases if int(case.decision.article) in found]
    Entry.objects.bulk_create((entry_row(feed, article, case, now) for case, article in pairs), ignore_conflicts=True)
    read_again([a.pk for case, a in pairs if case.told.content and a.quality not in ("", Quality.FULL.value)], now)


def _retitle(feed: Feed, cases: Sequence[_Case]) -> None:
    """Gives changed articles the headline that their publisher's feed tells now; their version follows with the page.

    Another publisher's feed that names the article does not word its headline.
    """
    titles = {int(case.decision.article): case.told.title[:TITLE_LENGTH] for case in cases if case.told.title}
    own = Article.objects.filter(pk__in=titles, publisher=feed.publisher_id).only("title")
    stale = [article for article in own if article.title != titles[article.pk]]
    for article in stale:
        article.title = titles[article.pk]
    Article.objects.bulk_update(stale, ["title"], batch_size=200)


def read_again(articles: Sequence[int], now: datetime) -> None:
    """Has pages read again. Whoever reads one now read what was there before: the claim is fenced off."""
    if articles:
        Page.objects.filter(article_id__in=articles).update(
            due_at=now, attempts=0, claim=F("claim") + 1, claimed_until=None, claimed_by=""
        )


def _learn(cases: Sequence[_Case], created: Mapping[int, Article]) -> None:
    """Stores the keys that articles, and removed ones, are known under from now on."""
    rows: dict[str, Identity] = {}
    removed: dict[str, tuple[Key, ...]] = {}
    for case in cases:
        decision = case.decision
        if decision.verdict is Verdict.REMOVED:
            removed[decision.article] = decision.learn
            continue
        article = created[decision.position].pk if decision.position in created else decision.article
        if article:
            rows |= {key.value: Identity(key=key.value, article_id=int(article)) for key in decision.learn}
    Identity.objects.bulk_create(rows.values())
    joining.learn_removed(removed)


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, KEYS_A_QUERY)):
        yield chunk
