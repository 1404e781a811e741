"""Reads the date that a visitor sees near the headline, such as 'Published: 3 January 2024, 4.12 pm'. One place only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from octavo.core.types import Moment, Precision

MAX_LINE = 140  # characters: a longer block is prose, and dates in prose are not the publication's
OPENING = 100  # characters at the beginning of a paragraph in which a dateline stands: 'Port Sennet, 3 May 2024 – …'
BEFORE, AFTER = 12, 14  # blocks around the headline in which a date line stands
LABEL = 30  # characters: a line so short may say what the date on the next line is
FIRST_YEAR = 1995

_MONTHS = """january jan januar janvier enero gennaio janeiro januari janv ene gen يناير января січня stycznia ocak
february feb februar février fevrier febrero febbraio fevereiro februari févr fev فبراير февраля лютого lutego şubat
march mar märz maerz mars marzo março marco maart mrz مارس марта березня marca mart
april apr avril abril aprile avr abr أبريل ابريل апреля квітня kwietnia nisan
may mai mayo maggio maio mei mag مايو мая травня maja mayıs
june jun juni juin junio giugno junho giu يونيو июня червня czerwca haziran
july jul juli juillet julio luglio julho juil lug يوليو июля липня lipca temmuz
august aug août aout agosto augustus ago أغسطس اغسطس августа серпня sierpnia ağustos
september sep sept septembre septiembre settembre setembro set سبتمبر сентября вересня września eylül
october oct oktober octobre octubre ottobre outubro okt ott out أكتوبر اكتوبر октября жовтня października ekim
november nov novembre noviembre novembro نوفمبر ноября листопада listopada kasım
december dec dezember décembre decembre diciembre dicembre dezembro dez déc dic ديسمبر декабря грудня grudnia aralık"""
MONTHS = {name: number for number, line in enumerate(_MONTHS.splitlines(), 1) for name in line.split()}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_CLOCK = (
    r"(?:[\s,|·•–-]*(?:at|um|à|às|a las|alle|om|kl\.?|,)?\s*(?P<hour>[0-2]?\d)\s*[:.hH]\s*(?P<minute>[0-5]\d)(?::[0-5]\d)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:Uhr\b)?\s*(?P<zone>UTC|GMT|Z\b)?)?"
)
PATTERNS = tuple(
    re.compile(pattern + _CLOCK, re.I)
    for pattern in (
        rf"\b(?P<name>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s*(?:de\s+|-)?(?P<name>{_NAMES})\b\.?,?\s*(?:de\s+|-)?(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)\b",
        r"(?<!\d)(?P<one>\d{1,2})[/-](?P<two>\d{1,2})[/-](?P<year>(?:19|20)\d\d)\b",
    )
)
PUBLISHED = re.compile(
    r"publi|posted|veröffentlicht|erstellt|erschienen|posté|le\s*:|pubblicato|geplaatst|نشر|опубл|written on|added",
    re.I,
)
UPDATED = re.compile(
    r"updat|modif|aktualisiert|geändert|änderung|mise? à jour|actualizad|aggiornat|bijgewerkt|reviewed|تحديث|edited",
    re.I,
)
OTHER = re.compile(
    r"copyright|©|event|termin|expires|deadline|born|join(?:ed|t)|until|\bbis\b|comment|says:|wrote:|am\s+\d+ uhr \w{4,}",
    re.I,
)


def numbers_of(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month and day of a match; None where day and month cannot be told apart."""
    parts = match.groupdict()
    if parts.get("one"):
        one, two = int(parts["one"]), int(parts["two"])
        if one <= 12 < two:
            month, day = one, two
        elif two <= 12 < one or one == two:
            month, day = two, one
        else:
            return None
    else:
        month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
        day = int(parts["day"])
    return int(parts["year"]), month, day


def clock_of(match: re.Match[str]) -> tuple[int, int] | None:
    """Hour and minute of a match, None where it tells none."""
    if not match["hour"]:
        return None
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return (hour, int(match["minute"])) if hour < 24 else None


def read_shown(text: str) -> Moment | None:
    """The first date of a line in any of the usual spellings, with the time of day that follows it."""
    for pattern in PATTERNS:
        match = pattern.search(text)
        numbers = numbers_of(match) if match else None
        if match and numbers and numbers[0] >= FIRST_YEAR:
            clock = clock_of(match)
            try:
                when = datetime(*numbers, *(clock or (0, 0)), tzinfo=UTC)
            except ValueError:
                continue
            offset = 0 if clock and match["zone"] else None
            return Moment(when, offset, Precision.MINUTE if clock else Precision.DAY)
    return None


def worth(text: str, label: str) -> int:
    """How likely a line's date is the publication's: 3 it says so, 2 it says nothing else, 1 it mixes, 0 no."""
    said = f"{label} {text}"
    if OTHER.search(said):
        return 0
    published, updated = PUBLISHED.search(said), UPDATED.search(said)
    if published:
        return 3 if not updated or published.start() < updated.start() else 1
    return 1 if updated else 2


def find_shown(lines: Sequence[str], headline: int) -> Moment | None:
    """The publication's date among the lines around the headline (its number among the lines); None if none is clear."""
    best: tuple[int, int] = (1, 0)
    found: Moment | None = None
    for number in range(max(0, headline - BEFORE), min(len(lines), headline + AFTER)):
        line = lines[number]
        when = read_shown(line) if len(line) <= MAX_LINE else None
        if not when:
            continue
        label = lines[number - 1] if number and len(lines[number - 1]) < LABEL else ""
        rank = (worth(line, label), -abs(number - headline) - (4 if number < headline else 0))
        if rank[0] > 1 and rank > best:
            best, found = rank, when
    return found


def find_dateline(lines: Sequence[str], headline: int) -> Moment | None:
    """The date with which one of the first paragraphs after the headline opens; None if none does."""
    for line in lines[headline : headline + AFTER]:
        when = read_shown(line[:OPENING]) if len(line) > MAX_LINE and not OTHER.search(line[:OPENING]) else None
        if when:
            return when
    return None


def find_last_change(lines: Sequence[str]) -> Moment | None:
    """The first date that a short line calls the page's last change; None where none does."""
    for number, line in enumerate(lines):
        when = read_shown(line) if len(line) <= MAX_LINE else None
        label = lines[number - 1] if number and len(lines[number - 1]) < LABEL else ""
        if when and not OTHER.search(line) and UPDATED.search(f"{label} {line}"):
            return when
    return None
