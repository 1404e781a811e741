"""Finds the phrases that an article is about: neighbouring small words that recur, a noun at their end; no names.

English is told by counted verbs and by how rare its words are; other languages by their little words and recurrence alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from octavo.core.folding.terms import Terms, numbers
from octavo.core.telling.phrases import is_verb
from octavo.core.telling.subjects import OPENING, Subject
from octavo.core.telling.topics import singular
from octavo.core.telling.words import STOPWORDS, WORD, words_of
from octavo.core.words import fold, stems

# How often a phrase stands that the headline has not, and that it has.
RECURS, RECURS_WITH_TITLE = 3, 2
# Rarities are log((N + 1) / (df + 1/2)) in 8,000 articles: a pair's sum, and the rarer word's; a single word's, which
# only a publisher's tag makes a subject.
RARE_PAIR, RARE_WORD, RARE_ALONE = 4.6, 2.6, 4.4
SHORTEST: Final = 3
# Phrases weigh less than names: an article's subject is more often whom and where than what.
WEIGHT: Final = 0.8

# Words that open or end no phrase worth following.
_IDLE: Final = words_of(
    """new old big small good bad great major main top full former recent current early late next previous first second
    third last past long short high low large huge many more most few several own same different various certain possible
    likely able clear strong weak young little real true public general official officials people person man men woman women
    member members leader leaders spokesman spokeswoman statement interview reporter reporters news year years day days week
    weeks month months hour hours minute minutes time times way ways thing things lot number part side case point fact
    question answer example kind sort place area level end start half quarter percent percentage million billion thousand
    hundred dollar dollars pound pounds euro euros cent cents kilometre kilometres mile miles metre metres foot feet ton tons
    tonne tonnes here there where when only very well much too also another other others someone something everyone
    everything nothing anyone anything ones around ago along away already soon often still yet today tonight tomorrow
    yesterday morning afternoon evening night weekend january monday left right back front top bottom middle near close
    report reports article articles story stories photo photos video image images page site website email read click
    advertisement comment comments editor writer spokesperson source sources according close senior chief local national
    total entire whole single couple group groups country countries world issue issues problem problems change changes
    plan plans move moves call calls use uses effort efforts step steps result results matter matters need needs life
    family friend friends home house room door street city town state states government nation company companies business
    party parties side sides house senate president minister secretary director head members head hands hand face eyes
    eye ground floor mind idea ideas sense reason reasons job line record close term terms set open ever even almost nearly
    such outside inside under over without within toward towards across behind beyond panel like unlike despite amid per via due least less quite rather"""
)
# What is a verb elsewhere and ends a phrase all the same: a trade deal.
_NOUNS: Final = words_of("deal deals cut cuts fight bill bills strike strikes spending building hearing funding housing trading "
    "testing training mining fishing farming banking shooting bombing gambling voting ruling rising uprising warming "
    "trafficking hacking monitoring vaccine death deaths ring spring light lead bid bids hit run runs rise split spread "
    "parole painting surveillance ceasefire budget limit limits ban bans control controls reform reforms law laws tax taxes "
    "rate rates price prices crisis debt export exports import imports aid")  # fmt: skip


@lru_cache(maxsize=1)
def _terms() -> Terms:
    return Terms()


@lru_cache(maxsize=1 << 14)
def rarity(word: str) -> float:
    """How rare an English word is in news."""
    return float(_terms().rarity("en", numbers(stems([word], "en")))[0])


def key_phrases(title: str, text: str, language: str) -> list[Subject]:
    """The phrases that recur in a text, the weightiest first."""
    runs = list(_runs(text, language))
    counts: Counter[tuple[str, ...]] = Counter()
    for run in runs:
        counts.update(run[at : at + size] for size in (2, 3) for at in range(len(run) - size + 1))
    headline = f" {' '.join(_forms(title, language))} "
    opening = f" {' '.join(_forms(text[:OPENING], language))} "
    found = []
    for words, count in _by_number(counts).items():
        one = Subject(
            words[1], count, f" {' '.join(words[0])} " in headline, f" {' '.join(words[0])} " in opening, is_name=False
        )
        if _is_told_of(one, language):
            found.append(one)
    return sorted(_longest(found), key=lambda one: (-one.weight, one.words))


def _by_number(counts: Counter[tuple[str, ...]]) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
    """Singular and plural of a phrase as one, under the commoner: (their common form, as written) to a count."""
    written: dict[tuple[str, ...], tuple[str, ...]] = {}
    sums: Counter[tuple[str, ...]] = Counter()
    for words, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        form = tuple(map(singular, words))
        written.setdefault(form, words)
        sums[form] += count
    return {(form, written[form]): count for form, count in sums.items()}


def _forms(text: str, language: str) -> list[str]:
    folded = (fold(word.removesuffix("’s").removesuffix("'s")) for word in WORD.findall(text))
    return [singular(word) for word in folded]


def _runs(text: str, language: str) -> Iterator[tuple[str, ...]]:
    """The stretches of neighbouring words that are written small and no little words, nothing but spaces between them."""
    run: list[str] = []
    end = -1
    for match in WORD.finditer(text):
        word = match[0].removesuffix("’s").removesuffix("'s")
        if run and text[end : match.start()] != " ":
            yield tuple(run)
            run = []
        end = match.start() + len(word)
        if word.islower() and not word.isdigit() and not _is_little(word, language):
            run.append(fold(word))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _is_little(word: str, language: str) -> bool:
    return len(word) < SHORTEST or word in STOPWORDS.get(language, frozenset()) or any(char.isdigit() for char in word)


def _is_told_of(one: Subject, language: str) -> bool:
    """Whether a phrase recurs enough and tells enough."""
    if one.mentions < (RECURS_WITH_TITLE if one.in_title else RECURS) or not (one.in_title or one.in_opening):
        return False
    return _tells(one.words) if language == "en" else all(len(word) > SHORTEST for word in one.words)


def tells_alone(word: str) -> bool:
    """Whether a single English word is rare enough to be a topic, where a publisher says that it is one."""
    return rarity(word) >= RARE_ALONE and len(word) > SHORTEST and not _is_no_noun(word) and word not in _IDLE


def _tells(words: tuple[str, ...]) -> bool:
    if any(word in _IDLE and at in (0, len(words) - 1) for at, word in enumerate(words)):
        return False
    if _is_no_noun(words[-1]) or any(is_verb(word) and word not in _NOUNS for word in words[:-1]):
        return False
    rarities = [rarity(word) for word in words]
    return sum(rarities) / len(words) * 2 >= RARE_PAIR and max(rarities) >= RARE_WORD


def _is_no_noun(word: str) -> bool:
    """Whether an English word ends no noun phrase: a verb, an adverb, a participle."""
    if word in _NOUNS:
        return False
    return is_verb(word) or word.endswith(("ly", "ed", "ing", "ful", "ous", "ive", "able", "ible", "ier", "est"))


def _longest(found: list[Subject]) -> list[Subject]:
    """Without phrases that a longer one of about as many mentions holds."""
    return [
        one
        for one in found
        if not any(
            len(other.words) > len(one.words)
            and _holds(other.words, one.words)
            and other.mentions >= one.mentions * 0.6
            for other in found
        )
    ]


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return any(longer[at : at + len(shorter)] == shorter for at in range(len(longer) - len(shorter) + 1))
