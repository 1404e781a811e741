"""Decides which instant a publisher's written date means; it never reads a clock and never guesses without saying so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from octavo.core.types import Moment, Note, Precision

# A date before this is a placeholder (year 0, 1899-12-30, 1900-01-01), and so is the day on which Unix time begins.
EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC).date()
# A publisher in the zone furthest east that writes no zone is 14 hours ahead; clocks that are wrong add a little.
FUTURE_TOLERANCE = timedelta(hours=25)
# No zone is further from UTC than this (RFC 3339 allows more in form; no place uses it).
WIDEST_OFFSET = 14 * 60
# Longer strings hold no date that anybody wrote for a reader.
LONGEST = 100

Reading = tuple[Moment | None, tuple[Note, ...]]

# Minutes east of UTC. RFC 5322 4.3 fixes the American names; the others are what publishers write.
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
    "met": 60, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "trt": 180, "eat": 180, "cat": 120, "sast": 120,
    "wat": 60, "gst": 240, "pkt": 300, "npt": 345, "ict": 420, "wib": 420, "hkt": 480, "sgt": 480, "myt": 480,
    "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720,
    "nzdt": 780, "brt": -180, "art": -180, "clt": -240, "clst": -180, "cot": -300, "pet": -300, "nst": -210,
    "ndt": -150, "adt": -180, "est": -300, "edt": -240, "et": -300, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "bst": 60, "ist": 330, "cst": -360, "ast": -240,
}  # fmt: skip
# Names that several places use: what they mean where the publisher sits in one of these countries.
AMBIGUOUS = {
    "ist": {"IN": 330, "LK": 330, "IE": 60, "IL": 120},
    "bst": {"GB": 60, "IM": 60, "BD": 360, "PG": 660},
    "cst": {"US": -360, "CA": -360, "MX": -360, "CR": -360, "CN": 480, "TW": 480, "CU": -300},
    "ast": {"CA": -240, "PR": -240, "BM": -240, "SA": 180, "IQ": 180, "KW": 180, "BH": 180, "QA": 180, "YE": 180},
    "et": {},
}
# The first letters of month names in the languages that feeds are seen to use, folded to lower case.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan gen ene ιαν янв يناير كانون_الثاني", "feb fev fév feb φεβ фев فبراير شباط",
            "mar mär mrz maa μαρ мар مارس آذار", "apr avr abr απρ апр أبريل ابريل إبريل نيسان",
            "may mai mag mei μαι μάι мая май مايو أيار", "jun juin giu ιουν июн يونيو حزيران",
            "jul juil lug ιουλ июл يوليو تموز", "aug aoû aou ago αυγ авг أغسطس اغسطس آب",
            "sep set σεπ сен سبتمبر أيلول", "oct okt ott out οκτ окт أكتوبر اكتوبر تشرين_الأول",
            "nov νοε ноя نوفمبر تشرين_الثاني", "dec déc dez dic δεκ дек ديسمبر كانون_الأول",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

_CLOCK = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>(?i:[ap]\.?m\.?))?"
_ZONE = r"\s*\(?(?P<zone>[+\-−]\s?\d{1,2}:?\d{2}|[+\-−]\d{1,2}|(?:GMT|UTC?)[+\-]\d{1,2}:?(?:\d{2})?|[A-Za-z]{1,5})?\)?"
_TAIL = rf"(?:[,\s]+(?:at\s+)?{_CLOCK}{_ZONE})?[\s.]*(?:\([^)]*\))?$"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:[-/.]?(?P<month>\d{2})(?:[-/.]?(?P<day>\d{2}))?)?"
    r"(?:[Tt\s]\s*(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?" + _ZONE + r")?Z?$"
)
_RFC822 = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<name>[^\W\d]{3,12})\.?,?[\s-]+"
    r"(?:de\s+)?(?P<year>\d{4}|\d{2})" + _TAIL
)
_AMERICAN = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<name>[^\W\d]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _TAIL
)
_ASCTIME = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<name>[^\W\d]{3,12})\.?\s+(?P<day>\d{1,2})\s+" + _CLOCK + r"\s+"
    r"(?:(?P<zone>[A-Za-z]{1,5}|[+-]\d{4})\s+)?(?P<year>\d{4})$"
)
_NUMERIC = re.compile(r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second_part>\d{1,2})(?P=mark)(?P<year>\d{4})" + _TAIL)
_ORDINAL = re.compile(r"(?P<year>\d{4})-?(?P<ordinal>\d{3})$")
_COMMON = re.compile(
    r"[A-Z][a-z]{2}, (\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"([01]\d|2[0-3]):(\d\d):(\d\d) (?:GMT|UTC|Z|([+-])(0\d|1[0-3])([0-5]\d))$"
)
_UNIX = re.compile(r"(\d{10})(?:\.\d+)?$|(\d{13})$")


def read_date(raw: str, *, country: str = "", now: datetime | None = None) -> Reading:
    """The moment that a written date means, with a note on whatever was repaired or refused.

    Reads RFC 822 and 5322 (RSS), RFC 3339 and W3CDTF (Atom, JSON Feed, sitemaps), asctime, month names of several
    languages, and Unix times. `country` (ISO alpha-2) decides names of zones that several places use; `now`, where
    given, refuses what lies more than a day ahead. None is returned only together with a note or for an empty string.
    """
    text = raw.strip()
    if not text:
        return None, ()
    if len(text) > LONGEST:
        return None, (Note("date-unreadable", f"{text[:40]}… is too long for a date"),)
    quick = _COMMON.match(text)
    if quick:
        return _judged(_from_common(quick), text, now, ())
    unix = _UNIX.match(text)
    if unix:
        return _judged(_from_unix(unix), text, now, ())
    found = _matched(text)
    if found is None:
        return None, (Note("date-unreadable", text),)
    return _read(found, text, country.upper(), now)


def _from_common(match: re.Match[str]) -> Moment | None:
    """The form that nearly every feed writes, without the detours that the others need; None for no such day."""
    day, name, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = 0 if sign is None else int(hours) * 60 + int(minutes)
    if sign == "-":
        offset = -offset
    try:
        local = datetime(
            int(year), MONTHS[name.lower()], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
        return Moment(local - timedelta(minutes=offset) if offset else local, offset)
    except (ValueError, OverflowError):
        return None


def _matched(text: str) -> dict[str, str] | None:
    """The named parts of a date in the first form that fits."""
    patterns = (_ORDINAL, _ISO) if text[:4].isdigit() else (_RFC822, _AMERICAN, _ASCTIME, _NUMERIC)
    for pattern in patterns:
        match = pattern.match(text)
        if match:
            return {name: part for name, part in match.groupdict().items() if part}
    return None


def _read(found: dict[str, str], text: str, country: str, now: datetime | None) -> Reading:
    """A moment out of the parts of a date."""
    notes: list[Note] = []
    try:
        day = _day(found, notes)
        timed, precision = _with_clock(day, found)
        offset = _offset(found.get("zone", ""), country, notes)
        moment: Moment | None
        if precision is Precision.DAY:
            moment = Moment(timed.replace(tzinfo=UTC), None, precision)
        else:
            if offset is None and not notes:
                notes.append(Note("date-no-zone", f"{text}: taken as UTC"))
            moment = Moment((timed - timedelta(minutes=offset or 0)).replace(tzinfo=UTC), offset, precision)
    except (ValueError, OverflowError) as error:
        return None, (Note("date-impossible", f"{text}: {error}"),)
    return _judged(moment, text, now, tuple(notes))


def _judged(moment: Moment | None, text: str, now: datetime | None, notes: tuple[Note, ...]) -> Reading:
    """The moment, unless it is a placeholder or lies ahead."""
    if moment is None or moment.instant < EARLIEST or moment.instant.date() == EPOCH_DAY:
        return None, (Note("date-impossible", f"{text}: no such day, or a placeholder"),)
    if now is not None and moment.instant > now + FUTURE_TOLERANCE:
        return None, (Note("date-future", f"{text}: lies ahead"),)
    return moment, notes


def _from_unix(match: re.Match[str]) -> Moment | None:
    """Seconds, or milliseconds where there are 13 digits, since 1970."""
    seconds = int(match[1]) if match[1] else int(match[2]) // 1000
    return Moment(datetime.fromtimestamp(seconds, UTC), 0)


def _day(found: dict[str, str], notes: list[Note]) -> datetime:
    """The day as a naive datetime; ValueError where there is no such day."""
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year > 68 else 2000
    if year == 0:
        raise ValueError("there is no year 0")
    if "ordinal" in found:
        return datetime(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)  # noqa: DTZ001
    if "mark" in found:
        month, number = _numeric(int(found["first"]), int(found["second_part"]), found["mark"], notes)
    elif "name" in found:
        month, number = _month(found["name"]), int(found["day"])
    else:
        month, number = int(found.get("month", 1)), int(found.get("day", 1))
    return datetime(year, month, number)  # noqa: DTZ001


def _numeric(first: int, second: int, mark: str, notes: list[Note]) -> tuple[int, int]:
    """Month and day of 31/12/2026, 12/31/2026 and 31.12.2026; where both readings are days, the day is first."""
    if second > 12:
        return first, second
    if first <= 12 and first != second and mark == "/":
        notes.append(Note("date-ambiguous", f"{first}/{second}: the first number taken as the day"))
    return second, first


def _month(name: str) -> int:
    """The month that a name in one of several languages begins."""
    folded = name.lower()
    for length in (len(folded), 4, 3):
        if folded[:length] in MONTHS:
            return MONTHS[folded[:length]]
    raise ValueError(f"{name} is no month")


def _with_clock(day: datetime, found: dict[str, str]) -> tuple[datetime, Precision]:
    """The day with its time; 24:00 is the next day's start, a leap second the second before."""
    if "hour" not in found:
        return day, Precision.DAY
    hour, minute = int(found["hour"]), int(found["minute"])
    if "half" in found:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    second = min(int(found.get("second", 0)), 59)
    return day.replace(hour=hour, minute=minute, second=second), (
        Precision.SECOND if "second" in found else Precision.MINUTE
    )


