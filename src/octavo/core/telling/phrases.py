"""Finds in a sentence the phrases that can answer a kind of question; it does not choose among them.

There is no parser: verbs are known by a counted list, clauses end at commas, conjunctions and prepositions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from octavo.core.telling.asking import Asked
from octavo.core.telling.figures import figures
from octavo.core.telling.names import is_title_case, names
from octavo.core.telling.times import times
from octavo.core.telling.verbs import BASE, lemma
from octavo.core.telling.words import words_of

LONGEST_PHRASE: Final = 16
LONGEST_SUBJECT: Final = 8
# Verbs of a sentence beyond these begin no phrase; a caption run into a text can be very long.
MOST_VERBS: Final = 8
# 'Late on Sunday, 6 May, at noon': so many times are one at most, and so many characters before them belong to them.
MOST_JOINED: Final = 4
LONGEST_AROUND: Final = 40
_TOKEN: Final = re.compile(r"[^\W_]+(?:[’'.,\-&][^\W_]+)*|[^\w\s]")
_HELPING: Final = words_of(
    "is are was were has have had will would may might could can should be been being did do does"
)
_PREPOSITIONS: Final = words_of(
    "in on at near from to for with by after before over amid during under against about into of as when while because and"
)
_NO_DESCRIPTION: Final = _PREPOSITIONS | _HELPING | {"the", "said", "a", "an"}
# Behind 'in' stands a place; behind 'at', a place or an event; behind 'of', much else.
_PLACE_CUES: Final = {
    "in": "in", "inside": "in", "near": "near", "outside": "near", "off": "near", "around": "near", "across": "near",
    "through": "near", "at": "at", "of": "of", "from": "of", "في": "in", "قرب": "near", "خارج": "near", "من": "of",
}  # fmt: skip
_JOINS: Final = words_of("after before as when while because and amid over")
_PLACES: Final = re.compile(
    r"\b(?P<cue>in|at|near|outside|from|of|on|to|inside|around|across|off|through|في|من|إلى|قرب|خارج)\s+"
    r"(?:the\s+|a\s+|an\s+)?(?P<what>(?:(?:[a-z]+\s+){0,3})?(?:[A-Z][\w’'-]*)(?:(?:,?\s+(?:of\s+|de\s+|in\s+)?)[A-Z][\w’'-]*){0,5}"
    r"(?:\s+(?:province|city|county|state|district|village|region|island|airport|station|area|valley))?)"
)
# What opens a cause or a means, by how surely it does.
_CAUSE_CLASSES: Final = {
    "because": r"because of|because|due to|owing to|caused by|thanks to|blam\w+|in (?:response|revenge|retaliation|reprisal) (?:to|for)|"
    r"in order to|so that|بسبب|نتيجة|لأن",
    "after": r"after|following|since|بعد",
    "over": r"amid|over|for",
    "to": r"to",
    "by": r"by|using|through|via|عبر|عن طريق|باستخدام",
    "with": r"with|without|despite",
    "when": r"when|while|as",
}
_CAUSES: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _CAUSE_CLASSES.items()) + r")\s+", re.IGNORECASE
)
_PLACES_ELSEWHERE: Final = re.compile(
    r"(?<!\w)(?P<cue>في|قرب|إلى|من|dans|à|en|bei)\s+(?P<what>[^\W\d_]+(?:\s+[^\W\d_]+)?)"
)
_CLAUSE_END: Final = re.compile(
    r"[,;:.!?…—()]|\s[-–]+\s|\b(?:and|but|which|who|while|although|as|after|because|when|that)\b|،|$"
)
_AROUND_TIME: Final = re.compile(
    r"(?:\b(?:late|early|shortly|just|around|about|before|after|almost|at|on|by|since|until|last|next|this|mid|the|"
    r"morning of|night of|end of)[\s-]+)+$",
    re.IGNORECASE,
)
_BEHIND_TIME: Final = re.compile(r"\s+(?:morning|afternoon|evening|night|local time|time|GMT|ET|EST|BST|صباحا|مساء)\b")
_COUNT: Final = re.compile(r"\s+(?:[a-z]+\s+){0,2}?[a-z]{3,}\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase at `start` to `end` of a sentence; `cue` is what stands before it or opens it, `shape` how it was found."""

    start: int
    end: int
    cue: str
    shape: str


@cache
def _verbs() -> frozenset[str]:
    path = resources.files("octavo.core.weights") / "verbs.en.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8"))["words"].split())


@cache
def _verb_lemmas() -> frozenset[str]:
    return frozenset(lemma(word) for word in _verbs())


