"""Reads a question: what kind of answer it asks for, and by which words it tells the event. It answers nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from octavo.core.telling.names import names
from octavo.core.telling.verbs import AUXILIARIES, lemma_of
from octavo.core.telling.words import WORD, base_language, subject_words, words_of
from octavo.core.words import fold


class Asked(StrEnum):
    """What kind of phrase answers a question."""

    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW = "how"
    AMOUNT = "amount"


# The first pattern that a question matches tells its kind. Question words of English, Arabic, French, German, Spanish.
_KINDS: Final = (
    (Asked.AMOUNT, r"how (?:many|much|old|long|far|often|big|large|tall|fast|high|deep|strong|heavy|wide)|what (?:percentage|share|number|age)|"
     r"كم|combien|wie ?viele?|wie (?:alt|lange|hoch)|cuánt[oa]s?"),
    (Asked.WHO, r"who|whom|whose|which (?:man|woman|person|people|company|team|party|country|club)|من (?:هو|هي|هم|الذي|قال|كان)|"
     r"مَن|من(?=\s)|qui|wer|wen|wem|quién(?:es)?"),
    (Asked.WHEN, r"when|(?:what|which) (?:day|date|time|year|month)|at what time|متى|quand|wann|cuándo"),
    (Asked.WHERE, r"where|(?:in |at )?(?:what|which) (?:place|city|town|village|street)|أين|اين|où|wo|dónde"),
    (Asked.WHY, r"why|for what reason|what (?:caused|was the (?:cause|reason))|لماذا|لم(?=\s)|pourquoi|warum|wieso|por qué"),
    (Asked.HOW, r"how|كيف|comment|wie|cómo"),
    (Asked.WHAT, r"what|which|ماذا|ما(?=\s)|que|quel(?:le)?s?|was|welche[rs]?|qué|cuál"),
)  # fmt: skip
_PATTERNS: Final = [(kind, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.I)) for kind, pattern in _KINDS]
_COUNTED: Final = re.compile(r"(?<!\w)(?:how many|كم)\s+(?P<what>[^\W\d_]{3,})", re.I)
# What a sentence must have that answers a question of this form; without it, a sentence merely about the same one answers.
_FORMS: Final = (
    (r"how old|what age",
     r"[-\s]years?[-\s]|\baged\b|,\s*\d{1,3}\s*[,)]|\(\d{1,3}\)|\b(?:is|was|turned|turns)\s+\d{1,3}\b|\b(?:built|born|founded|made|opened)\s(?:\w+\s){0,3}\d{4}\b|\bcentur"),
    (r"(?:phone|telephone|mobile|fax|passport|account) numbers?|e-?mail address(?:es)?|passwords?|post ?code|zip code",
     r"@|\d[\d -]{3,}\d"),
)  # fmt: skip
_FORM_PATTERNS: Final = [(re.compile(rf"(?<!\w)(?:{asks})(?!\w)", re.I), re.compile(has, re.I)) for asks, has in _FORMS]
# What is shorter is looked for, not asked: 'The Who', 'how to'.
FEWEST_WORDS: Final = 3
# Words that ask without telling any event.
_EMPTY: Final = words_of(
    """happen happened happening occur occurred place event story article report news incident anything something people
    person day date time year place reason cause main subject written called named tell told describe said say
    many much old long often percentage number which what kind sort exactly because
    حدث حصل وقع جرى الخبر المقال القصة الحدث يحدث هذا هذه ذلك"""
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is understood. `lemmas` tell the event that it asks about, none where it asks of the whole text;
    `names` are the words of its names, in small letters; `focus` is the lemma of what is counted, '' for none."""

    text: str
    kind: Asked
    language: str
    lemmas: frozenset[str]
    names: frozenset[str]
    focus: str = ""

    @property
    def is_general(self) -> bool:
        """Whether it asks what the text as a whole is about."""
        return not self.lemmas


def may_answer(question: str, sentence: str) -> bool:
    """Whether a sentence has what the question's form asks for: an age for 'how old', digits for 'what phone number'."""
    return all(has.search(sentence) for asks, has in _FORM_PATTERNS if asks.search(question))


def is_question(text: str) -> bool:
    """Whether what somebody typed is a question: it opens with a question word and tells an event, or ends with its mark."""
    bare = text.strip()
    if len(bare.split()) < FEWEST_WORDS:
        return False
    return bare[-1] in "?؟" or any(match.start() == 0 for _, p in _PATTERNS if (match := p.search(bare)))


def understand(text: str, language: str = "") -> Question:
    """Reads a question in the language of what it is asked of."""
    language = base_language(language, text)
    found = [(match.start(), order, kind) for order, (kind, p) in enumerate(_PATTERNS) if (match := p.search(text))]
    kind = min(found)[2] if found else Asked.WHAT
    opening = next((p for k, p in _PATTERNS if k is kind), None)
    rest = opening.sub(" ", text, count=1) if opening else text
    known = {word.lower() for name in names(text, language) if name.start or len(name.words) > 1 for word in name.words}
    asking = {fold(word) for word in WORD.findall(text)} - {fold(word) for word in WORD.findall(rest)}
    told = [word for word in subject_words(rest, language) if word not in AUXILIARIES and fold(word) not in _EMPTY]
    lemmas = frozenset(lemma_of(word, language) for word in told)
    counted = _COUNTED.search(text)
    focus = lemma_of(counted["what"], language) if counted else ""
    return Question(text, kind, language, lemmas, frozenset(known - asking - _EMPTY), focus if focus in lemmas else "")
