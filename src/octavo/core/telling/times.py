"""Reads the times of a text: dates, weekdays, clocks and 'yesterday', and what they mean where the article's day is known.

It never reads a clock: without the day on which an article was published, 'yesterday' stays 'yesterday'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from octavo.core.words import fold

_MONTHS: Final = (
    "january jan janvier januar enero janeiro يناير كانون_الثاني", "february feb février februar febrero fevereiro فبراير شباط",
    "march mar mars märz marzo março مارس آذار", "april apr avril abril أبريل إبريل نيسان", "may mai mayo maio مايو أيار",
    "june jun juin juni junio junho يونيو حزيران", "july jul juillet juli julio julho يوليو تموز",
    "august aug août agosto أغسطس آب", "september sep sept septembre septiembre setembro سبتمبر أيلول",
    "october oct octobre oktober octubre outubro أكتوبر تشرين_الأول",
    "november nov novembre noviembre novembro نوفمبر تشرين_الثاني",
    "december dec décembre dezember diciembre dezembro ديسمبر كانون_الأول",
)  # fmt: skip
MONTHS: Final = {fold(n).replace("_", " "): number for number, names in enumerate(_MONTHS, 1) for n in names.split()}
_WEEKDAYS: Final = (
    "monday mon lundi montag lunes الاثنين الإثنين", "tuesday tue tues mardi dienstag martes الثلاثاء",
    "wednesday wed mercredi mittwoch miércoles الأربعاء", "thursday thu thurs jeudi donnerstag jueves الخميس",
    "friday fri vendredi freitag viernes الجمعة", "saturday sat samedi samstag sábado السبت",
    "sunday sun dimanche sonntag domingo الأحد",
)  # fmt: skip
WEEKDAYS: Final = {fold(name): number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
# Days from the day of publication.
RELATIVE: Final = {
    fold(word): days
    for days, words in {
        0: "today tonight اليوم aujourd'hui heute hoy hoje",
        -1: "yesterday أمس hier gestern ayer ontem",
        1: "tomorrow غدا غداً demain morgen mañana amanhã",
    }.items()
    for word in words.split()
}  # fmt: skip
# Words that are months or weekdays only where they are written so, or stand beside a number.
_AMBIGUOUS: Final = frozenset({"may", "march", "mar", "sat", "sun", "mon", "wed", "hier", "morgen", "mars", "mai", "august", "nov", "dec", "jan", "oct", "jun", "sep", "apr", "aug", "feb", "jul", "sept", "tue"})  # fmt: skip

_NAMES: Final = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_DAYS: Final = "|".join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True))
_NEAR: Final = "|".join(sorted(map(re.escape, RELATIVE), key=len, reverse=True))
_YEAR: Final = r"(?:1[4-9]|2[01])\d\d"
_PATTERN: Final = re.compile(
    rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b)"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?(?P<month>{_NAMES})\b\.?(?:,?\s+(?:de\s+)?(?P<year>{_YEAR})\b(?!\s?[%£$€]))?"
    rf"|\b(?P<month2>{_NAMES})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]?\d|\s?[ap]\.?m\b)(?:,?\s+(?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_NAMES})\b\.?,?\s+(?:of\s+)?(?P<year3>{_YEAR})\b"
    rf"|\b(?P<slashes>\d{{1,2}}/\d{{1,2}}/(?:{_YEAR}|\d\d))\b"
    rf"|\b(?P<weekday>{_DAYS})\b"
    rf"|\b(?P<near>{_NEAR})\b"
    r"|\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\b\.?|o['’]clock)"
    r"|\b(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)\b(?![.:]\d)"
    r"|\b(?P<noon>noon|midday|midnight)\b"
    rf"|\b(?P<month4>{_NAMES})\b"
    rf"|(?<![\w$£€.,:/-])(?P<year4>{_YEAR})(?P<decade>['’]?s)?(?![\w%:/]|[.,]\d)"
)
_STEP: Final = re.compile(r"\b(?P<which>last|next|this|past|coming)\s+(?P<unit>week|month|year|night|weekend|summer|winter|spring|autumn|fall)\b", re.I)  # fmt: skip


# A bare number of four digits is a year where something says so, or where it counts nothing.
_YEARLY: Final = re.compile(r"\b(?:in|since|of|until|by|from|year|early|late|mid|during|before|after|عام|سنة|en|im|seit)[\s-]+$", re.I)  # fmt: skip
_COUNTED: Final = re.compile(r"\s+[a-z]{4,}s\b")


@dataclass(frozen=True, slots=True)
class Time:
    """A time at `start` to `end` of a text, as far as it is told; None for what is not.

    `weekday` counts from Monday = 0, `minute` from midnight, `days` from the day of publication. `is_half_known` is
    false for a clock without a.m. or p.m. `phrase` holds 'last week' and the like.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    is_half_known: bool = True
    days: int | None = None
    is_decade: bool = False
    phrase: str = ""

    def clashes(self, other: Time) -> bool:
        """Whether both tell a weekday, month, day or year, and not the same one."""
        mine, theirs = ((t.weekday, t.month, t.day, t.year) for t in (self, other))
        return any(a is not None and b is not None and a != b for a, b in zip(mine, theirs, strict=True))


