"""Decides whether an entry is an article that we have; it looks at keys and titles, never at the store or the network.

An article has keys: its address (and each other address that it was met under), and what a publisher's feeds call it.
The service gathers the keys of a whole document (`keys_of`), asks the store for all of them in one query, and hands
both to `identify`, which gives one decision for each entry. After a page was fetched, `settle_address` decides what
its real address means. What two keys say is believed in this order:

1. An address says who an article is, unless it is the site's front page or several different entries of one document
   share it (a podcast's home page, a live page).
2. A guid says it within one publisher, unless several different entries share it, or what it leads to has another
   address and another title or time: then the feed uses one guid again and again, and nothing may be swallowed.
3. Without either, the file beside the entry or, last, its address, title and day together.

A removed article keeps its keys: what leads to it does not come back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from itertools import combinations

from octavo.core.reading.urls import identity_key, is_home_page
from octavo.core.types import Entry, Note

# Share of words (of the shorter title) that two titles of one article have in common at least. Headlines are edited;
# two articles of one publisher rarely share half of their words.
SIMILAR_TITLES = 0.5
# One document may tell an article under its old and its new headline, but hardly under more.
MOST_HEADLINES = 3
# An edited headline often brings a new address, but keeps the time of publication, give or take a feed's manners.
SAME_TIME = timedelta(hours=6)
# A feed's `updated` counts as news of an article when it moved by more than this; generators jitter by seconds.
UPDATE_STEP = timedelta(minutes=1)
# `updated` of all entries within this span tells when the feed was written, not when an article was.
STAMPED_SPAN = timedelta(minutes=10)
DIGEST_BYTES = 16

# All bounded, so that a text made to be slow (`<<<<…`, `1,1,1,…`) is read in linear time.
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
# What changes in a text by itself: ages and counters.
_TICKING = re.compile(
    r"\b\d[\d.,]{0,15}\s{0,3}(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\s+ago\b"
    r"|\b\d[\d.,]{0,15}\s{0,3}(?:comments?|views?|likes?|shares?|points?|votes?|reads?)\b"
    r"|\bupdated\s{0,3}:?\s{0,3}\d{1,2}[:.]\d{2}\b",
    re.IGNORECASE,
)


class KeyKind(StrEnum):
    """What a key was made from."""

    URL = "url"
    GUID = "guid"
    FILE = "file"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Key:
    """One name of an article, fixed in length: `kind:digest`. Addresses hold everywhere, the others in one publisher."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows under a key.

    `content_hash` and `updated` are those of the entry as the same feed told it last, empty where this feed has not told
    it before: two feeds of a publisher may cut one article differently. `is_removed`: retention took the article and left
    its identity. `file` is the address of the first enclosure. `first_seen` decides which of two articles stays when they turn out to be one.
    """

    article: str
    title: str = ""
    url: str = ""
    file: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    first_seen: datetime | None = None
    content_hash: str = ""
    is_removed: bool = False


class Verdict(StrEnum):
    """What an entry is."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REPEAT = "repeat"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class IdentityDecision:
    """What to do with one entry.

    `article` is the known article's id ('' for a new one). `learn` are the keys to store for it. `absorb` are ids of
    articles that turned out to be the same one and are to be joined to it. For a REPEAT, `same_as` is the position of
    the entry in the document that stands for both.
    """

    position: int
    verdict: Verdict
    article: str = ""
    learn: tuple[Key, ...] = ()
    absorb: tuple[str, ...] = ()
    content_hash: str = ""
    same_as: int | None = None
    notes: tuple[Note, ...] = ()


class AddressVerdict(StrEnum):
    """What the real address of a page means."""

    KEEP = "keep"
    LEARN = "learn"
    JOIN = "join"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class AddressDecision:
    """What to do after a page told its address: keys to learn, and for JOIN who stays and who is absorbed."""

    verdict: AddressVerdict
    article: str
    learn: tuple[Key, ...] = ()
    absorb: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def keys_of(entry: Entry, publisher: str) -> tuple[Key, ...]:
    """Every key that an entry may be known under, the most telling first. `publisher` is any stable id.

    Ask the store for all of them; which of them count is decided by `identify` in view of the whole document.
    """
    keys = []
    if entry.url:
        keys.append(url_key(entry.url))
    if entry.guid:
        keys.append(_key(KeyKind.GUID, publisher, entry.guid))
    if not entry.url and entry.enclosures:
        keys.append(_key(KeyKind.FILE, publisher, identity_key(entry.enclosures[0].url)))
    return (*keys, _last_resort(entry, publisher))


