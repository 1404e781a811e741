"""Decides the language of a text: what it looks like where it is long enough, else what the page says."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENOUGH = 200  # characters: a shorter text may be mistaken for a neighbouring language
SAMPLE = 500  # characters looked at
# Written so alike that a page's own word is better than a look at its text.
NEIGHBOURS = (
    frozenset(("no", "nb", "nn", "da")), frozenset(("hr", "sr", "bs", "sh")), frozenset(("id", "ms")),
    frozenset(("cs", "sk")), frozenset(("gl", "pt")), frozenset(("fa", "ps", "ur")), frozenset(("ca", "es")),
)  # fmt: skip
CODE = re.compile(r"^[a-zA-Z]{2,3}(?=$|[-_])")


@cache
def identifier() -> LanguageIdentifier:
    """The model, loaded once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def code_of(declared: str) -> str:
    """The primary language of a tag such as en-GB, an empty string where it is none."""
    match = CODE.match(declared.strip())
    return match[0].lower() if match else ""


def language_of(text: str, *declared: str) -> str:
    """The ISO 639 code of a text's language; an empty string where nothing tells it."""
    said = next((code for tag in declared if (code := code_of(tag))), "")
    if len(text) < ENOUGH and said:
        return said
    if not text.strip():
        return said
    seen = str(identifier().classify(text[:SAMPLE])[0])
    alike = any(seen in group and said in group for group in NEIGHBOURS)
    return said if alike else seen
