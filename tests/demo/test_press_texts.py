"""What the demo press promises its readers: enough articles of every form, dated within three days, true to one world."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from statistics import median

import pytest

from octavo.demo.press import FOLDER, Article, Publisher, load

OLDEST, NEWEST = 71.0, 0.3
STUBS = ("paywall", "video", "podcast", "listing")  # forms that are short by nature
SHORTEST, SHORTEST_STUB = 55, 40  # words
WORDS_OF_COMMON_USE = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "its",
        "of",
        "on",
        "one",
        "that",
        "the",
        "to",
        "with",
        "over",
        "after",
    ]
)


@pytest.fixture(scope="module")
def publishers() -> dict[str, Publisher]:
    return {publisher.id: publisher for publisher in load().publishers if publisher.language == "en"}


@pytest.fixture(scope="module")
def articles(publishers: dict[str, Publisher]) -> tuple[Article, ...]:
    return tuple(article for article in load().articles if article.publisher in publishers)


@pytest.fixture(scope="module")
def stories(articles: tuple[Article, ...]) -> dict[str, list[Article]]:
    by_story: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_story[article.story].append(article)
    return by_story


def words(article: Article) -> list[str]:
    return article.text.split()


def paragraphs(article: Article) -> list[str]:
    return article.text.split("\n\n")


def test_publishers_are_many_places_owners_and_kinds(publishers: dict[str, Publisher]) -> None:
    everyone = publishers.values()
    owned = Counter(publisher.owner for publisher in everyone)
    assert len(publishers) == 14
    assert len({publisher.country for publisher in everyone}) == 7
    assert all(re.fullmatch("X[A-Z]", publisher.country) for publisher in everyone)
    assert sum(count > 1 for count in owned.values()) == 2
    assert {"agency", "magazine", "nonprofit", "public-broadcaster"} <= {publisher.medium for publisher in everyone}
    assert {publisher.feed for publisher in everyone} >= {"rss-full", "rss-teaser", "atom", "json", "rdf", "podcast"}


def test_there_is_enough_to_read(articles: tuple[Article, ...], stories: dict[str, list[Article]]) -> None:
    sizes = [len(members) for members in stories.values()]
    assert len(articles) >= 145
    assert len(stories) >= 38
    assert sum(size >= 6 for size in sizes) >= 8
    assert sum(3 <= size <= 5 for size in sizes) >= 12
    assert sum(bool(article.image) for article in articles) >= len(articles) // 3


def test_every_form_of_article_occurs(articles: tuple[Article, ...]) -> None:
    forms = Counter(article.kind for article in articles)
    assert set(forms) == {
        "news", "copy", "rewrite", "followup", "correction", "opinion", "podcast",
        "video", "paywall", "consent", "live", "background", "listing",
    }  # fmt: skip
    assert forms["copy"] >= 8
    assert forms["opinion"] >= 8
    assert forms["video"] >= 5
    assert forms["podcast"] >= 3


def test_times_lie_within_three_days(articles: tuple[Article, ...]) -> None:
    for article in articles:
        assert NEWEST <= article.hours_ago <= OLDEST, article.address
        if article.updated_hours_ago is not None:
            assert 0 < article.updated_hours_ago < article.hours_ago, article.address
            assert article.change_note, article.address
    ages = [article.hours_ago for article in articles]
    assert min(ages) < 3
    assert max(ages) > 66


def test_every_article_is_complete(articles: tuple[Article, ...], publishers: dict[str, Publisher]) -> None:
    for article in articles:
        assert article.title, article.address
        assert article.standfirst, article.address
        assert article.section in publishers[article.publisher].sections, f"{article.address}: {article.section}"
        assert all(article.authors), article.address
        least = SHORTEST_STUB if article.kind in STUBS else SHORTEST
        assert least <= len(words(article)) <= 750, f"{article.address}: {len(words(article))} words"
        assert bool(article.recording) == (publishers[article.publisher].feed in ("podcast", "video")), article.address


def test_articles_are_mostly_of_an_ordinary_length(articles: tuple[Article, ...]) -> None:
    lengths = [len(words(article)) for article in articles]
    assert 150 <= median(lengths) <= 350
    assert sum(length >= 350 for length in lengths) >= 5


def test_no_two_publishers_wrote_the_same_paragraph_unless_one_copied(articles: tuple[Article, ...]) -> None:
    first_seen: dict[str, str] = {}
    for article in articles:
        if article.copy_of:
            continue
        for paragraph in paragraphs(article):
            if len(paragraph.split()) >= 12:
                assert first_seen.setdefault(paragraph, article.publisher) == article.publisher, paragraph


def test_a_copy_shares_the_text_of_an_earlier_article_of_its_story(articles: tuple[Article, ...]) -> None:
    by_address = {article.address: article for article in articles}
    copies = [article for article in articles if article.copy_of]
    for copy in copies:
        original = by_address[copy.copy_of]
        shared = set(paragraphs(copy)) & set(paragraphs(original))
        assert copy.kind == "copy", copy.address
        assert copy.byline_agency, copy.address
        assert copy.story == original.story, copy.address
        assert copy.title != original.title, copy.address
        assert copy.hours_ago < original.hours_ago, copy.address
        assert len(shared) >= max(3, 0.8 * len(paragraphs(copy))), copy.address
    abridged = [copy for copy in copies if len(words(copy)) < len(words(by_address[copy.copy_of]))]
    assert 0 < len(abridged) < len(copies)


def test_an_agency_repeats_a_background_paragraph_in_texts_that_are_not_copies(articles: tuple[Article, ...]) -> None:
    background = "the worst accident in Velmaran waters since 1978"
    own = [article for article in articles if background in article.text and not article.copy_of]
    assert len(own) >= 3
    assert {article.publisher for article in own} == {"meridian-wire"}


def test_likes_are_told_apart_by_their_stories(stories: dict[str, list[Article]]) -> None:
    likes = (
        ("kardesh-quake", "taliu-quake"),
        ("velmara-rate", "tarrin-rate"),
        ("pell-resignation", "sefara-resignation"),
    )
    for pair in likes:
        assert all(len(stories[story]) >= 5 for story in pair), pair
        moments = [max(article.hours_ago for article in stories[story]) for story in pair]
        assert abs(moments[0] - moments[1]) < 7 * 24, pair


def test_six_headlines_on_one_event_share_hardly_a_word(stories: dict[str, list[Article]]) -> None:
    headlines = [
        set(re.findall(r"[a-z]+", article.title.lower())) - WORDS_OF_COMMON_USE
        for article in stories["old-weir-bridge"]
    ]
    assert len(headlines) >= 6
    assert max(len(one & other) for one, other in combinations(headlines, 2)) <= 1


def test_five_unrelated_stories_share_a_country_and_a_day(stories: dict[str, list[Article]]) -> None:
    names = ("stavlund-depot-fire", "hjelmar-voting-age", "salmon-escape", "wolf-in-suburb", "hjelmar-fund-coal")
    firsts = [max(stories[name], key=lambda article: article.hours_ago) for name in names]
    assert all(re.search("Hjelmar|Stavlund|Sorvik", article.text) for article in firsts)
    assert max(a.hours_ago for a in firsts) - min(a.hours_ago for a in firsts) < 24


def test_a_toll_is_corrected_by_one_paper_and_stands_in_another(articles: tuple[Article, ...]) -> None:
    by_address = {article.address: article for article in articles}
    corrected = by_address["port-sennet-courier/fifteen-dead-gannet-head"]
    stale = by_address["evening-lamp/candles-on-mole-street"]
    assert "Correction" in corrected.change_note
    assert "14 people were known to be dead" in corrected.text
    assert corrected.updated_hours_ago is not None
    assert stale.hours_ago < corrected.updated_hours_ago
    assert "the fifteen who died" in stale.text


def test_one_sentence_is_quoted_in_variants(stories: dict[str, list[Article]]) -> None:
    texts = [article.text for article in stories["saint-orla-ferry"]]
    verbatim = [text for text in texts if "We will not wait for a report to fix what we can see is broken" in text]
    clipped = [text for text in texts if "We won't wait for a report" in text]
    reported = [
        text
        for text in texts
        if re.search(r"(not wait for|before) an? (inquiry's )?report", text) and '"We' not in text
    ]
    assert len(verbatim) >= 3
    assert clipped
    assert reported


def test_an_affair_has_its_earlier_events(stories: dict[str, list[Article]]) -> None:
    chapters = [stories[name] for name in ("granary-audit", "granary-witness", "granary-trial")]
    newest = [min(article.hours_ago for article in chapter) for chapter in chapters]
    oldest = [max(article.hours_ago for article in chapter) for chapter in chapters]
    assert all(earlier > later for earlier, later in zip(newest, oldest[1:], strict=False))
    assert all(len(chapter) >= 3 for chapter in chapters)


def test_every_folder_belongs_to_a_publisher() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == {publisher.id for publisher in load().publishers}
