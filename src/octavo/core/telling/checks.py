"""Compares what a sentence says with the text that it cites, one kind of fact at a time; it decides nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from octavo.core.telling.alignment import Difference
from octavo.core.telling.figures import STRICT, UNITS, Figure, figures
from octavo.core.telling.names import (
    JOINING,
    TITLES,
    bare,
    is_acronym,
    is_title_case,
    names,
    opens_sentence,
    small_words,
)
from octavo.core.telling.polarity import bears, contrary, cues
from octavo.core.telling.speakers import PRONOUNS, SOURCES, speakers
from octavo.core.telling.times import MONTHS, WEEKDAYS, Time, supports, times
from octavo.core.telling.verbs import REPORTING, lemma_of
from octavo.core.telling.words import STOPWORDS
from octavo.core.words import fold, fold_arabic

# A rounded number of the claim may be so far, in parts of it, from the cited one; a bounded one ('over') further.
ROUNDED, BOUNDED = 0.025, 0.10
# A speaker's office stands within so many characters of the name.
DESCRIPTION: Final = 80
# Shorter words between quotation marks are names, titles and irony.
SHORTEST_QUOTE: Final = 2
_QUOTED: Final = re.compile(r"“([^“”]{2,})”|\"([^\"]{2,})\"|«([^«»]{2,})»|„([^„“]{2,})“|(?<!\w)‘([^‘]{8,}?)’(?!\w)|(?<!\w)'([^']{12,}?)'(?!\w)")  # fmt: skip
# A quotation may leave words out where it says so, and may be interrupted by who says it between its sentences.
_ELLIPSIS: Final = re.compile(r"(?<=[.?!])\s+|\s*(?:\[?(?:\.\s?){3,}\]?|…|\[[^\]]*\])\s*")
_WORDS: Final = re.compile(r"[^\W_]+(?:[’'\-&.][^\W_]+)*")
# People and things of a country whose name does not begin the same.
_DEMONYMS: Final = {
    form: line.split()[0]
    for line in """france french frenchman|britain british briton britons uk|china chinese|spain spanish|germany german germans|
    netherlands dutch|switzerland swiss|wales welsh|england english|scotland scottish scots|ireland irish|denmark danish|
    sweden swedish|poland polish|turkey turkish turks|greece greek greeks|portugal portuguese|norway norwegian|
    finland finnish|iceland icelandic|czech czechia|philippines filipino philippine|thailand thai|argentina argentine|
    peru peruvian|israel israeli israelis|iraq iraqi iraqis|pakistan pakistani|afghanistan afghan afghans|
    saudi saudis|america american americans us usa u.s u.s.a states|russia russian russians|europe european europeans|
    islam islamic muslim muslims|democrat democratic democrats|vietnam vietnamese|japan japanese|lebanon lebanese|
    mali malian malians|congo congolese|ukraine ukrainian ukrainians|canada canadian canadians|mexico mexican mexicans|
    new_york new_yorker|catholic catholics catholicism|nato|eu""".replace("\n", " ").split("|")
    for form in line.split()
}  # fmt: skip
_ENDINGS: Final = (
    "",
    "s",
    "n",
    "an",
    "ian",
    "ns",
    "ans",
    "ians",
    "ese",
    "ish",
    "i",
    "is",
    "er",
    "ers",
    "y",
    "ic",
    "al",
)


def missing_numbers(told: str, cited: str, language: str) -> Iterator[tuple[str, str]]:
    """Numbers of a sentence that the cited text does not have, as ('number' or 'unit', as written)."""
    have = figures(cited, language, spans_of(times(cited)))
    for figure in figures(told, language, spans_of(times(told))):
        if figure.is_silent:
            continue
        near = [one for one in have if _same_value(figure, one)]
        if not near:
            yield "number", told[figure.start : figure.end]
        elif not any(_same_unit(figure, one) for one in near):
            yield "unit", told[figure.start : figure.end]
        elif all({figure.bound, one.bound} == {"more", "less"} for one in near) or _counts_other(figure, near, have):
            yield "number", told[figure.start : figure.end]


def _same_value(told: Figure, cited: Figure) -> bool:
    """Whether a number is the cited one, or a rounding of it that says so."""
    if told.value == cited.value:
        return not told.is_ordinal or cited.is_ordinal or cited.is_silent
    if told.is_ordinal or cited.is_ordinal or cited.is_silent:
        return False
    far = abs(told.value - cited.value) / max(told.value, 1e-9)
    if told.bound == "more":
        return cited.value > told.value and far <= BOUNDED
    if told.bound == "less":
        return cited.value < told.value and far <= BOUNDED
    return (told.is_rounded or told.bound == "about") and far <= ROUNDED and cited.value >= 10


def _same_unit(told: Figure, cited: Figure) -> bool:
    """Whether two numbers measure alike; where the cited one has no unit, only money and shares are told apart."""
    if told.unit == cited.unit or (told.is_ordinal and not (told.unit and cited.unit)):
        return True
    if told.unit in STRICT or cited.unit in STRICT:
        return False
    if told.unit and not cited.unit:
        return not UNITS.get(cited.counted) and told.unit == "year"
    return not told.unit and told.counted not in UNITS


def _counts_other(told: Figure, near: Sequence[Figure], have: Sequence[Figure]) -> bool:
    """Whether what a number counts is counted in the cited text, and every time with another number."""
    if not told.counted or told.unit or len(told.counted) < 4 or told.counted in STOPWORDS["en"]:
        return False
    mine = lemma_of(told.counted)
    counting = [one for one in have if one.counted and lemma_of(one.counted) == mine and not one.unit]
    return bool(counting) and not any(one in near for one in counting) and all(one.counted for one in near)


def spans_of(found: Sequence[Time]) -> list[tuple[int, int]]:
    """The spans of times."""
    return [(time.start, time.end) for time in found]


def missing_times(told: str, told_on: date | None, cited: Sequence[tuple[str, date | None]]) -> Iterator[str]:
    """Times of a sentence that no cited text tells, as written; each text comes with its day of publication."""
    have = [(time, on) for text, on in cited for time in times(text)]
    bare_numbers = {figure.value for text, _ in cited for figure in figures(text)}
    for time in times(told):
        if (time.phrase and have) or (time.month is None and time.year in bare_numbers):
            continue  # 'last year' is too vague to be contradicted; 2000 may be no year
        if not any(supports(time, one, told_on, on) for one, on in have):
            yield told[time.start : time.end]


def missing_names(told: str, cited: str, whole: str, language: str) -> Iterator[str]:
    """Names of a sentence that the cited text does not have, or only in the parts of several names.

    `whole` is the text of the cited articles: a full name may come from there where the passage has its surname.
    """
    have = {_plain(word[0]) for word in _WORDS.finditer(cited)}
    have |= {part for word in have for part in re.split(r"[-'’.]", word) if part}
    known = {_nation(word) for word in have}
    initials = _initials(cited)
    lemmas = {lemma_of(word, language) for word in have}
    for name in names(told, language):
        words = [word for word in name.words if word not in JOINING]
        missing = [word for word in words if not _stands(word, have, known, initials)]
        full = " ".join(words)
        if missing and not _may_expand(words, missing, cited, whole):
            if name.is_opening and missing == words == words[:1] and lemma_of(words[0], language) in lemmas:
                continue
            yield " ".join(missing)
        elif len(words) > 1 and not missing and not _together(words, whole) and not is_title_case(told):
            yield full


def _plain(word: str) -> str:
    """A word as names compare: small, without accents, possessive ending and final marks."""
    low = bare(word).lower()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", fold(low)).encode("ascii", "ignore").decode() or fold(low)
    return low.rstrip("'’.")


def _nation(word: str) -> str:
    return _DEMONYMS.get(word, word)


def _stands(word: str, have: set[str], known: set[str], initials: set[str]) -> bool:
    """Whether a name's word is in the cited text, as itself, its adjective or its initials."""
    low = _plain(word)
    if low in have or (_nation(low) in known and low in _DEMONYMS) or low.replace(".", "") in initials | have:
        return True
    if len(low) >= 4:
        stem = low.rstrip("s")
        for ending in _ENDINGS:
            if stem + ending in have or (ending and stem.endswith(ending) and len(stem) - len(ending) >= 4 and stem[: -len(ending)] in have):  # fmt: skip
                return True
            if stem[-1] in "aeiy" and stem[:-1] + ending in have and ending not in ("", "s"):
                return True
    parts = re.split(r"[-'’.]", low)
    long = [part for part in parts if len(part) > 1]
    return len(parts) > 1 and bool(long) and all(part in have for part in long)


