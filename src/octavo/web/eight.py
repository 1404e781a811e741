"""How a story of Today's Eight stands on pages: its cited sentences, and in words why it is there. It chooses nothing.

Written in Python, not as a template: the front page shows eight, and each is the same until the brief is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from octavo.core.telling.ranking import Term
from octavo.services.brieftext import Pick, publishers, reasons, terms_of
from octavo.services.receipts import place_of
from octavo.web.rows import language_attributes

# A sentence as the store has it: see `Brief`.
Sentence = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pick of a brief, which stays as it is until the brief is made anew."""

    brief: int
    made_at: datetime
    article: int
    pick: Pick = field(compare=False)


@lru_cache(maxsize=512)
def words_of(chosen: Chosen, _spoken: str) -> tuple[str, str]:
    """The cited sentences of a pick, empty where there are none, and why it is there, in the reader's language."""
    return cited(chosen.pick["sentences"]), why_here(chosen.pick)


def cited(sentences: Sequence[Sentence], css: str = "excerpt cited") -> SafeString:
    """A paragraph of sentences, each with a small mark that leads to its place in the text that it is from."""
    return paragraph(sentences, len(sentences), len(sentences), css)


def paragraph(sentences: Sequence[Sentence], shown: int, printed: int, css: str = "said-of") -> SafeString:
    """A paragraph of the first `shown` sentences on a screen, and the first `printed` on paper; nothing for none."""
    most = max(shown, printed)
    if not most or not sentences:
        return SafeString("")
    marks = ["" if at < min(shown, printed) else "on-screen" if at < shown else "on-paper" for at in range(most)]
    language = sentences[0]["language"]
    parts = [
        _cited(one, number, mark, language) for number, (one, mark) in enumerate(zip(sentences, marks, strict=False), 1)
    ]
    return SafeString(f'<p class="{css}"{language_attributes(language)}>{" ".join(parts)}</p>')


def _cited(one: Sentence, number: int, mark: str, language: str) -> str:
    """A sentence in a paragraph of a language."""
    label = escape(gettext("Where it stands: %(name)s") % {"name": one["publisher"]})
    other = language_attributes(one["language"]) if one["language"] != language else ""
    css = f' class="{mark}"' if mark else ""
    return (
        f'<span{css}{other}>{escape(one["text"].strip())}<a class="receipt" href="{place_of(one)}" '
        f'title="{escape(one["publisher"])}" aria-label="{label}">{number}</a></span>'
    )


def why_here(pick: Pick) -> SafeString:
    """'6 publishers · grew fast · new since yesterday', and folded beneath what each term of the score is worth."""
    rows = "".join(_term(term, pick) for term in terms_of(pick))
    total = f"<dt>{escape(gettext('Together'))}</dt><dd>{pick['score']:.2f}</dd>"
    head = escape(gettext("Why here: %(reasons)s") % {"reasons": " · ".join(reasons(pick))})
    return SafeString(f'<details class="why-here ui"><summary>{head}</summary><dl>{rows}{total}</dl></details>')


def _term(term: Term, pick: Pick) -> str:
    words = {
        "publishers": publishers(pick),
        "growth": gettext("growth, against what is usual here"),
        "originality": gettext("texts of their own, among all"),
        "novelty": gettext("what yesterday’s brief did not have"),
        "freshness": gettext("how lately something came"),
        "rarity": gettext("how rarely its publishers are heard"),
        "followed": gettext("what you follow"),
    }
    points = term.value * term.worth
    return f"<dt>{escape(words.get(term.name, term.name))}</dt><dd>{points:.2f}</dd>" if points else ""
