"""Finds the articles of the index that are most alike to a text, by BM25 over the terms that tell its subject.

They are candidates: core/folding/related.py decides which of them are on the subject. Nothing of it is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import tantivy

from octavo.core import words as lexical
from octavo.core.folding import sketches
from octavo.core.folding.sketches import Sketch

# How much of a text is looked at, and how many of its terms are asked for. evals: related/related.
LOOKED_AT: Final = 1000
MOST_TERMS: Final = 60
# A term in more than this share of all articles says nothing of the subject; where they are few, it may still.
COMMON: Final = 0.1
FEW: Final = 12
# How much a word of the title tells more than one of the text.
TITLE_FACTOR: Final = 6
# How often terms stand in the index is remembered until it changes, for at most so many terms.
MOST_FREQUENCIES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Alike:
    """An article that is alike: its number, score, time in seconds since 1970, and what it is compared by."""

    id: int
    score: float
    at: int
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is most alike to a text, best first. `own` is the article itself where it is in the index."""

    own: Alike | None
    others: tuple[Alike, ...]


def alike(
    schema: Any, searcher: Any, known: dict[str, int], asked: tuple[str, str, str], count: int, own: int | None
) -> Likeness:
    """The articles most alike to a title and text of a language; `known` remembers how often terms stand here."""
    title, text, language = asked
    terms = telling_terms(searcher, known, title, text, language)
    if not terms:
        return Likeness(None, ())
    query, occur = tantivy.Query, tantivy.Occur
    clauses = [
        (occur.Should, query.boost_query(query.term_query(schema, "text", term, "freq"), weight))
        for term, weight in terms
    ]
    same = query.const_score_query(query.term_query(schema, "language", lexical.primary(language), "basic"), 0.0)
    wanted = query.boolean_query([(occur.Must, query.boolean_query(clauses)), (occur.Must, same)])
    found = _read(searcher, searcher.search(wanted, count + 1, count=False).hits)
    others = [one for one in found if one.id != own]
    return Likeness(next((one for one in found if one.id == own), None), tuple(others[:count]))


def _read(searcher: Any, hits: list[tuple[float, Any]]) -> list[Alike]:
    """The articles of some hits."""
    addresses = [address for _, address in hits]
    ids, times = (searcher.fast_field_values(field, addresses) for field in ("id", "at"))
    kept = (sketches.read(searcher.doc(address)["sketch"][0]) for address in addresses)
    return [Alike(*facts) for facts in zip(ids, (score for score, _ in hits), times, kept, strict=True)]


def telling_terms(
    searcher: Any, known: dict[str, int], title: str, text: str, language: str
) -> list[tuple[str, float]]:
    """The terms of title and text that tell its subject, with their weights (1 on average), by tf-idf."""
    in_title = lexical.stems(lexical.forms(title), language)
    counts = Counter(lexical.stems(lexical.forms(text, LOOKED_AT), language))
    for term in in_title:
        counts[term] += TITLE_FACTOR
    total = max(1, searcher.num_docs)
    weighed = []
    for term, tf in counts.items():
        df = frequency(searcher, known, term) if len(term) > 1 else 0
        if df and df <= max(FEW, COMMON * total):
            weighed.append((1 + math.log(tf), math.log(1 + total / df), term))
    best = sorted(weighed, key=lambda each: (-each[0] * each[1], each[2]))[:MOST_TERMS]
    # BM25 brings the idf in by itself, so only the weight by frequency is told.
    mean = sum(tf for tf, _, _ in best) / max(1, len(best))
    return [(term, tf / mean) for tf, _, term in best]


def frequency(searcher: Any, known: dict[str, int], term: str) -> int:
    """In how many articles a term stands; `known` remembers."""
    found = known.get(term)
    if found is None:
        if len(known) >= MOST_FREQUENCIES:
            known.clear()
        found = known[term] = searcher.doc_freq("text", term)
    return found