def _initials(text: str) -> set[str]:
    """The initials of the names of several words, and the names whose initials a text has."""
    found: set[str] = set()
    for match in re.finditer(
        r"(?<![\w’'-])(?:[A-Z][\w’'-]+(?:\s+(?:of|for|the|and|on)\s+|\s+)){1,6}[A-Z][\w’'-]+", text
    ):
        capitals = [part[0].lower() for part in match[0].split() if part[0].isupper()]
        found |= {"".join(capitals[a:b]) for a in range(len(capitals)) for b in range(a + 2, len(capitals) + 1)}
    return found


def _may_expand(words: Sequence[str], missing: Sequence[str], cited: str, whole: str) -> bool:
    """Whether the missing words are a first name or title that the article gives to the surname of the passage."""
    if " ".join(words) not in whole:
        return False
    if len(words) == len(missing) or words[-1] in missing:
        return all(_plain(word) in TITLES for word in missing)
    return re.search(rf"\b{re.escape(words[-1])}\b", cited) is not None


def _together(words: Sequence[str], whole: str) -> bool:
    """Whether neighbours in a name of the claim are neighbours somewhere in the cited articles."""
    while len(words) > 1 and (_plain(words[0]) in TITLES or _plain(words[0]) in _DEMONYMS):
        words = words[1:]
    pairs = pairwise(words)
    return all(_neighbours(a, b, whole) or _neighbours(b, a, whole) for a, b in pairs)