def url_key(url: str) -> Key:
    """The key of an address, the same for all its spellings."""
    return _key(KeyKind.URL, identity_key(url))


def content_hash(entry: Entry) -> str:
    """A digest of what a reader would see of an entry: title, texts without markup, address, files.

    Markup, times, ages (`3 hours ago`), counters and campaign marks are left out, since they change by themselves.
    """
    texts = (_seen(entry.title), _seen(entry.summary), _seen(entry.content))
    files = sorted(identity_key(one.url) for one in entry.enclosures)
    return _digest(*texts, identity_key(entry.url) if entry.url else "", *files)


def are_similar(first: str, second: str) -> bool:
    """Whether two titles may belong to one article; an empty title belongs to any."""
    a, b = set(_WORD.findall(first.lower())), set(_WORD.findall(second.lower()))
    if not a or not b:
        return True
    return len(a & b) / min(len(a), len(b)) >= SIMILAR_TITLES


def identify(entries: Sequence[Entry], known: Mapping[Key, Known], publisher: str) -> tuple[IdentityDecision, ...]:
    """One decision for each entry of a document, in its order.

    `known` holds what the store has under any of the keys that `keys_of` gives. Running it again with what it taught
    gives no new article; the order of the entries decides nothing but their positions.
    """
    usable = _usable_keys(entries, publisher)
    stamps_count = _stamps_count(entries)
    decisions: list[IdentityDecision] = [IdentityDecision(0, Verdict.NEW)] * len(entries)
    for group in _groups(entries, usable):
        lead = max(group, key=lambda position: _standing(entries[position]))
        keys = tuple(dict.fromkeys(key for one in (lead, *group) for key in usable[one]))
        decided = _decide(lead, entries[lead], keys, known, publisher, stamps_count)
        decisions[lead] = decided
        for position in group:
            if position != lead:
                decisions[position] = IdentityDecision(position, Verdict.REPEAT, decided.article, same_as=lead)
    return _once_each(decisions, entries)


def settle_address(article: Known, addresses: Iterable[str], known: Mapping[Key, Known]) -> AddressDecision:
    """What the final and the canonical address of an article's page mean for its identity.

    A front page, or a page that another article with another title lives at, is no article's address: publishers
    point whole sites at one canonical address by mistake. Otherwise the key is learnt, and when it leads to another
    article, the one that was seen first stays and absorbs the other. A removed one stays removed.
    """
    learn: list[Key] = []
    others: dict[str, Known] = {}
    notes: list[Note] = []
    for address in dict.fromkeys(addresses):
        if is_home_page(address):
            notes.append(Note("canonical-home", f"{address} is a front page, not the article's address"))
            continue
        other = known.get(url_key(address))
        if other is None:
            learn.append(url_key(address))
        elif other.article != article.article:
            if other.is_removed or are_similar(article.title, other.title):
                others[other.article] = other
            else:
                notes.append(Note("canonical-shared", f"{address} is the address of {other.title!r} already"))
    return _settled(article, tuple(dict.fromkeys(learn)), tuple(others.values()), tuple(notes))


def _settled(
    article: Known, learn: tuple[Key, ...], others: tuple[Known, ...], notes: tuple[Note, ...]
) -> AddressDecision:
    """The decision once it is known which other articles are this one."""
    removed = next((one for one in others if one.is_removed), None)
    if removed is not None:
        return AddressDecision(AddressVerdict.REMOVED, removed.article, learn, (article.article,), notes)
    if others:
        stays, *rest = sorted((article, *others), key=_seniority)
        return AddressDecision(AddressVerdict.JOIN, stays.article, learn, tuple(one.article for one in rest), notes)
    return AddressDecision(AddressVerdict.LEARN if learn else AddressVerdict.KEEP, article.article, learn, (), notes)


