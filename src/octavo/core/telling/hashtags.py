"""Chooses the hashtags of an article from its own words: whom and what it names, then phrases that recur; it invents none.

Few and right before many: what a reader would not follow - a common word, a weekday, the publisher itself - is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from octavo.core.reading.sections import section_of
from octavo.core.telling.arabic_subjects import arabic_subjects
from octavo.core.telling.keyphrases import WEIGHT, key_phrases, tells_alone
from octavo.core.telling.subjects import VOUCHED, Subject, cleaned, named
from octavo.core.telling.topics import CASELESS, fold_arabic_name, singular, topic_key, topic_label, unmarked
from octavo.core.telling.words import STOPWORDS, WORD, base_language
from octavo.core.words import fold

# What is written with other rules has another number: the worker then gives stored articles their hashtags anew.
RULES: Final = "4"
FEWEST, MOST = 3, 8
READ_CHARACTERS: Final = 12_000
LONGEST_LABEL: Final = 60
LONGEST_TAG_WORDS: Final = 5
# What a subject must weigh beside the weightiest, once there are so many.
ENOUGH: Final = 4
LEAST_SHARE: Final = 0.3
# What the publisher's own tag adds to a subject; as its own subject it needs to stand in the text.
PUBLISHERS_TAG: Final = 2.0


@dataclass(frozen=True, slots=True)
class Hashtag:
    """`key` is the same for all spellings of a topic in one language; `label` is shown after the #."""

    key: str
    label: str


def hashtags(
    title: str, text: str, language: str = "", tags: Iterable[str] = (), ours: Iterable[str] = ()
) -> list[Hashtag]:
    """Up to eight hashtags of an article, the weightiest first; none where it tells of nothing that recurs.

    `tags` are the publisher's own: they count where the text has them, and never alone. `ours` are the names of its
    publisher and authors, which are no subject.
    """
    language = base_language(language, text or title)
    text, ours = text[:READ_CHARACTERS], tuple(ours)
    if language == "ar":
        title, text, tags, ours = unmarked(title), unmarked(text), map(unmarked, tags), tuple(map(unmarked, ours))
    subjects = _subjects(title, text, language, ours)
    subjects = _favoured(subjects, title, text, language, tags)
    return _chosen(subjects, language, ours)


def _subjects(title: str, text: str, language: str, ours: Sequence[str]) -> list[Subject]:
    if language == "ar":
        return arabic_subjects(title, text)
    if language in CASELESS:
        return []
    phrases = key_phrases(title, text, language)
    for phrase in phrases:
        phrase.bonus -= phrase.weight * (1 - WEIGHT)
    return named(title, text, language, ours) + phrases


def _favoured(subjects: list[Subject], title: str, text: str, language: str, tags: Iterable[str]) -> list[Subject]:
    """The subjects with the publisher's tags counting; a tag that the text has is a subject by itself."""
    by_key = {_key(one, language): one for one in subjects}
    body, head = (f" {' '.join(_forms(part, language))} " for part in (text, title))
    for tag in tags:
        words = cleaned(WORD.findall(tag)[: LONGEST_TAG_WORDS + 1], language)
        if not words or len(words) > LONGEST_TAG_WORDS or len(tag) > LONGEST_LABEL or section_of(tag):
            continue
        told = Subject(words, is_name=language == "ar" or any(word[:1].isupper() for word in words))
        known = by_key.get(_key(told, language))
        if known is not None:
            known.bonus += PUBLISHERS_TAG
        elif _stands(told, body, head, language, text):
            by_key[_key(told, language)] = told
            subjects.append(told)
    return subjects


def _stands(told: Subject, body: str, head: str, language: str, text: str) -> bool:
    """Whether a publisher's tag is told of: it stands in the text, a single word with weight."""
    whole = f" {' '.join(_forms(' '.join(told.words), language))} "
    told.mentions, told.in_title = body.count(whole), whole in head
    told.bonus = PUBLISHERS_TAG
    if len(told.words) > 1:
        return told.mentions > 0
    word = told.words[0]
    if language == "ar":
        return _is_arabic_name(word, text) and told.mentions > 0
    is_little = fold(word) in STOPWORDS.get(language, frozenset()) or len(word) < 3
    is_common = word.islower() and not (language == "en" and tells_alone(singular(word)))
    return not is_little and not is_common and told.mentions > 0 and (told.in_title or told.mentions > 1)


def _is_arabic_name(word: str, plain_text: str) -> bool:
    """Whether an Arabic word can be a name: what also stands with the article is a common noun."""
    return len(word) > 3 and not re.search(
        rf"(?<!\w)(?:ال|وال|بال|لل){re.escape(word.removeprefix('ال'))}(?!\w)", plain_text
    )


def _forms(text: str, language: str) -> list[str]:
    if language == "ar":
        return [fold_arabic_name(word) for word in WORD.findall(text)]
    return [singular(fold(word.removesuffix("’s").removesuffix("'s"))) for word in WORD.findall(text)]


def _key(one: Subject, language: str) -> str:
    return topic_key(one.words, language, is_name=one.is_name)


def _chosen(subjects: Iterable[Subject], language: str, ours: Sequence[str]) -> list[Hashtag]:
    """The weightiest, each topic once: none whose words another chosen one has."""
    ranked = sorted(subjects, key=lambda one: (not one.is_told_of, -one.weight, one.words))
    banned = {topic_key(WORD.findall(name), language) for name in ours}
    chosen: list[Hashtag] = []
    taken: list[set[str]] = []
    for one in ranked:
        tag = Hashtag(_key(one, language), topic_label(one.words, language))
        words = set(_forms(" ".join(one.words), language))
        if not tag.key or tag.key in banned or len(tag.label) > LONGEST_LABEL:
            continue
        if any(words <= other or words >= other for other in taken) and not _is_place_of_its_own(one):
            continue
        if len(chosen) >= FEWEST and not one.is_told_of:
            continue
        if len(chosen) >= ENOUGH and one.weight < ranked[0].weight * LEAST_SHARE:
            break
        chosen.append(tag)
        taken.append(words)
        if len(chosen) == MOST:
            break
    return chosen


def _is_place_of_its_own(one: Subject) -> bool:
    """Whether a name stands beside longer ones that hold it, as a country's does."""
    return one.is_name and len(one.words) == 1 and one.bonus >= VOUCHED