def _neighbours(one: str, other: str, whole: str) -> bool:
    return re.search(rf"\b{re.escape(one)}(?:[’']s)?\W+(?:\w+\W+){{0,2}}?{re.escape(other)}", whole, re.I) is not None


def missing_words(told: str, cited: str, language: str) -> list[str]:
    """For scripts without capitals: the words that may be names and are not in the cited text, however inflected."""
    little = STOPWORDS.get(language, frozenset())
    have = {fold_arabic(fold(word[0])) for word in _WORDS.finditer(cited)}
    stemmed = {lemma_of(word, language) for word in have}
    found = [fold(word[0]) for word in _WORDS.finditer(told) if word[0][0].isalpha()]
    return [
        word
        for word in found
        if len(word) > 2 and word not in little
        and fold_arabic(word) not in have and lemma_of(word, language) not in stemmed
    ]  # fmt: skip


def altered_quotes(told: str, cited: str) -> Iterator[str]:
    """What stands between quotation marks in a sentence and not word for word in the cited text."""
    plain = _flat(cited)
    for match in _QUOTED.finditer(told):
        quote = next(group for group in match.groups() if group)
        parts = [_flat(part).strip() for part in _ELLIPSIS.split(quote)]
        if sum(len(part.split()) for part in parts) < SHORTEST_QUOTE:
            continue
        at = 0
        for part in parts:
            at = plain.find(part, at)
            if at < 0:
                yield quote
                break
            at += len(part)


def _flat(text: str) -> str:
    """Words in small letters with one space between: quotation marks, dashes and full stops tell no wording."""
    return " " + " ".join(fold(word[0].replace("’", "'")) for word in _WORDS.finditer(text)) + " "


def swapped_speakers(told: str, cited: Sequence[str], whole: str) -> Iterator[str]:
    """Those to whom a sentence gives words that the cited sentences give to somebody else by name."""
    theirs = [one for sentence in cited for one in speakers(sentence)]
    words = {_plain(word[0]) for word in _WORDS.finditer(" ".join(cited))}
    everywhere = {_plain(word[0]) for word in _WORDS.finditer(whole)}
    named = {word.lower() for name in names(told) for word in name.words}
    for one in speakers(told):
        own = one - PRONOUNS
        if not own or not theirs or any(own & other for other in theirs):
            continue
        if any(_beside(own, other, sentence) for sentence in cited for other in speakers(sentence)):
            continue
        names_another = own & named and all(other - PRONOUNS - SOURCES for other in theirs) and not own & SOURCES
        if names_another or not own & (words | everywhere | SOURCES):
            yield " ".join(sorted(own))


