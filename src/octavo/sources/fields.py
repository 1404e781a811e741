"""Reads the small fields of feeds: plain titles, links, lengths, durations, names. It never sanitises markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from octavo.core.reading.dates import read_date
from octavo.core.reading.urls import resolve
from octavo.core.types import Enclosure, Moment, Note

LONGEST_TITLE = 2_000
LONGEST_NAME = 300
LONGEST_ID = 4_000
# RFC 5646 4.4.1 finds 35 characters enough for every tag in use.
LONGEST_LANGUAGE = 35
MOST_AUTHORS = 30
MOST_CATEGORIES = 60
MOST_ENCLOSURES = 100

_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|blink|blockquote|body|br|center|cite|code|del|dfn|div|em|font|h[1-6]|hr|html|i|"
    r"iframe|img|input|ins|kbd|li|mark|nobr|object|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup|"
    r"table|tbody|td|th|time|tr|tt|u|ul|var|wbr)\b[^<>]{0,2000}/?>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|p|div|li|/p|/div|/li|h[1-6]|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"<img\b[^>]{0,1000}?\balt\s*=\s*[\"']([^\"']{1,500})", re.IGNORECASE)
_MAIL_FIRST = re.compile(r"^\s*[^\s@()<>]+@[^\s@()<>]+\s*\((?P<name>[^()]*)\)\s*$")
_MAIL_BESIDE = re.compile(
    r"\s*[(<\[]\s*(?:mailto:)?[^\s@()<>\[\]]+@[^\s@()<>\[\]]+\s*[)>\]]|(?<!\S)[^\s@()<>]+@[^\s@()<>,;]+\.[a-z]{2,}"
)
# Controls of direction, which make a line read as something else (UTR 36), and control characters but white space.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0x09), *range(0x0E, 0x20), 0x7F])
# What a file is where the feed does not say.
TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg", "oga": "audio/ogg",
    "opus": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac", "mp4": "video/mp4", "m4v": "video/mp4",
    "mov": "video/quicktime", "webm": "video/webm", "m3u8": "application/vnd.apple.mpegurl", "pdf": "application/pdf",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif",
}  # fmt: skip


def plain(markup: str, longest: int = LONGEST_TITLE) -> str:
    """One line of plain text: tags of HTML dropped, entities resolved (also escaped twice), white space folded."""
    text = markup if len(markup) <= longest * 4 else markup[: longest * 4]
    if "<" in text or "&" in text:
        told = _without_tags(html.unescape(_without_tags(text)))
        # A title that is nothing but a picture is told by the picture's alternative text.
        text = told if told.strip() else _without_tags(html.unescape(" ".join(_ALTERNATIVE.findall(text))))
    return " ".join(text.translate(_TURNING).split())[:longest]


def _without_tags(text: str) -> str:
    """Text without HTML's own tags; `<canvas>` in a headline about canvas stays."""
    return _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub("", text))) if "<" in text else text


def identifier(text: str | None) -> str:
    """An identifier as it stands, without white space around it."""
    return (text or "").strip()[:LONGEST_ID]


def person(text: str) -> str:
    """A name out of `mail@host (Name)`, `Name <mail@host>` or a bare name; a bare mail address stays the only name."""
    name = plain(text[: LONGEST_NAME * 2], LONGEST_NAME)
    if "@" not in name:
        return name
    found = _MAIL_FIRST.match(name)
    if found and found["name"].strip():
        return found["name"].strip()
    bare = _MAIL_BESIDE.sub("", name).strip(" ,;<>()")
    return bare or name


def unique(values: Iterable[str], most: int) -> tuple[str, ...]:
    """The values that are not empty, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))[:most]


def language_tag(text: str | None) -> str:
    """A BCP 47 tag as written, with hyphens; '' where it is none."""
    tag = (text or "")[:LONGEST_LANGUAGE].strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag) else ""


def whole_number(text: str | None) -> int | None:
    """A count such as a length in bytes; None where it is none or not positive."""
    digits = (text or "").strip().replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 16 and int(digits) > 0 else None


def duration(text: str | None) -> int | None:
    """Seconds of `3600`, `59:12`, `1:02:03`, `1h2m3s`, `PT1H2M3S`; None where it is none."""
    text = (text or "").strip().lower()
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", text):
        return int(float(text)) or None
    clock = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?", text)
    words = re.fullmatch(
        r"(?:pt)?(?:(\d{1,3})\s*h[a-z]*\s*)?(?:(\d{1,4})\s*m[a-z]*\s*)?(?:(\d{1,5})(?:\.\d+)?\s*s[a-z]*)?", text
    )
    found = clock or (words if text else None)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def link(base: str, raw: str | None, notes: list[Note]) -> str:
    """An absolute web address; what is none leaves a note (javascript:, data:, file: and the like) and gives ''."""
    text = (raw or "").strip()
    if not text:
        return ""
    found = resolve(base, text)
    if not found:
        notes.append(Note("link-refused", f"{text[:120]} is no web address"))
    return found


def moment(raw: str, country: str, now: datetime | None, notes: list[Note]) -> Moment | None:
    """The moment that a written date means; what was repaired or refused joins the notes."""
    found, told = read_date(raw, country=country, now=now)
    notes.extend(told)
    return found


def file_type(url: str, told: str | None) -> str:
    """The media type that a feed tells, or what the address's ending says."""
    told = (told or "").strip()
    return told or TYPES.get(url.partition("?")[0].rpartition(".")[2].lower(), "")


def merged_enclosures(found: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Each address once, with what its several mentions tell together."""
    known: dict[str, Enclosure] = {}
    for one in found:
        first = known.get(one.url)
        known[one.url] = one if first is None else Enclosure(
            one.url, first.type or one.type, first.length or one.length, first.duration or one.duration,
            first.title or one.title,
        )  # fmt: skip
    return tuple(known.values())[:MOST_ENCLOSURES]


def with_duration(enclosures: tuple[Enclosure, ...], seconds: int | None) -> tuple[Enclosure, ...]:
    """The enclosures, the first that plays given a duration that the feed tells for the entry as a whole."""
    return tuple(_timed(enclosures, seconds)) if seconds else enclosures


def _timed(enclosures: tuple[Enclosure, ...], seconds: int | None) -> Iterator[Enclosure]:
    for one in enclosures:
        if seconds and one.duration is None and not one.type.startswith(("image/", "text/", "application/pdf")):
            one, seconds = Enclosure(one.url, one.type, one.length, seconds, one.title), None
        yield one
