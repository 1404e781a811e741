"""What telling costs: an article's quotes and its whole panel, beside what py3langid needs to know its language, and a
story of fifty articles; on one core."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import py3langid

from bench.kit import articles
from bench.machine import Noise
from bench.report import Report as Figures
from bench.report import middle, share_below
from octavo.core.telling import hashtags, keywords, summary
from octavo.core.telling.accounts import Account
from octavo.core.telling.differing import differences
from octavo.core.telling.ledger import LONGEST_TEXT, MOST_TEXTS, Printed, ledger
from octavo.core.telling.quotes import quotes
from octavo.core.telling.timeline import timeline
from octavo.core.telling.views import Report, Source, views
from octavo.core.types import Article

ARTICLES, QUICK_ARTICLES = 1_000, 200
PANELS = 50
# Times are told for an article of so many words.
WORDS = 600
# All that is told of one article may take 30 ms; its quotes a sixth of that.
MOST_QUOTES = 5.0
MOST_PANEL = 30.0
# What is told of a story of so many articles of WORDS words, all together.
STORY, STORIES = 50, 4
MOST_STORY = 400.0


def run(work: Path, quick: bool) -> Figures:
    """Reads articles of the kit's corpus one after the other."""
    report, noise = Figures("telling"), Noise()
    with gzip.open(articles("corpus/allsides_pre2016"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, QUICK_ARTICLES if quick else ARTICLES)]
    texts = [text for text in texts if text.split()]
    mine, peer = milliseconds(lambda text: quotes(text, "en"), texts), milliseconds(py3langid.classify, texts)
    report.tell("articles", len(texts))
    report.tell("quotes, median", middle(mine), "ms/600 words", most=MOST_QUOTES)
    report.tell("quotes, p99", share_below(mine, 0.99), "ms/600 words")
    report.tell("peer: py3langid, median", middle(peer), "ms/600 words")
    report.tell("quotes to peer, median", middle(mine) / middle(peer), "x")
    panels = milliseconds(panel, texts[: PANELS if quick else None])
    report.tell("panel of an article, median", middle(panels), "ms/600 words", most=MOST_PANEL)
    report.tell("panel of an article, p99", share_below(panels, 0.99), "ms/600 words")
    for name, work, most in STORY_PARTS:
        told = [milliseconds_of(work, one) for one in stories(texts)]
        report.tell(f"story of {STORY}: {name}, median", middle(told), "ms", most=most)
    report.noise = noise.until_now()
    return report


def milliseconds(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Processor time of each text, for WORDS words; the first text is worked on twice, for what is loaded once."""
    work(texts[0])
    times = []
    for text in texts:
        began = time.process_time()
        work(text)
        times.append((time.process_time() - began) * 1000 * WORDS / max(WORDS / 6, len(text.split())))
    return times


def panel(text: str) -> None:
    """All that an article's panel shows without a model."""
    title = text.partition(".")[0]
    summary.summary(text, "en", title)
    summary.key_points(text, "en", title)
    quotes(text, "en")
    keywords.keywords(title, text, "en")
    hashtags.hashtags(title, text, "en")


def stories(texts: Sequence[str]) -> Iterator[list[Account]]:
    """Stories of STORY texts of WORDS words, an hour apart: the reading that they cost is that of a true one."""
    for number in range(STORIES):
        chosen = [" ".join(text.split(" ")[:WORDS]) for text in texts[number * STORY : (number + 1) * STORY]]
        yield [account(place, text) for place, text in enumerate(chosen)]


def account(place: int, text: str) -> Account:
    at = datetime(2015, 3, 20, tzinfo=UTC) + timedelta(hours=place)
    return Account(Article(str(place), text.partition(".")[0], text, at, f"paper{place}", "", "en"), at)


def story_quotes(accounts: Sequence[Account]) -> None:
    """The quotes of a story as its page has them."""
    read = accounts[:MOST_TEXTS]
    ledger([Printed(one.article.id, said) for one in read for said in quotes(one.article.text[:LONGEST_TEXT], "en")])


def story_views(accounts: Sequence[Account]) -> None:
    """The views of a story as its page has them."""
    views([Report(one.article, Source(one.article.source, "XA", "en", "", ""), (), True) for one in accounts])


def beside(accounts: Sequence[Account]) -> None:
    """All that is told of a story but its views, which have a row of their own."""
    summary.story_summary([one.article for one in accounts])
    differences(accounts)
    timeline(accounts)
    story_quotes(accounts)


def milliseconds_of(work: Callable[[Sequence[Account]], None], accounts: Sequence[Account]) -> float:
    """Processor time of one story; what its accounts keep of their reading is read anew."""
    began = time.process_time()
    work([replace(one) for one in accounts])
    return (time.process_time() - began) * 1000


STORY_PARTS: list[tuple[str, Callable[[Sequence[Account]], None], float | None]] = [
    ("told beside views", beside, MOST_STORY),
    ("views", story_views, None),
]