def _beside(own: frozenset[str], other: frozenset[str], sentence: str) -> bool:
    """Whether all the words of one stand in the description of another who speaks: 'Ann Oldt of the Harbour Office'."""
    low = sentence.lower()
    at = [low.find(word) for word in other if word in low]
    around = low[max(0, min(at) - DESCRIPTION) : max(at) + DESCRIPTION] if at else ""
    return bool(around) and all(word in around for word in own)


# Longer differences are another wording of a denial, not its loss.
SHORT: Final = 4
# A claim that runs along one sentence so far retells that one, and takes its facts from no other.
CLOSE: Final = 0.75
# Who is accused has not done it yet: these words doubt enough.
_ACCUSING: Final = re.compile(r"\b(?:accus\w+|charge[sd]?|suspect\w*|suspicion|alleg\w+)\b", re.I)


def conflict(difference: Difference, language: str, on: date | None) -> tuple[str, str] | None:
    """What stands otherwise in one place of a retold sentence, as (kind, as told); None where nothing that matters."""
    told, cited = difference.told, difference.cited
    if difference.alike < CLOSE and told and told.lower() in difference.elsewhere.lower():
        return None
    mine, theirs = ([f for f in figures(t, language, spans_of(times(t))) if not f.is_silent] for t in (told, cited))
    in_others = {f.value for f in figures(difference.elsewhere)} if difference.alike < CLOSE else set()
    if (
        mine
        and theirs
        and not {f.value for f in mine} & in_others
        and not any(_same_value(a, b) for a in mine for b in theirs)
    ):
        return "number", told
    clash = [a for a in times(told) for b in times(cited) if a.clashes(b)]
    if clash and not any(supports(a, b, on, on) for a in times(told) for b in times(cited)):
        return "date", told
    if language == "en" and (word := contrary(told, cited)):
        return "contrary", word
    return _conflict_of_names(difference, language) or _conflict_of_cues(told, cited, language)


def _conflict_of_names(difference: Difference, language: str) -> tuple[str, str] | None:
    """One name in the place of another; beside a verb of saying it is the speaker's."""
    told = _capitalised(difference.told, opens_sentence(difference.before, len(difference.before)))
    cited = _capitalised(difference.cited, difference.opens)
    if not told or not cited:
        return None
    if 2 * len(told) < len(difference.told.split()) or 2 * len(cited) < len(difference.cited.split()):
        return None
    have = {_plain(word) for word in cited}
    have |= {part for word in have for part in re.split(r"[-'’.]", word) if part}
    if difference.alike < CLOSE and all(word in difference.elsewhere for word in map(bare, told)):
        return None
    if any(_stands(word, have, {_nation(w) for w in have}, _initials(difference.cited)) for word in told):
        return None
    near = [*difference.before.split()[-2:], *difference.after.split()[:2]]
    is_speaker = any(word.strip(",.:").lower() in REPORTING for word in near)
    return "speaker" if is_speaker else "name", " ".join(told)


def _capitalised(text: str, opens: bool) -> list[str]:
    """The words of a few that are written as names are; a little word is none where its capital may open a sentence."""
    dated = MONTHS.keys() | WEEKDAYS.keys()
    found = [m for m in _WORDS.finditer(text) if m[0][0].isupper() and _plain(m[0]) not in dated]
    little = small_words("en")
    return [m[0] for m in found if not (opens and m.start() == 0 and _plain(m[0]) in little and not is_acronym(m[0]))]


def _conflict_of_cues(told: str, cited: str, language: str) -> tuple[str, str] | None:
    """A denial put in or left out, or another modality."""
    if len(told.split()) > SHORT or len(cited.split()) > SHORT:
        return None
    (denied, modals), (was_denied, cited_modals) = (cues(_timeless(text), language) for text in (told, cited))
    if denied != was_denied:
        return "negation", told or f"without '{cited}'"
    if (
        modals != cited_modals
        and not _ACCUSING.search(told)
        and not any(bears(a, b) for a in modals or {""} for b in cited_modals or {""})
    ):
        return "modal", told or f"without '{cited}'"
    return None


def _timeless(text: str) -> str:
    """A text without its times: May is no 'may'."""
    for start, end in reversed(spans_of(times(text))):
        text = text[:start] + text[end:]
    return text if text.strip() != "May" else ""
