"""Puts a question to a model together: a versioned prompt, and the texts as data behind random delimiters.

A prompt is a file of `ai/prompts`: `version: N`, `tokens: N` (the longest answer), a blank line and the words for the model,
in which `{language}`, `{most}` and `{mark}` are filled in. It decides nothing about the answer, and holds no secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from octavo.ai.provider import Question
from octavo.core.telling.offering import Offered

COMMON: Final = "common"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file. `tokens`: the longest answer that is asked for."""

    name: str
    version: str
    tokens: int
    words: str


@cache
def prompt(name: str) -> Prompt:
    """The prompt of a feature, with the rules that all share behind it; its version names both."""
    own, shared = _read(name), _read(COMMON)
    return Prompt(name, f"{own.version}.{shared.version}", own.tokens, f"{own.words}\n\n{shared.words}")


def _read(name: str) -> Prompt:
    text = resources.files("octavo.ai").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")
    head, _, words = text.partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Prompt(name, facts["version"], int(facts.get("tokens", "0")), words.strip())


def instructions(chosen: Prompt, mark: str, language: str, most: int) -> str:
    """What a model is told to do. `mark` delimits the texts; it must be random, so that no text can hold it."""
    words = chosen.words
    for name, value in (("mark", mark), ("language", language), ("most", str(most))):
        words = words.replace("{" + name + "}", value)
    return words


def question(
    chosen: Prompt, mark: str, offered: Sequence[Offered], *, language: str, most: int, asked: str = ""
) -> Question:
    """A question about the offered sentences, each on a line under its number. `asked`: a reader's own words, for `ask`."""
    lines = [f"[{one.number}] {one.text}" for one in offered]
    user = "\n".join([f"<{mark}>", *lines, f"</{mark}>", *([f"Question: {asked}"] if asked else [])])
    return Question(instructions(chosen, mark, language, most), user, chosen.tokens)
