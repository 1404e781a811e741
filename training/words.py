"""Counts which English words are written small, are verbs, are places: `src/octavo/core/weights/{lower,verbs,places}.en.json`.

    python training/words.py KIT

KIT is a folder laid out like the evaluation kit; its corpus of news (`data/corpus/*.jsonl.gz`) is counted. A word is kept
as small that enough articles write small and that is mostly small inside sentences: what such a word begins a sentence with
is no name. A word is kept as a verb that stands mostly behind pronouns, auxiliaries and 'to', and seldom behind articles and
prepositions, a name as a place that often stands behind 'in' and 'near'. Nothing else of the articles is kept.
"""

from __future__ import annotations

import calendar
import gzip
import json
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from octavo.core.telling.words import words_of

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights"
FEWEST_ARTICLES, SMALL_TO_CAPITAL = 10, 2
BEFORE_VERBS = words_of(
    """to will would can could may might must should not he she they we i who it has have had was were been be is are
    didn't doesn't don't won't also then never"""
)
BEFORE_NOUNS = words_of(
    """the a an his her their its of in on for this that these some more no our my with from by at any such other new"""
)
FEWEST_VERBS, VERB_SHARE = 12, 0.6
FEWEST_PLACES, PLACE_SHARE = 6, 0.15
_WORD = re.compile(r"[A-Za-z][a-z]*[a-z]")
_SMALL = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|[.,;:!?]")
_NAMED = re.compile(r"(?:\b(?P<cue>in|near|outside|across) (?:the )?)?(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)*)")
_SENTENCE_END = re.compile(r"[.!?:;\n“”\"‘•|()–—-][\"”’)\]]*\s*$")


def main(kit: Path) -> None:
    """Counts and writes."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    verbs: Counter[str] = Counter()
    nouns: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for path in sorted((kit / "data/corpus").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                count(json.loads(line)["text"], small, capital, articles)
                count_places(json.loads(line)["text"], placed, named)
                count_verbs(json.loads(line)["text"], verbs, nouns)
    kept = sorted(
        word for word, n in articles.items() if n >= FEWEST_ARTICLES and small[word] > SMALL_TO_CAPITAL * capital[word]
    )
    write("lower.en.json", kept)
    shares = {word: n / (n + nouns[word]) for word, n in verbs.items() if n >= FEWEST_VERBS}
    dated = {*calendar.month_name, *calendar.month_abbr, *calendar.day_name}
    write(
        "places.en.json",
        sorted(
            name
            for name, n in named.items()
            if n >= FEWEST_PLACES
            and placed[name] > PLACE_SHARE * n
            and name not in dated
            and name.split()[0].lower() not in kept
            and not set(name.split()) & dated
        ),
        ", ",
    )
    write("verbs.en.json", sorted(word for word, share in shares.items() if share >= VERB_SHARE))


def count_places(text: str, placed: Counter[str], named: Counter[str]) -> None:
    """Counts names, all and those behind a preposition of place."""
    for match in _NAMED.finditer(text):
        named[match["name"]] += 1
        placed[match["name"]] += match["cue"] is not None


def write(name: str, words: list[str], between: str = " ") -> None:
    """Writes a list of words."""
    written = {"made_by": "python training/words.py KIT", "words": between.join(words)}
    (WEIGHTS / name).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def count_verbs(text: str, verbs: Counter[str], nouns: Counter[str]) -> None:
    """Counts small words by what stands before them."""
    found = _SMALL.findall(text)
    for before, word in pairwise(found):
        if word in BEFORE_VERBS or word in BEFORE_NOUNS:
            continue
        if before.lower() in BEFORE_VERBS:
            verbs[word] += 1
        elif before.lower() in BEFORE_NOUNS:
            nouns[word] += 1


def count(text: str, small: Counter[str], capital: Counter[str], articles: Counter[str]) -> None:
    """Counts the words of one article by how they are written inside sentences."""
    seen: set[str] = set()
    for match in _WORD.finditer(text):
        word, start = match[0].lower(), match.start()
        if match[0][0].islower():
            small[word] += 1
            seen.add(word)
        elif start and not _SENTENCE_END.search(text[max(0, start - 4) : start]):
            capital[word] += 1
    articles.update(seen)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
