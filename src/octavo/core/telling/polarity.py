"""Tells how a text stands to each thing it says: asserted, denied, possible, to come. It compares two texts by that.

A cue ('not', 'may', 'will', 'denied') bends the first content word after it within its clause; this is what can be told
without parsing, after the scopes of NegEx (Chapman and others 2001).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from octavo.core.telling.verbs import AUXILIARIES, lemma
from octavo.core.telling.words import STOPWORDS, words_of
from octavo.core.words import fold

NEGATIONS: Final = {
    "en": words_of(
        """not never no none nobody nothing neither without cannot hardly denied denies deny denying failed fails
        fail refused refuses refuse declined declines rejected rejects unable"""
    ),
    "ar": words_of("لا لم لن ليس ليست ليسوا غير دون بدون نفى نفت ينفي تنفي رفض رفضت يرفض ترفض"),
    "fr": words_of("ne pas jamais aucun aucune sans ni rien refuse refusé nie nié"),
    "de": words_of("nicht kein keine keinen keinem keiner nie niemals ohne weder noch"),
    "es": words_of("no nunca jamás ningún ninguna sin ni niega negó rechazó"),
    "pt": words_of("não nunca jamais nenhum nenhuma sem nem nega negou rejeitou"),
}
MODALS: Final = {
    "en": {
        **dict.fromkeys(("may", "might", "could", "can", "possibly", "perhaps", "maybe", "allegedly", "reportedly", "suspected", "alleged"), "possible"),
        **dict.fromkeys(("will", "shall", "'ll"), "future"),
        "would": "would",
        **dict.fromkeys(("must", "should", "ought"), "duty"),
    },
    "ar": {
        **dict.fromkeys(("قد", "ربما", "يمكن", "يحتمل", "لعل"), "possible"),
        **dict.fromkeys(("سوف",), "future"),
        **dict.fromkeys(("يجب", "ينبغي"), "duty"),
    },
    "fr": dict.fromkeys(("peut", "pourrait", "pourraient", "peuvent"), "possible"),
    "de": {**dict.fromkeys(("kann", "könnte", "könnten", "können", "vielleicht"), "possible"),
           **dict.fromkeys(("muss", "müssen", "soll", "sollen"), "duty")},
    "es": {**dict.fromkeys(("puede", "podría", "podrían", "pueden", "quizás"), "possible"), "debe": "duty"},
    "pt": {**dict.fromkeys(("pode", "poderia", "podem", "talvez"), "possible"), "deve": "duty"},
}  # fmt: skip
# 'plans to open' has not opened.
INTENT: Final = words_of(
    """expected likely set due plan plans planned planning hope hopes hoped hoping want wants wanted try tries tried
    trying vow vows vowed promise promises promised pledge pledged aim aims aimed intend intends intended scheduled
    seek seeks seeking sought ready threaten threatens threatened unlikely agreed ready urge urged urges ordered asked"""
)
# Of what the claim says (first) the cited text may say it so (second) and still support it.
BEARS: Final = frozenset(
    {("future", "would"), ("would", "future"), ("future", "intent"), ("intent", "future"), ("intent", "would"),
     ("would", "intent"), ("duty", "would"), ("intent", "duty")}
)  # fmt: skip
# Words of one group tell the contrary of those of the other.
_CONTRARY: Final = (
    ("rise increase grow climb gain higher jump surge soar up", "fall drop decrease decline shrink lower plunge slump down cut"),
    ("win victory triumph", "lose defeat loss"),
    ("approve accept agree back support endorse favour favor", "reject oppose refuse block against veto"),
    ("allow permit legalise legalize", "ban forbid bar prohibit outlaw"),
    ("begin start open launch resume", "end stop close finish halt suspend shut"),
    ("guilty convict", "innocent acquit clear"),
    ("alive survive survivor", "dead die kill death body"),
    ("before", "after"), ("more", "fewer less"), ("confirm admit", "deny"), ("arrest detain", "release free"),
    ("praise welcome", "criticise criticize condemn"), ("hot warm", "cold"), ("largest biggest highest", "smallest lowest"),
    ("first", "last"), ("north northern", "south southern"), ("east eastern", "west western"), ("best", "worst"),
    ("buy purchase", "sell"), ("enter join", "leave quit"), ("true", "false"), ("safe", "dangerous unsafe"),
    ("son", "daughter"), ("brother", "sister"), ("mother", "father"), ("husband", "wife"), ("man men", "woman women"),
    ("remember", "forget"), ("love", "hate"), ("strong", "weak"), ("early", "late"), ("majority", "minority"),
)  # fmt: skip
CONTRARY: Final = [tuple(frozenset(lemma(word) for word in group.split()) for group in pair) for pair in _CONTRARY]

# A word is the cited one where one of so many content words on each side of it is the same, too.
NEAR: Final = 2
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?|[’']ll\b|[.;:!?,—()]")
# A cue does not reach over these.
_CLAUSE: Final = words_of("that because but who which if when while where whether although though and or as than")


@dataclass(frozen=True, slots=True)
class Stance:
    """One content word, under its lemma, as the text says it: denied or not, and with which modality ('' for none).

    `near` are the content words beside it.
    """

    lemma: str
    word: str
    is_denied: bool
    modal: str
    near: frozenset[str] = frozenset()


def stances(text: str, language: str = "en", without: Sequence[tuple[int, int]] = ()) -> list[Stance]:
    """The content words of a text with how it says them; what stands in the spans of `without` (dates) is left out."""
    found = list(_walk(text, language, without))
    lemmas = [one.lemma for one in found]
    return [
        replace(one, near=frozenset(lemmas[max(0, k - NEAR) : k] + lemmas[k + 1 : k + 1 + NEAR]))
        for k, one in enumerate(found)
    ]


def _walk(text: str, language: str, without: Sequence[tuple[int, int]]) -> Iterator[Stance]:
    negations, modals = NEGATIONS.get(language, frozenset()), MODALS.get(language, {})
    little = STOPWORDS.get(language, frozenset()) | AUXILIARIES
    tokens = [t for t in _TOKEN.finditer(text) if not any(s <= t.start() < e for s, e in without)]
    denied, modal = False, ""
    for place, token in enumerate(tokens):
        word = fold(token[0].replace("’", "'"))
        if not word[-1:].isalpha() or word in _CLAUSE:
            denied, modal = False, ""
        elif word in negations or word.endswith("n't"):
            denied = not (denied and language == "en")
            modal = modal or modals.get(word.removesuffix("n't"), "")
            if word not in little and not word.endswith("n't"):
                yield Stance(lemma(word, language), word, False, modal)
                modal = ""
        elif word in modals:
            modal = modals[word]
        elif language == "en" and word in INTENT and place + 1 < len(tokens) and tokens[place + 1][0].lower() == "to":
            yield Stance(lemma(word, language), word, denied, modal)
            denied, modal = denied or word == "unlikely", "intent"
        elif token[0][0].isupper() and place and language == "en" and not _opens(tokens[place - 1]):
            continue  # a name: what is denied or possible is told by the verb behind it
        elif word in little or (language == "en" and word.endswith("ly") and len(word) > 4):
            continue
        else:
            if language == "ar" and word.startswith("س") and len(word) > 4 and word[1] in "يتن":
                word, modal = word[1:], modal or "future"
            yield Stance(lemma(word.removesuffix("'s"), language), word, denied, modal)
            denied, modal = False, ""


def _opens(before: re.Match[str]) -> bool:
    return before[0] in '.!?:;“"'


def cues(text: str, language: str) -> tuple[bool, frozenset[str]]:
    """Whether a few words hold a denial, and which modalities."""
    negations, modals = NEGATIONS.get(language, frozenset()), MODALS.get(language, {})
    words = [fold(token[0].replace("’", "'")) for token in _TOKEN.finditer(text)]
    denied = sum(word in negations or word.endswith("n't") for word in words) % 2 == 1
    found = {modals[bare] for word in words if (bare := word.removesuffix("n't")) in modals}
    if "won't" in words:
        found.add("future")
    return denied, frozenset(found)


def bears(told: str, cited: str) -> bool:
    """Whether one modality supports another."""
    return told == cited or (told, cited) in BEARS


def flips(told: str, cited: str, language: str = "en", spans: tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]] = ((), ())) -> list[tuple[str, str]]:  # fmt: skip
    """What a sentence says otherwise than the cited text, as (negation | modal | contrary, the word)."""
    known: dict[str, list[Stance]] = defaultdict(list)
    for stance in stances(cited, language, spans[1]):
        known[stance.lemma].append(stance)
    theirs = {(s.is_denied, s.modal) for found in known.values() for s in found}
    mine = stances(told, language, spans[0])
    own = any(s.is_denied for s in mine), any(s.modal for s in mine)
    found = [flip for stance in mine if (flip := _flip(stance, known, theirs, own))]
    return found


def _flip(
    stance: Stance, known: dict[str, list[Stance]], theirs: set[tuple[bool, str]], own: tuple[bool, bool]
) -> tuple[str, str] | None:
    """How one word is said otherwise; None where the cited text bears it or says nothing of it.

    `theirs` are all the ways in which the cited text says things; `own` tells whether the claim denies, and doubts,
    anything: where it does, it may have kept the cited denial with another word.
    """
    cited = known.get(stance.lemma, [])
    if stance.is_denied and not any(is_denied for is_denied, _ in theirs):
        return "negation", stance.word
    if stance.modal in ("possible", "future", "duty") and not any(bears(stance.modal, modal) for _, modal in theirs):
        return "modal", stance.word
    if not cited:
        return None
    if stance.is_denied and not any(one.is_denied for one in cited):
        return "negation", stance.word
    alike = [one for one in cited if one.near & stance.near]
    if alike and stance.modal in ("possible", "duty") and not any(one.modal for one in cited):
        return "modal", stance.word
    if alike and not own[0] and all(one.is_denied for one in cited):
        return "negation", stance.word
    if alike and not own[1] and all(one.modal for one in cited):
        return "modal", stance.word
    if stance.modal and all(one.modal and not bears(stance.modal, one.modal) for one in cited):
        return "modal", stance.word
    return None


def contrary(told: str, cited: str) -> str:
    """A word of one text whose contrary stands in the other in its place; '' for none. English only."""
    mine, theirs = _lemmas(told), _lemmas(cited)
    for pair in CONTRARY:
        for one, other in (pair, pair[::-1]):
            if mine & one and theirs & other and not theirs & one and not mine & other:
                return min(mine & one)
    return ""


def _lemmas(text: str) -> set[str]:
    return {lemma(fold(token[0]), "en") for token in _TOKEN.finditer(text) if token[0][0].isalpha()}