# Which keys count in a document


def _usable_keys(entries: Sequence[Entry], publisher: str) -> list[tuple[Key, ...]]:
    """For each entry the keys that tell it from the others of its document, the most telling first."""
    offered = [keys_of(entry, publisher) for entry in entries]
    sharers: dict[Key, list[int]] = defaultdict(list)
    for position, keys in enumerate(offered):
        for key in keys:
            sharers[key].append(position)
    swallowing = {key for key, positions in sharers.items() if not _is_one_article(key, positions, entries)}
    return [_counting(entry, keys, swallowing) for entry, keys in zip(entries, offered, strict=True)]


def _is_one_article(key: Key, positions: list[int], entries: Sequence[Entry]) -> bool:
    """Whether the entries of one document that share a key are one article.

    Publishers list an article once a document; two entries are believed to be one only where all that they tell agrees.
    """
    if len(positions) < 2:
        return True
    shown = [entries[position] for position in positions]
    addresses = {identity_key(one.url) for one in shown if one.url}
    files = {identity_key(one.enclosures[0].url) for one in shown if one.enclosures}
    if len(addresses) > 1 or len(files) > 1:
        return False
    titles = sorted({_folded(one.title) for one in shown})
    if len(titles) == 1:
        return True
    if key.kind is not KeyKind.GUID or len(titles) > MOST_HEADLINES:
        return False
    return all(are_similar(first, second) for first, second in combinations(titles, 2))


def _counting(entry: Entry, keys: tuple[Key, ...], swallowing: set[Key]) -> tuple[Key, ...]:
    """The keys of one entry that count: those of its own, without the last resort where there is a better one."""
    is_front = bool(entry.url) and is_home_page(entry.url)
    kept = tuple(key for key in keys[:-1] if key not in swallowing and not (is_front and key.kind is KeyKind.URL))
    return kept or keys[-1:]


def _groups(entries: Sequence[Entry], usable: list[tuple[Key, ...]]) -> list[list[int]]:
    """Positions of entries that share a counting key, joined through any number of steps."""
    leader = list(range(len(entries)))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    first_with: dict[Key, int] = {}
    for position, keys in enumerate(usable):
        for key in keys:
            leader[find(position)] = find(first_with.setdefault(key, position))
    groups: dict[int, list[int]] = defaultdict(list)
    for position in range(len(entries)):
        groups[find(position)].append(position)
    return list(groups.values())


def _standing(entry: Entry) -> tuple[datetime, int, str]:
    """Which of several entries for one article speaks for it: the latest, then the longest."""
    latest = entry.updated or entry.published
    moment = latest.instant if latest else datetime.min.replace(tzinfo=UTC)
    return moment, len(entry.content) + len(entry.summary), f"{content_hash(entry)} {entry.guid} {entry.url}"


# What an entry is


def _decide(
    position: int, entry: Entry, keys: tuple[Key, ...], known: Mapping[Key, Known], publisher: str, stamps_count: bool
) -> IdentityDecision:
    """The decision for the entry that speaks for a group; `keys` are those of the whole group."""
    found, reused = _believed(entry, keys, known)
    notes = tuple(
        Note("key-reused", f"{entry.guid or entry.url:.120} named another article before") for _ in reused[:1]
    )
    learn = tuple(key for key in keys if key not in known)
    if not found and not learn:
        # Nothing of its own is left to know it by next time: the last resort has to do.
        resort = _last_resort(entry, publisher)
        found, learn = ([known[resort]], ()) if resort in known else ([], (resort,))
    digest = content_hash(entry)
    if not found:
        return IdentityDecision(position, Verdict.NEW, "", learn, (), digest, None, notes)
    stays, *rest = sorted(found, key=lambda one: (one.is_removed, *_seniority(one)))
    if stays.is_removed:
        return IdentityDecision(position, Verdict.REMOVED, stays.article, learn, (), digest, None, notes)
    verdict = Verdict.CHANGED if _has_changed(entry, stays, digest, stamps_count) else Verdict.SAME
    absorb = tuple(one.article for one in rest if not one.is_removed)
    return IdentityDecision(position, verdict, stays.article, learn, absorb, digest, None, notes)


