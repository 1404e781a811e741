"""An entry seen twice is one article; nothing is swallowed, nothing comes back."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core.reading.identity import (
    AddressVerdict,
    Key,
    KeyKind,
    Known,
    Verdict,
    are_similar,
    content_hash,
    identify,
    keys_of,
    settle_address,
    url_key,
)
from octavo.core.types import Enclosure, Entry, Moment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Shelf:
    """A store in memory that does what decisions say."""

    def __init__(self) -> None:
        self.keys: dict[Key, str] = {}
        self.articles: dict[str, Known] = {}
        self.feed_hashes: dict[tuple[str, str], tuple[str, datetime | None]] = {}

    def read(self, *entries: Entry, publisher: str = "gazette", feed: str = "main") -> list[Verdict]:
        asked = {key for entry in entries for key in keys_of(entry, publisher)}
        known = {key: self.shown(self.keys[key], feed) for key in asked if key in self.keys}
        decisions = identify(entries, known, publisher)
        named: dict[int, str] = {}
        for decision in decisions:
            if decision.verdict is Verdict.REPEAT:
                continue
            entry, article = entries[decision.position], decision.article
            if decision.verdict is Verdict.NEW:
                article = f"a{len(self.articles)}"
                published = entry.published.instant if entry.published else None
                file = entry.enclosures[0].url if entry.enclosures else ""
                self.articles[article] = Known(article, entry.title, entry.url, file, published, first_seen=NOON)
            named[decision.position] = article
            updated = entry.updated.instant if entry.updated else None
            self.feed_hashes[feed, article] = (decision.content_hash, updated)
            for absorbed in decision.absorb:
                self.keys = {key: article if a == absorbed else a for key, a in self.keys.items()}
            self.keys |= dict.fromkeys(decision.learn, article)
        for decision in decisions:
            if decision.verdict is Verdict.REPEAT:
                self.keys |= dict.fromkeys(decision.learn, named[decision.same_as])
        return [decision.verdict for decision in decisions]

    def shown(self, article: str, feed: str) -> Known:
        digest, updated = self.feed_hashes.get((feed, article), ("", None))
        return replace(self.articles[article], content_hash=digest, updated=updated)

    def remove(self, article: str) -> None:
        self.articles[article] = replace(self.articles[article], is_removed=True)


def entry(number: int = 1, **changes: object) -> Entry:
    told = Entry(
        guid=f"g{number}",
        url=f"https://www.gazette.example/2026/11/story-{number}",
        title=f"Harbour bridge number {number} reopens after repairs",
        summary="The bridge had been closed since spring.",
        published=Moment(NOON + timedelta(hours=number), 0),
    )
    return replace(told, **changes)


def test_a_second_reading_changes_nothing() -> None:
    shelf = Shelf()
    assert shelf.read(entry(1), entry(2)) == [Verdict.NEW, Verdict.NEW]
    assert shelf.read(entry(1), entry(2)) == [Verdict.SAME, Verdict.SAME]


def test_another_spelling_of_the_address_is_the_same_article() -> None:
    shelf = Shelf()
    shelf.read(entry(guid=""))
    for url in (
        "http://gazette.example/2026/11/story-1/",
        "https://www.gazette.example/2026/11/story-1?utm_source=rss&utm_medium=feed",
        "https://m.gazette.example/2026/11/story-1#comments",
        "https://www.gazette.example/2026/11/story-1/amp/",
    ):
        assert shelf.read(entry(guid="", url=url)) == [Verdict.SAME], url


def test_a_new_guid_at_the_same_address_is_the_same_article() -> None:
    shelf = Shelf()
    shelf.read(entry(guid="tag:1"))
    assert shelf.read(entry(guid="tag:1#2")) == [Verdict.SAME]
    assert len(shelf.articles) == 1


def test_a_new_address_under_the_same_guid_and_time_is_the_same_article() -> None:
    shelf = Shelf()
    shelf.read(entry())
    moved = entry(url="https://www.gazette.example/2026/11/bridge-open-at-last", title="At last: crossing open")
    assert shelf.read(moved) == [Verdict.CHANGED]
    assert shelf.read(replace(moved, guid="")) == [Verdict.SAME]
    assert len(shelf.articles) == 1


def test_one_guid_for_all_entries_swallows_none() -> None:
    shelf = Shelf()
    assert shelf.read(*(entry(n, guid="same") for n in range(5))) == [Verdict.NEW] * 5
    assert shelf.read(*(entry(n, guid="same") for n in range(7))) == [Verdict.SAME] * 5 + [Verdict.NEW] * 2


def test_one_guid_for_all_in_a_feed_of_one_entry_swallows_none() -> None:
    shelf = Shelf()
    titles = ("Mayor resigns", "Storm warning for the coast", "Library extends hours")
    for number, title in enumerate(titles):
        told = entry(number, guid="latest", title=title, published=Moment(NOON + timedelta(days=number), 0))
        assert shelf.read(told) == [Verdict.NEW]
        assert shelf.read(told) == [Verdict.SAME]


def test_entries_that_all_link_to_the_home_page_stay_apart() -> None:
    shelf = Shelf()
    home = [entry(n, url="https://www.gazette.example/", guid="") for n in range(3)]
    assert shelf.read(*home) == [Verdict.NEW] * 3
    assert shelf.read(*home) == [Verdict.SAME] * 3


def test_episodes_that_share_a_page_stay_apart() -> None:
    shelf = Shelf()
    episodes = [
        entry(n, url="https://radio.example/show", guid="", title="The Evening Show", enclosures=(_file(n),))
        for n in range(3)
    ]
    assert shelf.read(*episodes) == [Verdict.NEW] * 3
    assert shelf.read(*episodes) == [Verdict.SAME] * 3


def test_a_feed_that_only_ever_shows_the_latest_episode_of_a_page_loses_none() -> None:
    shelf = Shelf()
    for number in range(3):
        told = entry(
            number,
            url="https://radio.example/show",
            title=f"The Evening Show {number}",
            published=Moment(NOON + timedelta(days=number), 0),
            enclosures=(_file(number),),
        )
        assert shelf.read(told) == [Verdict.NEW]
        assert shelf.read(told) == [Verdict.SAME]


def test_entries_without_an_address_are_known_by_guid_file_or_title() -> None:
    shelf = Shelf()
    told = (entry(1, url=""), entry(2, url="", guid="", enclosures=(_file(2),)), entry(3, url="", guid=""))
    assert shelf.read(*told) == [Verdict.NEW] * 3
    assert shelf.read(*told) == [Verdict.SAME] * 3


def test_one_article_twice_in_a_document_is_one() -> None:
    shelf = Shelf()
    verdicts = shelf.read(entry(guid="a"), entry(guid="b", url=entry().url + "?utm_campaign=x"))
    assert sorted(verdicts) == [Verdict.NEW, Verdict.REPEAT]
    assert len(shelf.articles) == 1


def test_one_article_in_two_feeds_of_a_publisher_is_one_and_does_not_flutter() -> None:
    shelf = Shelf()
    full = entry(content="<p>The whole text of the article stands here.</p>", url=entry().url + "?ref=rss")
    assert shelf.read(entry(), feed="teasers") == [Verdict.NEW]
    assert shelf.read(full, feed="full") == [Verdict.SAME]
    assert shelf.read(entry(), feed="teasers") == [Verdict.SAME]
    assert shelf.read(full, feed="full") == [Verdict.SAME]


def test_an_edited_entry_is_a_changed_article() -> None:
    shelf = Shelf()
    shelf.read(entry())
    assert shelf.read(entry(summary="The bridge is closed again.")) == [Verdict.CHANGED]


def test_a_later_update_is_a_change_unless_it_is_the_feeds_own_clock() -> None:
    shelf = Shelf()
    shelf.read(entry(updated=Moment(NOON, 0)))
    later = Moment(NOON + timedelta(hours=2), 0)
    assert shelf.read(entry(updated=later)) == [Verdict.CHANGED]
    shelf.read(entry(1, updated=later), entry(2, updated=later))
    latest = Moment(NOON + timedelta(hours=9), 0)
    assert shelf.read(entry(1, updated=latest), entry(2, updated=latest)) == [Verdict.SAME] * 2


def test_a_removed_article_does_not_return() -> None:
    shelf = Shelf()
    shelf.read(entry())
    shelf.remove("a0")
    assert shelf.read(entry()) == [Verdict.REMOVED]
    assert shelf.read(entry(guid="another")) == [Verdict.REMOVED]
    assert shelf.read(entry(url="", guid="another")) == [Verdict.REMOVED]


def test_two_articles_that_turn_out_to_be_one_are_joined() -> None:
    shelf = Shelf()
    shelf.read(entry(guid="x", url="https://gazette.example/a-1"))
    shelf.read(entry(guid="y", url="https://gazette.example/a-2"))
    shelf.read(entry(guid="x", url="https://gazette.example/a-2"))
    assert set(shelf.keys.values()) == {"a0"}


def test_a_guid_counts_in_its_own_publisher_only() -> None:
    shelf = Shelf()
    shelf.read(entry(1, guid="17"))
    other = entry(1, guid="17", url="https://courier.example/17")
    assert shelf.read(other, publisher="courier") == [Verdict.NEW]


def test_the_hash_ignores_what_ticks_and_what_is_marked() -> None:
    first = entry(summary='<p>Open. <img src="/pixel?t=1"> 3 hours ago, 12 comments</p>')
    second = entry(
        summary='<p>Open. <img src="/pixel?t=2"> 4 hours ago, 90 comments</p>', url=entry().url + "?utm_id=4"
    )
    assert content_hash(first) == content_hash(second)
    assert content_hash(first) != content_hash(entry(summary="<p>Closed.</p>"))


def test_a_learnt_address_leads_to_the_article() -> None:
    article = Known("a1", "Harbour bridge reopens", "https://feedproxy.example/x", first_seen=NOON)
    decision = settle_address(article, ["https://gazette.example/bridge-1"], {})
    assert decision.verdict is AddressVerdict.LEARN
    assert decision.learn == (url_key("https://gazette.example/bridge-1"),)


def test_the_article_seen_first_absorbs_the_one_with_its_address() -> None:
    old = Known("a1", "Harbour bridge reopens", first_seen=NOON)
    new = Known("a2", "Harbour bridge reopens", first_seen=NOON + timedelta(hours=1))
    address = "https://gazette.example/bridge-1"
    decision = settle_address(new, [address], {url_key(address): old})
    assert (decision.verdict, decision.article, decision.absorb) == (AddressVerdict.JOIN, "a1", ("a2",))


def test_a_canonical_address_shared_by_mistake_joins_nothing() -> None:
    article = Known("a1", "Harbour bridge reopens")
    other = Known("a2", "Chess club wins the cup")
    shared = "https://gazette.example/news"
    decision = settle_address(article, [shared, "https://gazette.example/"], {url_key(shared): other})
    assert decision.verdict is AddressVerdict.KEEP
    assert [note.kind for note in decision.notes] == ["canonical-shared", "canonical-home"]


def test_a_page_that_was_removed_stays_removed() -> None:
    address = "https://gazette.example/bridge-1"
    gone = Known("a1", "Harbour bridge reopens", is_removed=True)
    decision = settle_address(Known("a2", "Bridge"), [address], {url_key(address): gone})
    assert (decision.verdict, decision.absorb) == (AddressVerdict.REMOVED, ("a2",))


def test_similar_titles() -> None:
    assert are_similar("Harbour bridge reopens", "UPDATE: Harbour bridge reopens after repairs")
    assert not are_similar("Harbour bridge reopens", "Chess club wins the cup")


def _file(number: int) -> Enclosure:
    return Enclosure(f"https://cdn.example/{number}.mp3", "audio/mpeg")


addresses = st.sampled_from(
    [
        "",
        "https://g.example/",
        "https://g.example/a-1",
        "http://www.g.example/a-1/?utm_x=1",
        "https://g.example/b-2",
        "https://g.example/c",
    ]
)
entries = st.builds(
    Entry,
    guid=st.sampled_from(["", "1", "2", "3"]),
    url=addresses,
    title=st.sampled_from(["", "Harbour bridge reopens", "Bridge in the harbour reopens today", "Chess cup", "Rain"]),
    summary=st.sampled_from(["", "One.", "Two."]),
    published=st.sampled_from([None, Moment(NOON, 0), Moment(NOON + timedelta(days=2), 0)]),
    enclosures=st.sampled_from([(), (_file(1),), (_file(2),)]),
)
documents = st.lists(entries, max_size=7)


@given(documents)
@settings(max_examples=300, deadline=None)
def test_reading_a_document_twice_creates_nothing(document: list[Entry]) -> None:
    shelf = Shelf()
    shelf.read(*document)
    assert Verdict.NEW not in shelf.read(*document)
    assert set(shelf.read(*document)) <= {Verdict.SAME, Verdict.REPEAT}


@given(documents, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_entries_does_not_matter(document: list[Entry], chance: random.Random) -> None:
    shuffled = document[:]
    chance.shuffle(shuffled)
    first = sorted(zip(map(repr, document), Shelf().read(*document), strict=True))
    second = sorted(zip(map(repr, shuffled), Shelf().read(*shuffled), strict=True))
    assert first == second


@given(documents)
@settings(max_examples=200, deadline=None)
def test_entries_with_different_addresses_of_their_own_are_never_one(document: list[Entry]) -> None:
    own = {url_key(one.url) for one in document if "a-1" in one.url or one.url.endswith(("b-2", "/c"))}
    decisions = identify(document, {}, "gazette")
    assert sum(decision.verdict is Verdict.NEW for decision in decisions) >= len(own)


@given(entries)
def test_every_entry_has_a_key(one: Entry) -> None:
    assert keys_of(one, "gazette")
    assert keys_of(one, "gazette")[-1].kind is KeyKind.DIGEST


@pytest.mark.parametrize("piece", ["<", "1,", "1 ", "<a ", "updated "])
def test_a_text_made_to_be_slow_is_digested_in_linear_time(piece: str) -> None:
    began = time.process_time()
    content_hash(Entry(content=piece * 100_000))
    assert time.process_time() - began < 2