def times(text: str) -> list[Time]:
    """The times of a text in its order."""
    found = [time for match in _PATTERN.finditer(_level(text)) if (time := _read(match, text))]
    found += [Time(m.start(), m.end(), phrase=m[0].lower()) for m in _STEP.finditer(text)]
    return sorted(found, key=lambda time: time.start)


def _level(text: str) -> str:
    """A text of the same length in small letters, with digits and Arabic spellings unified."""
    if text.isascii():
        return text.lower()
    return "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """A letter in its one spelling, where that is one letter too."""
    low = fold(char)
    return low if len(low) == 1 else char


def _read(match: re.Match[str], text: str) -> Time | None:
    """What one match tells; None where the word is no time here or there is no such day."""
    start, end = match.span()
    got = {name: part for name, part in match.groupdict().items() if part}
    if "weekday" in got or "near" in got or "month4" in got:
        return _named(got, text, start, end)
    if "noon" in got:
        return Time(start, end, minute=0 if got["noon"] == "midnight" else 720)
    if "hour" in got or "hour2" in got:
        return _clock(got, start, end)
    if "year4" in got:
        is_year = "decade" in got or _YEARLY.search(text[max(0, start - 16) : start]) or not _COUNTED.match(text[end:])
        return Time(start, end, year=int(got["year4"]), is_decade="decade" in got) if is_year else None
    if "iso" in got:
        year, month, day = map(int, got["iso"].split("-"))
    elif "slashes" in got:
        return _slashed(got["slashes"], start, end)
    else:
        month = MONTHS[got.get("month") or got.get("month2") or got["month3"]]
        year, day = (int(got.get(a) or got.get(b) or 0) for a, b in (("year", "year2"), ("day", "day2")))
        year = year or int(got.get("year3", 0))
    if not (1 <= month <= 12 and 0 <= day <= 31):
        return None
    return Time(start, end, year=year or None, month=month, day=day or None)


def _named(got: dict[str, str], text: str, start: int, end: int) -> Time | None:
    """A weekday, month or 'yesterday' by itself. 'may' and 'sun' are words of their own unless they have a capital."""
    word = got.get("weekday") or got.get("near") or got["month4"]
    opens = start == 0 or text[:start].rstrip()[-1:] in '.!?"“:;'
    if word in _AMBIGUOUS and (text[start].islower() or opens):
        return None
    if word in _AMBIGUOUS and "weekday" in got:
        return None
    if "weekday" in got:
        return Time(start, end, weekday=WEEKDAYS[word])
    if "near" in got:
        return Time(start, end, days=RELATIVE[word])
    return Time(start, end, month=MONTHS[word])


def _clock(got: dict[str, str], start: int, end: int) -> Time:
    """A time of day in minutes."""
    hour, minute = int(got.get("hour") or got["hour2"]), int(got.get("minute") or got.get("minute2") or 0)
    half = got.get("half", "")
    if half[:1] in ("a", "p"):
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return Time(start, end, minute=hour * 60 + minute, is_half_known=half[:1] in ("a", "p") or hour > 12)


def _slashed(written: str, start: int, end: int) -> Time | None:
    """31/12/2026 and 12/31/2026; where both readings are days, the day is first."""
    first, second, year = map(int, written.split("/"))
    day, month = (second, first) if second > 12 else (first, second)
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    return Time(start, end, year=year, month=month, day=day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def supports(told: Time, cited: Time, told_on: date | None, cited_on: date | None) -> bool:
    """Whether a time of the cited text says what a time of the claim says.

    `told_on` and `cited_on` are the days of publication by which 'Sunday' and 'yesterday' are read, None where unknown.
    """
    if told.phrase or cited.phrase:
        return told.phrase == cited.phrase
    if told.minute is not None or cited.minute is not None:
        return _same_clock(told, cited)
    if told.is_decade or cited.is_decade:
        return told.is_decade == cited.is_decade and told.year == cited.year
    if told.days is not None and told.days == cited.days and told_on == cited_on:
        return True
    if told.weekday is not None and told.weekday == cited.weekday:
        return True
    return any(_agree(a, b, told_on or cited_on) for a in _days(told, told_on) for b in _days(cited, cited_on))


def _same_clock(told: Time, cited: Time) -> bool:
    if told.minute is None or cited.minute is None:
        return False
    if told.is_half_known and cited.is_half_known:
        return told.minute == cited.minute
    return told.minute % 720 == cited.minute % 720


Parts = tuple[int | None, int | None, int | None]


def _days(time: Time, on: date | None) -> Iterator[Parts]:
    """The days that a time may mean as (year, month, day); weekdays mean the last one and the next one."""
    if time.days is not None or time.weekday is not None:
        if on is None:
            return
        if time.days is not None:
            near = [on + timedelta(days=time.days)]
        else:
            back = (on.weekday() - (time.weekday or 0)) % 7
            near = [on - timedelta(days=back), on + timedelta(days=7 - back), on - timedelta(days=back + 7)]
        yield from ((day.year, day.month, day.day) for day in near)
    else:
        yield time.year, time.month, time.day


def _agree(told: Parts, cited: Parts, on: date | None) -> bool:
    """Whether all that is told of a day is told of the cited one; an unwritten year is the year of publication."""
    year, month, day = cited
    if year is None and month is not None and on is not None:
        year = on.year
    pairs = list(zip(told, (year, month, day), strict=True))
    return any(t is not None for t in told) and all(t is None or t == c for t, c in pairs)
