"""Recognises articles that report no single event: they may join a story, or stand alone, but must not glue stories.

It goes by a title's fixed phrases, an address's folders and the shape of the text; it judges no opinion and no quality.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from octavo.core.types import Article

# A page with at least this many lines, most of them short, is a list of things.
LISTING_LINES: Final = 10
SHORT_LINE: Final = 60
SHORT_SHARE: Final = 0.8


class Kind(StrEnum):
    """What an article is, for the question whether it reports one event."""

    REPORT = "report"
    LIVE = "live"
    OPINION = "opinion"
    DIGEST = "digest"
    LISTING = "listing"
    WEATHER = "weather"
    HOROSCOPE = "horoscope"
    EMPTY = "empty"

    @property
    def reports_an_event(self) -> bool:
        """Whether articles may be drawn together by this one."""
        return self is Kind.REPORT

    @property
    def may_join(self) -> bool:
        """Whether it may stand in a story of others."""
        return self in (Kind.REPORT, Kind.LIVE, Kind.OPINION)


# In the order in which they are asked; the first that fits, wins. Arabic has its own phrases.
_TITLES: Final = (
    (Kind.HOROSCOPE, r"\bhoroscopes?\b|\bstar signs?\b|\byour stars\b|\bstars over\b|أبراج|برجك|الأبراج"),
    (Kind.WEATHER, r"\bweather (?:forecast|outlook|today|tomorrow)\b|\bforecast for (?:today|tomorrow|the week)\b|"
                   r"\b(?:weather|avalanche|snow|shipping) (?:bulletin|report)\b|\bshipping forecast\b|"
                   r"^weather\b|^the weather\b|حالة الطقس|طقس اليوم|توقعات الطقس"),
    (Kind.LISTING, r"\bwhat'?s on\b|\btv (?:guide|listings|tonight)\b|\bfixtures\b|\bcrossword\b|\blottery (?:results|numbers)\b|"
                   r"\bobituaries\b|\bclassifieds\b|\bnotices of\b"),
    (Kind.DIGEST, r"\b(?:morning|evening|daily|weekly|news|world|business) (?:briefing|digest|roundup|round-up|wrap)\b|"
                  r"\bin brief\b|\bnews with \w+|\bthings to know (?:today|this)|\bthe week in\b|\btop stories\b|"
                  r"^(?:today's|this morning's) (?:headlines|papers)\b|موجز|نشرة الأخبار|أبرز العناوين"),
    (Kind.LIVE, r"^live\b(?!s)|\blive(?: updates?|:| blog|blog)|\bas it happened\b|\bminute by minute\b|\brolling coverage\b|"
                r"مباشر:|تغطية مباشرة|لحظة بلحظة"),
    (Kind.OPINION, r"^(?:opinion|comment|editorial|leader|analysis|column|letters?|op-ed|commentary)\s*[:|–—-]|"
                   r"\|\s*(?:opinion|editorial|comment|letters)\s*$|^رأي[:：]|^مقال رأي|^افتتاحية"),
)  # fmt: skip
TITLES: Final = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TITLES)
FOLDERS: Final = {
    "opinion": Kind.OPINION, "opinions": Kind.OPINION, "commentisfree": Kind.OPINION, "editorials": Kind.OPINION,
    "op-ed": Kind.OPINION, "columnists": Kind.OPINION, "letters": Kind.OPINION, "live": Kind.LIVE, "live-blog": Kind.LIVE,
    "liveblog": Kind.LIVE, "horoscope": Kind.HOROSCOPE, "horoscopes": Kind.HOROSCOPE, "weather": Kind.WEATHER,
    "tv-guide": Kind.LISTING, "listings": Kind.LISTING,
}  # fmt: skip


def recognise(article: Article) -> Kind:
    """The kind of an article: EMPTY where it has neither title nor text, REPORT where nothing says otherwise."""
    if not article.title.strip() and not article.text.strip():
        return Kind.EMPTY
    title = article.title.replace("’", "'").strip()
    for kind, pattern in TITLES:
        if pattern.search(title):
            return kind
    for folder in article.url.lower().split("?")[0].split("/")[3:-1]:
        if folder in FOLDERS:
            return FOLDERS[folder]
    return Kind.LISTING if is_list(article.text) else Kind.REPORT


def is_list(text: str) -> bool:
    """Whether a text is mostly short lines without a full stop at their end."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < LISTING_LINES:
        return False
    short = sum(len(line) < SHORT_LINE and line[-1] not in ".!?…”\"'" for line in lines)
    return short >= SHORT_SHARE * len(lines)