def is_verb(word: str) -> bool:
    """Whether an English word, in small letters, is a verb in most places."""
    if word in _HELPING or word in BASE:
        return True
    if word.endswith(("ly", "ing")) or len(word) < 3:
        return False
    return word in _verbs() or (word.endswith(("s", "ed")) and lemma(word) in _verb_lemmas())


def phrases(sentence: str, kind: Asked, language: str = "en") -> list[Phrase]:
    """The phrases of a sentence that can answer a question of a kind, each once, in the order of finding."""
    makers = {
        Asked.WHO: (_names, _subjects, _counted),
        Asked.WHAT: (_actions, _clauses),
        Asked.WHEN: (_times,),
        Asked.WHERE: (_places, _named_places),
        Asked.WHY: (_causes, _actions),
        Asked.HOW: (_causes, _actions),
        Asked.AMOUNT: (_counted,),
    }
    found: dict[tuple[int, int], Phrase] = {}
    for make in makers[kind]:
        for phrase in make(sentence, language):
            trimmed = _trimmed(sentence, phrase)
            if trimmed.end > trimmed.start:
                found.setdefault((trimmed.start, trimmed.end), trimmed)
    return list(found.values())


def _trimmed(sentence: str, phrase: Phrase) -> Phrase:
    """A phrase without white space and marks at its ends."""
    piece = sentence[phrase.start : phrase.end]
    start = phrase.start + len(piece) - len(piece.lstrip(' \t,;:.-–—"“”‘()[]'))
    end = phrase.end - (len(piece) - len(piece.rstrip(' \t,;:.-–—"“”‘()[]!?،')))
    return Phrase(start, max(start, end), phrase.cue, phrase.shape)


def _names(sentence: str, language: str) -> Iterator[Phrase]:
    """Names, also with an age behind or a description before them, and two names as one."""
    found = names(sentence, language)
    for place, name in enumerate(found):
        yield Phrase(name.start, name.end, "", "name")
        after = found[place + 1] if place + 1 < len(found) else None
        if after and sentence[name.end : after.start] in (" and ", ", ", " & "):
            yield Phrase(name.start, after.end, "", "names")
        before = re.search(r"(?:\b[\w-]+\s+){1,2}$", sentence[: name.start])
        if before and not {word.lower() for word in before[0].split()} & _NO_DESCRIPTION:
            yield Phrase(before.start(), name.end, "", "described")


def _subjects(sentence: str, language: str) -> Iterator[Phrase]:
    """What stands before the first verb, whole and from each of its nouns' beginnings."""
    tokens = list(_TOKEN.finditer(sentence))[: LONGEST_SUBJECT + 4]
    for place, token in enumerate(tokens):
        if place and is_verb(token[0].lower()) and place <= LONGEST_SUBJECT:
            yield Phrase(tokens[0].start(), tokens[place - 1].end(), token[0].lower(), "subject")
            return


def _counted(sentence: str, language: str) -> Iterator[Phrase]:
    """Numbers, alone and with what they count."""
    for figure in figures(sentence, language, [(t.start, t.end) for t in times(sentence)]):
        if figure.is_silent:
            continue
        yield Phrase(figure.start, figure.end, figure.unit, "number")
        if behind := _COUNT.match(sentence, figure.end):
            yield Phrase(figure.start, behind.end(), figure.counted, "counted")


def _verbs_of(sentence: str) -> list[tuple[int, re.Match[str]]]:
    """The verbs of a sentence that begin a verb phrase, with their number among its tokens."""
    tokens = list(_TOKEN.finditer(sentence))
    title = is_title_case(sentence)
    found = []
    for place, token in enumerate(tokens):
        word = token[0].lower()
        if (token[0][0].isupper() and place and not title) or not is_verb(word):
            continue
        before = tokens[place - 1][0].lower() if place else ""
        if before not in _HELPING or word in _HELPING:
            found.append((place, token))
    return found[:MOST_VERBS]


def _actions(sentence: str, language: str) -> Iterator[Phrase]:
    """Verb phrases: from each verb, and from the subject before it, to where a clause or a prepositional phrase ends."""
    if language != "en":
        return
    tokens = list(_TOKEN.finditer(sentence))
    for place, verb in _verbs_of(sentence):
        first = _subject_start(tokens, place)
        for end, mark in _ends(sentence, tokens, place):
            yield Phrase(verb.start(), end, mark, "verb")
            if first < place:
                yield Phrase(tokens[first].start(), end, mark, "whole")