def _believed(entry: Entry, keys: tuple[Key, ...], known: Mapping[Key, Known]) -> tuple[list[Known], list[Key]]:
    """The articles that an entry's keys lead to, each once, and the keys that are not believed."""
    found: dict[str, Known] = {}
    reused: list[Key] = []
    for key in keys:
        one = known.get(key)
        if one is None or one.article in found:
            continue
        if (key.kind is KeyKind.GUID and not _may_be(entry, one)) or _is_another_episode(entry, one):
            reused.append(key)
        else:
            found[one.article] = one
    return list(found.values()), reused


def _may_be(entry: Entry, one: Known) -> bool:
    """Whether an entry may be the article that its guid names: same address of its own, or like title at one time."""
    if entry.url and one.url and not is_home_page(entry.url) and identity_key(entry.url) == identity_key(one.url):
        return True
    if entry.published is None or one.published is None:
        return are_similar(entry.title, one.title)
    apart = abs(entry.published.instant - one.published)
    return not apart or (apart <= SAME_TIME and are_similar(entry.title, one.title))


def _is_another_episode(entry: Entry, one: Known) -> bool:
    """Whether an entry has another file than what is known, and another title or time: a show's page is no episode."""
    if not entry.enclosures or not one.file or identity_key(entry.enclosures[0].url) == identity_key(one.file):
        return False
    if entry.published is None or one.published is None:
        return not are_similar(entry.title, one.title)
    return abs(entry.published.instant - one.published) > SAME_TIME


def _has_changed(entry: Entry, one: Known, digest: str, stamps_count: bool) -> bool:
    """Whether an entry tells anything new of its article."""
    if one.content_hash and one.content_hash != digest:
        return True
    if not stamps_count or entry.updated is None or one.updated is None:
        return False
    return entry.updated.instant > one.updated + UPDATE_STEP


def _stamps_count(entries: Sequence[Entry]) -> bool:
    """Whether `updated` tells of articles: in some feeds it is the moment at which the feed was written."""
    stamps = [entry.updated.instant for entry in entries if entry.updated is not None]
    return len(stamps) < 2 or max(stamps) - min(stamps) > STAMPED_SPAN


def _once_each(decisions: list[IdentityDecision], entries: Sequence[Entry]) -> tuple[IdentityDecision, ...]:
    """Decisions in which one entry speaks for each known article: others that lead to it are repeats."""
    speakers: dict[str, int] = {}
    for decision in decisions:
        if decision.verdict in (Verdict.SAME, Verdict.CHANGED):
            held = speakers.get(decision.article, decision.position)
            speakers[decision.article] = max(held, decision.position, key=lambda at: _standing(entries[at]))
    return tuple(
        decision
        if decision.verdict not in (Verdict.SAME, Verdict.CHANGED) or speakers[decision.article] == decision.position
        else replace(decision, verdict=Verdict.REPEAT, same_as=speakers[decision.article])
        for decision in decisions
    )


# Digests


def _key(kind: KeyKind, *parts: str) -> Key:
    return Key(kind, f"{kind.value}:{_digest(*parts)}")


def _last_resort(entry: Entry, publisher: str) -> Key:
    """The key for what has no other: address, title (or the text) and day together."""
    title = _folded(entry.title) or _seen(entry.summary or entry.content)
    day = entry.published.instant.date().isoformat() if entry.published else ""
    file = identity_key(entry.enclosures[0].url) if entry.enclosures else ""
    return _key(KeyKind.DIGEST, publisher, entry.url.strip(), title, day, file)


def _digest(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=DIGEST_BYTES).hexdigest()


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _seen(markup: str) -> str:
    """What a reader sees of a text: no tags, white space folded, nothing that ticks."""
    return " ".join(_TICKING.sub(" ", _TAG.sub(" ", markup)).split())


def _seniority(one: Known) -> tuple[datetime, str]:
    """The article that was seen first comes first."""
    return one.first_seen or datetime.max.replace(tzinfo=UTC), one.article