def _offset(zone: str, country: str, notes: list[Note]) -> int | None:
    """Minutes east of UTC of a written zone; None where none is told."""
    zone = zone.replace("−", "-").replace(" ", "").lower()
    if not zone:
        return None
    digits = zone.removeprefix("gmt").removeprefix("utc").removeprefix("ut")
    if digits and digits[0] in "+-":
        return _numeric_offset(digits, zone, notes)
    if zone in AMBIGUOUS:
        return _ambiguous_offset(zone, country, notes)
    if zone in ZONES:
        return ZONES[zone]
    notes.append(Note("date-zone-unknown", f"{zone.upper()}: taken as UTC"))
    return None


def _numeric_offset(digits: str, zone: str, notes: list[Note]) -> int | None:
    """Minutes of +hhmm, +hh:mm, +hmm and +hh."""
    number = digits[1:].replace(":", "")
    hours, minutes = (int(number), 0) if len(number) <= 2 else (int(number[:-2]), int(number[-2:]))
    offset = hours * 60 + minutes
    if offset > WIDEST_OFFSET or minutes > 59:
        notes.append(Note("date-zone-unknown", f"{zone} is no zone: taken as UTC"))
        return None
    return -offset if digits[0] == "-" else offset


def _ambiguous_offset(zone: str, country: str, notes: list[Note]) -> int:
    """What a name that several places share means in a country; elsewhere its commonest meaning, with a note."""
    if country in AMBIGUOUS[zone]:
        return AMBIGUOUS[zone][country]
    offset = ZONES[zone]
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    notes.append(
        Note(
            "date-zone-ambiguous",
            f"{zone.upper()} has several meanings: taken as {sign}{minutes // 60:02}:{minutes % 60:02}",
        )
    )
    return offset