def _subject_start(tokens: Sequence[re.Match[str]], place: int) -> int:
    """The token where the subject of a verb begins: after the last mark or conjunction before it."""
    first = place
    while first and place - first < LONGEST_SUBJECT:
        word = tokens[first - 1][0].lower()
        if not word[0].isalnum() or word in _PREPOSITIONS or is_verb(word):
            break
        first -= 1
    return first


def _ends(sentence: str, tokens: Sequence[re.Match[str]], place: int) -> Iterator[tuple[int, str]]:
    """Where a phrase that begins at a verb may end, and before which mark or word."""
    for at in range(place + 1, min(len(tokens), place + LONGEST_PHRASE + 1)):
        word = tokens[at][0].lower()
        is_mark = not word[0].isalnum() and word not in "'’\"“”‘$£€%"
        if (is_mark or word in _PREPOSITIONS) and at > place + 1:
            yield tokens[at - 1].end(), "stop" if is_mark else "join" if word in _JOINS else "prep"
        if is_mark:
            return
    if place + LONGEST_PHRASE >= len(tokens):
        yield tokens[-1].end(), "stop"


def _clauses(sentence: str, language: str) -> Iterator[Phrase]:
    """The clauses of a sentence between its marks, for languages whose verbs are not known."""
    if language == "en":
        return
    at = 0
    for mark in re.finditer(r"[,;:،؛.!?؟]|$", sentence):
        if 2 <= len(sentence[at : mark.start()].split()) <= 2 * LONGEST_PHRASE:
            yield Phrase(at, mark.start(), "", "clause")
        at = mark.end()


def _times(sentence: str, language: str) -> Iterator[Phrase]:
    """Times, neighbours joined, with the words around them that belong to them; and the events that date others."""
    found = times(sentence)
    for place, time in enumerate(found):
        start, end = time.start, time.end
        while behind := _BEHIND_TIME.match(sentence, end):
            end = behind.end()
        yield Phrase(start, end, _kind_of(time), "time")
        last = place
        while last + 1 < min(len(found), place + MOST_JOINED) and re.fullmatch(r",?\s+(?:(?:on|at|in|local time on|of|the|يوم)\s+)?|\s*\(", sentence[end : found[last + 1].start] or " "):  # fmt: skip
            last += 1
            end = found[last].end
            while behind := _BEHIND_TIME.match(sentence, end):
                end = behind.end()
            yield Phrase(start, end, "joined", "time")
        if around := _AROUND_TIME.search(sentence, max(0, start - LONGEST_AROUND), start):
            yield Phrase(around.start(), end, around[0].split()[0].lower(), "around")


def _kind_of(time: object) -> str:
    """Which kind of time a phrase tells: weekday, clock, date, year, near or step."""
    for name in ("weekday", "minute", "day", "days", "year", "month"):
        if getattr(time, name) is not None:
            return name
    return "step"


def _places(sentence: str, language: str) -> Iterator[Phrase]:
    """Names behind a preposition of place, with the small words before and the region behind them; no times."""
    dated = [time.start for time in times(sentence)]
    for match in _PLACES.finditer(sentence):
        start, end = match.span("what")
        end = min([end, *(at for at in dated if start <= at < end)])
        cue, what = _PLACE_CUES.get(match["cue"].lower(), "to"), sentence[start:end]
        if not any(char.isupper() for char in what):
            continue
        yield Phrase(start, end, cue, "place")
        if capital := re.search(r"(?<!\w)[A-Z]", what):
            yield Phrase(start + capital.start(), end, cue, "name" if capital.start() else "place")
            if "," in what:
                yield Phrase(start + capital.start(), start + what.index(","), cue, "place")
        if what.count(",") > 1:
            yield Phrase(start, start + what.index(",", what.index(",") + 1), cue, "place")
    if language != "en":
        for match in _PLACES_ELSEWHERE.finditer(sentence):
            yield Phrase(match.start("what"), match.end("what"), match["cue"], "place")


def _named_places(sentence: str, language: str) -> Iterator[Phrase]:
    """Names by themselves: headlines put no preposition before them."""
    for name in names(sentence, language):
        yield Phrase(name.start, name.end, "", "name")


def _causes(sentence: str, language: str) -> Iterator[Phrase]:
    """What stands behind a word of cause or means, to the ends of its clauses."""
    for match in _CAUSES.finditer(sentence):
        made = 0
        for end in _CLAUSE_END.finditer(sentence, match.end()):
            length = len(sentence[match.end() : end.start()].split())
            if length > LONGEST_PHRASE or made == 3:
                break
            if length >= 2:
                made += 1
                yield Phrase(match.end(), end.start(), match.lastgroup or "", "cause")
