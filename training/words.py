"""Counts which English words are written small: `src/octavo/core/weights/lower.en.json`.

    python training/words.py KIT

KIT is a folder laid out like the evaluation kit; its corpus of news (`data/corpus/*.jsonl.gz`) is counted. A word is kept
that enough articles write small and that is mostly small inside sentences: what such a word begins a sentence with is
no name. Nothing else of the articles is kept.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/lower.en.json"
FEWEST_ARTICLES, SMALL_TO_CAPITAL = 10, 2
_WORD = re.compile(r"[A-Za-z][a-z]*[a-z]")
_SENTENCE_END = re.compile(r"[.!?:;\n“”\"‘•|()–—-][\"”’)\]]*\s*$")


def main(kit: Path) -> None:
    """Counts and writes."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for path in sorted((kit / "data/corpus").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                count(json.loads(line)["text"], small, capital, articles)
    kept = sorted(
        word for word, n in articles.items() if n >= FEWEST_ARTICLES and small[word] > SMALL_TO_CAPITAL * capital[word]
    )
    written = {"made_by": "python training/words.py KIT", "words": " ".join(kept)}
    WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


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
