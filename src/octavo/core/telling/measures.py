"""Decides what a number of a sentence counts: the dead, the missing, a magnitude …; where it is not sure, nothing.

Only a total of the event itself is a measure: no part of it ('three of the twelve'), no guess ('feared dead'), nothing of
other years. A number that the sentence takes back ('14 and not 15') is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from octavo.core.telling.accounts import Line
from octavo.core.telling.figures import NUMBER_WORDS, Figure
from octavo.core.telling.words import words_of
from octavo.core.words import fold, stems

# How far around a number its measure is looked for, in characters.
NEAR: Final = 110
# No earthquake had a greater magnitude.
STRONGEST: Final = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: `what` is one of MEASURES, `group` the kind of those counted ('' for people in general)."""

    what: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and what it counts; `is_denied` where the sentence says that it was wrong."""

    figure: Figure
    measure: Measure
    is_denied: bool = False


MEASURES: Final = (
    "dead", "missing", "injured", "rescued", "arrested", "evacuated", "aboard", "destroyed", "magnitude", "unpowered",
)  # fmt: skip
# What grows by itself as an event goes on: another number of these is a development, of the others a correction.
GROWING: Final = frozenset(("dead", "missing", "injured", "rescued", "arrested", "evacuated", "destroyed", "unpowered"))
# Of these a lower number is a correction, for they never fall.
RISING: Final = frozenset(("dead", "injured", "rescued", "destroyed"))

_GENERAL: Final = frozenset(
    map(
        fold,
        words_of(
            """people persons person victims lives deaths fatalities casualties survivors others residents suspects
    inhabitants شخصا شخص اشخاص أشخاص قتيلا قتلى قتيل ضحية ضحايا جريحا جرحى جريح مصابا مصابين مفقودا مفقودين مفقود نسمة
    ناجيا ناجين موقوفا"""
        ),
    )
)
# One name for what languages and papers call differently.
_SAME: Final = {
    fold(word): group
    for group, words in {
        "home": "home homes house houses dwellings بيتا بيت بيوت منزلا منازل منزل",
        "building": "building buildings structures مبنى مباني",
        "family": "family families household households أسرة أسر عائلة عائلات",
        "passenger": "passenger passengers راكبا راكب ركاب",
        "child": "child children pupils kids طفلا أطفال طفل",
        "customer": "customer customers",
        "worker": "worker workers employees عاملا عمال",
        "soldier": "soldier soldiers troops جنديا جنود",
    }.items()
    for word in words.split()
}
_NOUNS: Final = r"(?:[\s-]+[^\W\d_]+){0,3}?"
_ARE: Final = r"(?:[\s,]+(?:are|were|was|is|have|had|has|been|be|now|known|to|confirmed|reported|still|remain|remained|remains|left|listed|as|already|officially|who|had))*"
_NO_OBJECT: Final = (
    r"(?!\s+(?:\d|the|a|an|at|more|about|one|two|three|four|five|six|seven|eight|nine|ten|him|her|them|their|his)\b)"
)

# What stands behind a number, and before it, for each measure; the first that fits is it.
_BEHIND_EN: Final = {
    "dead": rf"{_NOUNS}{_ARE}\s+(?:dead|killed{_NO_OBJECT}|died|dies|die|perished|lost their lives|deaths|fatalities)\b",
    "missing": rf"{_NOUNS}{_ARE}\s+(?:missing|unaccounted for)\b",
    "injured": rf"{_NOUNS}{_ARE}\s+(?:injured|wounded|hurt|injuries){_NO_OBJECT}\b",
    "rescued": rf"{_NOUNS}{_ARE}\s+(?:rescued|survived|saved)\b",
    "arrested": rf"{_NOUNS}{_ARE}\s+(?:arrested|detained|taken into custody)\b",
    "evacuated": rf"{_NOUNS}{_ARE}\s+(?:evacuated|displaced)\b",
    "aboard": r"(?:[\s-]+(?:people|passengers|crew|persons))?\s+(?:aboard|on board)\b",
    "destroyed": r"(?:\s+[^\W\d_]+){0,1}?\s+(?:homes|houses|buildings)(?:\s+(?:are|were|have been|had been))?\s+(?:gone|lost|destroyed|swept away|flattened|burned|burnt|levelled|razed)\b",
    "magnitude": r"[\s-]+magnitude\b",
    "unpowered": rf"{_NOUNS}{_ARE}\s+without\s+(?:power|electricity)\b",
}
_BOUND_EN: Final = r"(?:(?:at least|at most|as many as|more than|fewer than|less than|about|around|some|nearly|over|up to|almost|an estimated|approximately|roughly|the|a)\s+)*"
_BEFORE_EN: Final = {
    "dead": r"(?:\b(?:killed|killing|kills|kill|claimed|claiming|left|leaving)\s+(?:the lives of\s+)?|\b(?:toll|number of (?:[a-z-]+ ){0,2}?(?:killed|dead|deaths|victims|known to have died|people known to have died))\b[^.;]{0,90}?\b(?:to|at|is|was|of|stands at|as|is now|now)\s+|\bthe dead at\s+|\bdeaths? of\s+|\bclaimed\s+)",
    "missing": r"\b(?:number of (?:people )?missing\b[^.;]{0,40}?\b(?:to|at|is|was)|the missing at)\s+",
    "injured": r"\b(?:injured|injuring|wounded|wounding|injures|wounds|injuries to)\s+",
    "rescued": r"\bnumber of (?:people )?(?:rescued|survivors|people rescued)\b[^.;]{0,50}?\b(?:to|at|is|was)[,\s]+",
    "arrested": r"\b(?:arrested|detained|arresting)\s+",
    "evacuated": r"\b(?:evacuated|evacuating|evacuation of|displaced|displacing)\s+",
    "aboard": r"\bcarrying\s+",
    "destroyed": r"\b(?:destroyed|destroying|destroys|swept away|flattened|burned down)\s+",
    "magnitude": r"\bmagnitude(?:\s+of)?\s+",
}
_TOLL_AR: Final = r"(?:حصيل[هة]|عدد (?:ال)?(?:قتلي|قتلى|ضحايا|وفيات)|عدد من تاكدت وفاتهم|قتلي|قتلى|الضحايا)"
_TO_AR: Final = r"(?:الي|إلى|الى|هو|بلغ|بلغت|عند)"
_BOUND_AR: Final = r"(?:(?:نحو|حوالي|زهاء|قراب[هة]|اكثر من|ما لا يقل عن|علي الاقل|على الاقل)\s+)*"
_BEHIND_AR: Final = {
    "dead": r"(?:\s+[^\W\d_]+)?\s+(?:قتيلا|قتلي|قتلى|قتيل|ضحي[هة]|قتلوا|لقوا حتفهم|لقوا مصرعهم)\b",
    "missing": r"(?:\s+[^\W\d_]+)?\s+(?:مفقودا|مفقودين|مفقود|في عداد المفقودين)\b",
    "injured": r"(?:\s+[^\W\d_]+)?\s+(?:جريحا|جرحي|جرحى|جريح|مصابا|مصابين|اصيبوا)\b",
}
_BEFORE_AR: Final = {
    "dead": rf"(?:(?:\bو?(?:مقتل|قتل|قتلت|يقتل|وفا[هة]|مصرع)|بحيا[هة])\s+|{_TOLL_AR}[^.،؛:]{{0,90}}?(?:{_TO_AR})\s+)",
    "missing": r"\bعدد المفقودين\s+(?:(?:الي|الى|بلغ)\s+)?",
    "injured": r"\b(?:عدد الجرحي|عدد الجرحى|عدد المصابين|اصاب[هة]|جرح)\s+(?:(?:الي|الى|بلغ)\s+)?",
    "rescued": r"\bعدد الناجين\s+(?:الي|الى|بلغ|هو)\s+",
    "arrested": r"\b(?:اعتقال|توقيف|اعتقلت|اوقفت)\s+",
    "evacuated": r"\b(?:اجليت|اجلاء|اجلت)\s+",
    "aboard": r"\b(?:علي متنها|على متنها|علي متنه|تقل|يقل|تحمل)\s+",
    "magnitude": r"\b(?:بقو[هة]|بلغت قوته|بلغت قوتها|قوته|قوتها|بلغت شدته|شدتها)\s+",
}
# A number in these is a part, a further one, a range or a guess, and no total.
_PART_BEHIND_EN: Final = re.compile(
    r"\s*(?:(?:[^\W\d_]+\s+)?(?:of|out of)\s+(?:the|them|those|whom|its|his|her|our|these|\d)|more\b|further\b|additional\b"
    r"|(?:[^\W\d_]+\s+)?(?:\w+\s+)?(?:slightly|seriously|lightly|critically|badly|severely)\b"
    r"|other\b|others\b(?!\s+(?:were|are|was|injured|wounded|hurt|have|had|suffered|in\b))|(?:to|and|or|-|–)\s*\d|-?year)",
    re.I,
)
# 'Killed 10 from the US': those of one place. It needs the capital letter.
_FROM_PLACE: Final = re.compile(r"\s*(?:[a-z]+\s+)?(?:people\s+)?from\s+(?:the\s+)?[A-Z]")
_PART_BEFORE_EN: Final = re.compile(r"\b(?:another|further|other|additional|including|among them|between|of the|of its|first|all|every|only|just|these|those|extra|each)\s+$", re.I)  # fmt: skip
_RANGE_BEFORE: Final = re.compile(r"\d\s*(?:to|and|or|-|–|و)\s*$")
_AGE_BEFORE: Final = re.compile(r"\b(?:aged|age|(?:man|woman|boy|girl|child|one|some|many|most|each|any) of(?: the)?)\s+$", re.I)  # fmt: skip
_PART_AR_BEHIND: Final = re.compile(r"\s*(?:[^\W\d_]+\s+)?(?:منهم|منها|من بين|من ال|اخرين|اخرون|اضافي)")
_PART_AR_BEFORE: Final = re.compile(r"(?:بينهم|بينها|من بين|منهم|بين|كل|اضافي[هة]?)\s+$")
_GUESS_EN: Final = re.compile(
    r"\b(?:fear|feared|fears|may|might|could|would|believed|thought|presumed|expect|expected|if|whether|likely|warned|warning"
    r"|threat|threatened|plans?|planned|potentially|possibly|risk|simulation|exercise|target|wants?)\b",
    re.I,
)
_GUESS_AR: Final = re.compile(r"\b(?:يخشي|يخشى|مخاوف|ربما|يعتقد|يرجح|لو|اذا|متوقع|يتوقع)\b")
_ELSEWHERE_EN: Final = re.compile(
    r"\b(?:since|worst|deadliest|biggest|largest|last (?:year|month|week|summer|winter)|ago|in the past|history|each year"
    r"|a year|per year|annually|every|average|so far this year|this year|decades?|years|aftershocks?|civil war|the war"
    r"|foreshocks?|earlier (?:attack|bombing|crash|quake|earthquake|accident|incident|disaster)|similar|separate|separately"
    r"|previous|previously|elsewhere|in total since|the conflict|uprising|revolution|campaign|insurgency|massacre of|anniversary|earlier this|this month|revenge|retaliation)\b",
    re.I,
)
_ELSEWHERE_AR: Final = re.compile(r"\b(?:منذ|اسوا|العام الماضي|الشهر الماضي|سنويا|ارتداديه|ارتدادية|سابق|سابقه)\b")
_NOT: Final = re.compile(r"\b(?:not|rather than|instead of)\s+$|(?:^|\s)(?:لا|وليس|ليس|بدلا من|بدل)\s+$", re.I)
_RATE: Final = re.compile(r"\bper\b|\ba (?:day|week|month|year)\b|لكل", re.I)
# '14 and not 15': the first is what stands instead of the other.
_INSTEAD: Final = re.compile(r".{0,110}?\b(?:not|rather than|instead of|لا|وليس)\s+\w")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_COUNTS: Final = re.compile(
    rf"\d|\b(?:{'|'.join(word for word in NUMBER_WORDS if word.isascii())})\b|[\u0600-\u06ff]|\b(?:dozens?|hundred)\b",
    re.I,
)
_SPEAKS_OF: Final = re.compile(
    r"dead|kill|die|perish|live|death|fatal|toll|miss|unaccount|injur|wound|hurt|rescu|surviv|saved|arrest|detain|custody|evacuat"
    r"|displac|left|claim|leav|board|carrying|destroy|gone|lost|swept|flatten|burn|raze|level|magnitud|without|correct|report"
    r"|قتل|قتيل|ضحي|ضحاي|مفقود|جريح|جرح|مصاب|صاب|حيا|وفا|مصرع|حصيل|ناج|عتقال|توقيف|وقفت|عتقل|جلي|جلاء|جلت|متن|قل|تحمل|قو|شد|حتف",
    re.I,
)
_TOLL: Final = re.compile(rf"\b(?:death toll|toll|dead|deaths)\b|{_TOLL_AR}", re.I)
_TAKEN_BACK: Final = re.compile(
    r"\b(?:corrections?|corrected|earlier (?:version|reports?|count|figure|statement|story|toll)\b[^.]{0,60}?\b(?:gave|put|said|stated|had)|originally|incorrectly|wrongly"
    r"|had been (?:reported|put|given)|misstated|mistakenly|erroneously|had put)\b"
    r"|تصويب|تصحيح|نشراتنا السابق|بالخطا",
    re.I,
)  # fmt: skip
_CORRECTS: Final = re.compile(
    r"\b(?:corrections?|corrected|corrects|lowers|lowered|revised down|revises|mistake|error|double count|wrongly|erroneously"
    r"|incorrectly|misstated)\b|تصويب|تصحيح|\bخطا\b|تخفض|خفض",
    re.I,
)  # fmt: skip


def corrects(text: str) -> bool:
    """Whether a sentence says that something was wrong before."""
    return _CORRECTS.search(_level(text)) is not None


def measured(line: Line) -> list[Measured]:
    """The numbers of a sentence that count something known, and those that it takes back; in its order."""
    text = _level(line.text)
    # Most sentences have none of these words, and looking for numbers and times costs fifty times as much.
    if not (_COUNTS.search(text) and _SPEAKS_OF.search(text)) or not line.figures:
        return []
    doubts = (_GUESS_AR, _ELSEWHERE_AR) if line.language == "ar" else (_GUESS_EN, _ELSEWHERE_EN)
    if any(doubt.search(text) for doubt in doubts) or any(time.year is not None for time in line.times):
        return []
    return list(_told(line, _TAKEN_BACK.search(text) is not None))


def _told(line: Line, is_past: bool) -> Iterator[Measured]:
    last: Measure | None = None
    waiting: list[Figure] = []
    for figure in line.figures:
        before = _level(line.text[max(0, figure.start - NEAR) : figure.start])
        behind = _level(line.text[figure.end : figure.end + NEAR])
        if _NOT.search(before):
            waiting.append(figure)
        elif measure := _measure(before, behind, figure, line.language):
            yield Measured(figure, measure, is_past and not _INSTEAD.match(behind))
            last = last or measure
    if last is not None:
        for figure in waiting:
            yield Measured(figure, last, True)


def _measure(before: str, behind: str, figure: Figure, language: str) -> Measure | None:
    """What a number counts, by the words around it; None where none of the known ones is sure."""
    is_arabic = language == "ar"
    if figure.unit and not (is_arabic and figure.unit == "degree"):
        return None
    if _is_part(before, behind, is_arabic) or _RATE.search(behind[:40]):
        return None
    for what, pattern in _behind(is_arabic):
        if (match := pattern.match(behind)) and _is_open(match[0]):
            return _counted(figure, what, match[0], language)
    if _INSTEAD.match(behind) and _TOLL.search(before):
        return Measure("dead")
    for what, pattern in _before(is_arabic):
        if pattern.search(before):
            return _counted(figure, what, _noun(behind), language)
    return None


def _counted(figure: Figure, what: str, nouns: str, language: str) -> Measure | None:
    """The measure of a number whose word was found: no half people, no rates."""
    if what == "magnitude":
        return Measure(what) if figure.value < STRONGEST else None
    return Measure(what, _group(nouns, what, language)) if figure.value.is_integer() else None


def _is_open(reach: str) -> bool:
    """Whether nothing stands between a number and its word that begins another clause or counts another thing."""
    return not re.search(r"\d|\b(?:and|but|while|who had|including)\b", reach)


def _is_part(before: str, behind: str, is_arabic: bool) -> bool:
    if _RANGE_BEFORE.search(before) or _AGE_BEFORE.search(before):
        return True
    if is_arabic:
        return bool(_PART_AR_BEHIND.match(behind) or _PART_AR_BEFORE.search(before))
    return bool(_PART_BEHIND_EN.match(behind) or _FROM_PLACE.match(behind) or _PART_BEFORE_EN.search(before))


@cache
def _behind(is_arabic: bool) -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(what, re.compile(one, re.I)) for what, one in (_BEHIND_AR if is_arabic else _BEHIND_EN).items()]


@cache
def _before(is_arabic: bool) -> Sequence[tuple[str, re.Pattern[str]]]:
    patterns, bound = (_BEFORE_AR, _BOUND_AR) if is_arabic else (_BEFORE_EN, _BOUND_EN)
    return [(what, re.compile(rf"{one}{bound}$", re.I)) for what, one in patterns.items()]


def _noun(behind: str) -> str:
    """The words directly behind a number: an adjective or two and what is counted."""
    match = re.match(r"(?:[\s-]+[^\W\d_]+){0,2}", behind)
    return match[0] if match else ""


def _group(reach: str, what: str, language: str) -> str:
    """Whom or what a number counts, '' for people in general: the first known word, else the first word's stem."""
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", reach)]
    for word in words:
        if word in _SAME:
            return "" if (what, _SAME[word]) in _OF_COURSE else _SAME[word]
        if word in _GENERAL:
            return ""
    if not words or words[0] in _PLAIN:
        return ""
    return stems([words[0]], language)[0]


# Nobody but passengers is rescued from a ship, and so on: these groups are people in general there.
_OF_COURSE: Final = frozenset((("rescued", "passenger"), ("destroyed", "home")))
_PLAIN: Final = frozenset(
    map(
        fold,
        words_of(
            """are were was is have had has been be who which that now known to confirmed reported still remain remained remains left
    listed as dead killed died die dies missing unaccounted injured wounded hurt rescued survived arrested detained evacuated
    displaced aboard on in at after when and since late the and from by with without off near during مفقودا جريحا قتيلا في من
    علي على بعد اثر جراء"""
        ),
    )
)


def _level(text: str) -> str:
    """A text in one spelling, without Arabic vowel signs; other scripts stay as they are, for the patterns know both cases."""
    return "".join(map(_letter, text)) if _ARABIC.search(text) else text


_letter = lru_cache(maxsize=4096)(fold)
