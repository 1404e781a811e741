"""Decides which sentences of a model's answer are shown, and what stands in the place of the others; it mends none.

A sentence passes where its passages were offered, its evidence stands in them word for word, it carries no address, picture
or markup, and the claims check has nothing against it. In the place of another comes the nearest sentence of the text itself,
or none. So an answer can cost a reader its wording, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from octavo.core.telling.claims import check
from octavo.core.telling.drafts import Draft
from octavo.core.telling.offering import (
    DOMAIN,
    Offered,
    Source,
    addresses_reader,
    speaks_out_of_turn,
    visible,
)
from octavo.core.telling.sentences import sentences
from octavo.core.telling.verbs import REPORTING, lemma_of
from octavo.core.telling.words import WORD, base_language, subject_words
from octavo.core.types import Claim, Passage

# Evidence of fewer words proves nothing, unless the sentence itself has no more.
EVIDENCE_WORDS: Final = 3
# Words that begin with so many letters alike are kindred: 'council' and 'councillors', 'decide' and 'decided'.
ROOT: Final = 5
# A sentence that shares so many of its words with one before says it again.
REPEATED: Final = 0.8
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_BULLET: Final = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that may be shown. `is_models`: in a model's words; otherwise a sentence of the text itself."""

    claim: Claim
    is_models: bool


def told(drafts: Iterable[Draft], source: Source, spare: Sequence[Passage], most: int) -> Iterator[Told]:
    """At most `most` sentences to show, each as soon as it is judged.

    `spare`: the sentences that the text itself would be told by. They stand in for what is vetoed, and fill up what an
    answer leaves out, so that there are never fewer of them than there would be without a model.
    """
    wording = _Wording(source, [passage for passage in spare if may_stand(source, passage)])
    for draft in drafts:
        if len(wording.shown) >= most:
            return
        yield from wording.of(draft)
    while len(wording.shown) < min(most, len(wording.spare)) and (one := wording.next_spare("")):
        yield one


def may_stand(source: Source, passage: Passage) -> bool:
    """Whether a sentence of the text may be shown here: not where it speaks to machines or carries an address."""
    return not speaks_out_of_turn(_text_of(source, passage))


class _Wording:
    """What has been shown so far, and what may still stand in."""

    def __init__(self, source: Source, spare: Sequence[Passage]) -> None:
        self.source, self.spare, self.shown = source, spare, list[Told]()

    def of(self, draft: Draft) -> Iterator[Told]:
        """What is shown for one draft: its sentences, or one that stands in."""
        claims = judged(draft, self.source)
        if not claims:
            if one := self.next_spare(draft.text):
                yield one
            return
        for claim in claims:
            if not any(says_again(claim.text, before.claim.text) for before in self.shown):
                self.shown.append(Told(claim, is_models=True))
                yield self.shown[-1]

    def next_spare(self, wanted: str) -> Told | None:
        """The sentence of the text that shares most with what was vetoed and is not cited yet, the first of equals."""
        used = {passage for one in self.shown for passage in one.claim.passages}
        left = [passage for passage in self.spare if passage not in used]
        if not left:
            return None
        words = _words(wanted)
        best = max(left, key=lambda passage: len(words & _words(_text_of(self.source, passage))))
        self.shown.append(Told(Claim(_text_of(self.source, best), (best,)), is_models=False))
        return self.shown[-1]


def judged(draft: Draft, source: Source) -> list[Claim]:
    """A draft's sentences as claims; empty where anything is against one of them."""
    text = plain(draft.text)
    cited = cited_by(draft, source)
    if not text or not cited or speaks_out_of_turn(text):
        return []
    standing = "\n".join(one.text for one in cited)
    if addresses_reader(text, standing) or any(
        name[0].lower() not in standing.lower() for name in DOMAIN.finditer(text)
    ):
        return []
    passages = tuple(one.passage for one in cited)
    claims = [Claim(text[start:end], passages) for start, end in sentences(text)]
    if any(speaks_out_of_turn(claim.text) or is_strange(claim.text, standing, source.language) for claim in claims):
        return []
    return claims if all(check(claim, source.texts).holds for claim in claims) else []


def plain(text: str) -> str:
    """A model's text as it is shown: without unseen characters, emphasis and bullets."""
    return _EMPHASIS.sub(r"\2", _BULLET.sub("", visible(text))).strip()


def cited_by(draft: Draft, source: Source) -> list[Offered]:
    """The offered sentences that a draft cites and that its evidence stands in word for word; empty where none does.

    Evidence that stands in another offered sentence than the cited ones cites that one; evidence that stands nowhere is
    invented, and then nothing is cited.
    """
    named = [one for number in draft.passages if (one := source.sentence(number))]
    found: list[Offered] = []
    for evidence in draft.evidence:
        wanted = _flat(evidence)
        place = next((one for one in [*named, *source.offered] if _stands(wanted, one)), None)
        if place is None:
            return []
        found.append(place)
    return sorted({*found, *named}, key=lambda one: one.number) if found else []


def _stands(wanted: str, sentence: Offered) -> bool:
    flat = _flat(sentence.text)
    least = min(EVIDENCE_WORDS, len(flat.split()))
    return len(wanted.split()) >= least and f" {wanted} " in f" {flat} "


def is_strange(text: str, cited: str, language: str) -> bool:
    """Whether a sentence has a subject word that stands nowhere in what it cites, in no form and in no kindred word."""
    language = base_language(language, cited)
    words = [word.lower() for word in WORD.findall(cited)]
    have = {lemma_of(word, language) for word in words} | {part for word in words for part in word.split("-")}
    roots = {word[:ROOT] for word in words if len(word) >= ROOT}
    return any(not _is_known(word, have, roots, language) for word in subject_words(text, language))


def _is_known(word: str, have: set[str], roots: set[str], language: str) -> bool:
    if word in REPORTING or lemma_of(word, language) in have or all(part in have for part in word.split("-")):
        return True
    return len(word) >= ROOT and word[:ROOT] in roots


def says_again(text: str, before: str) -> bool:
    """Whether most words of a sentence stand in one before."""
    mine = _words(text)
    return bool(mine) and len(mine & _words(before)) >= REPEATED * len(mine)


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def _flat(text: str) -> str:
    """Words alone, in small letters: quotation marks and white space prove nothing."""
    return " ".join(WORD.findall(visible(text).lower().replace("’", "'")))


def _text_of(source: Source, passage: Passage) -> str:
    return visible(source.texts[passage.article, passage.version].text[passage.start : passage.end])
