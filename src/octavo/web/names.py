"""How things are called in the reader's language: countries, languages, sections, times and lengths. It decides wording only."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from octavo.core.types import Quality

# A relative time serves up to here; beyond it the date says more.
RELATIVE_FOR = timedelta(days=30)
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
SECTION_NAMES = {
    "world": pgettext_lazy("section", "World"),
    "politics": pgettext_lazy("section", "Politics"),
    "business": pgettext_lazy("section", "Business"),
    "technology": pgettext_lazy("section", "Technology"),
    "science": pgettext_lazy("section", "Science"),
    "health": pgettext_lazy("section", "Health"),
    "environment": pgettext_lazy("section", "Environment"),
    "culture": pgettext_lazy("section", "Culture"),
    "sports": pgettext_lazy("section", "Sports"),
    "opinion": pgettext_lazy("section", "Opinion"),
}
# What is said of an article that is not whole: a word for lists, a sentence for its page.
DECISIONS = {
    "keep": _("Kept"),
    "remove": _("Removed"),
    "hold": _("Held"),
    "restore": _("Shown again"),
}
QUALITY_WORDS = {
    "": pgettext_lazy("quality", "Not read yet"),
    Quality.TEASER: pgettext_lazy("quality", "Teaser"),
    Quality.PAYWALL: pgettext_lazy("quality", "Paywall"),
    Quality.CONSENT: pgettext_lazy("quality", "Consent wall"),
    Quality.LISTING: pgettext_lazy("quality", "Listing"),
    Quality.EMPTY: pgettext_lazy("quality", "No text"),
}
QUALITY_SENTENCES = {
    "": _("Not read yet: the publisher’s page is waiting to be fetched."),
    Quality.TEASER: _("Full text not available: the publisher gives a teaser."),
    Quality.PAYWALL: _("Full text not available: paywall."),
    Quality.CONSENT: _("Full text not available: the page asks for consent first."),
    Quality.LISTING: _("No text of its own: the page is a list of links."),
    Quality.EMPTY: _("Full text not available: no text was found on the page."),
}
# The invented places of the demo press; ISO 3166 leaves these codes to their users.
DEMO_PLACES = {
    "XA": _("Velmara"),
    "XB": _("Tarrin"),
    "XC": _("Casteron"),
    "XD": _("Taliu Islands"),
    "XE": _("Abranza"),
    "XF": _("Hjelmar"),
    "XG": _("Kessanda"),
    "XH": _("Rawdan"),
}
MEDIA = {
    "newspaper": pgettext_lazy("medium", "newspaper"),
    "broadcaster": pgettext_lazy("medium", "broadcaster"),
    "public-broadcaster": pgettext_lazy("medium", "public broadcaster"),
    "agency": pgettext_lazy("medium", "news agency"),
    "magazine": pgettext_lazy("medium", "magazine"),
    "online": pgettext_lazy("medium", "online"),
    "blog": pgettext_lazy("medium", "blog"),
    "podcast": pgettext_lazy("medium", "podcast"),
    "video": pgettext_lazy("medium", "video"),
    "radio": pgettext_lazy("medium", "radio"),
    "journal": pgettext_lazy("medium", "journal"),
}
# Words that begin many publishers' names and tell none apart.
ARTICLES = {"the", "a", "le", "la", "el", "al", "der", "die", "das", "il", "os", "o"}
ARABIC_ARTICLE = "ال"
MONOGRAM_LETTERS = 2


def direction(language: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def country(code: str) -> str:
    """A country's name in the reader's language; the code itself where it has none."""
    if code in DEMO_PLACES:
        return str(DEMO_PLACES[code])
    if code.startswith("X"):  # user-assigned codes: Unicode gives some to pseudo-languages
        return code
    return str(_locale().territories.get(code, code))


def language(code: str) -> str:
    """A language's name in the reader's language; the code itself where it has none."""
    known = _locale().languages
    return str(known.get(code.replace("-", "_")) or known.get(code.partition("-")[0]) or code)


def section(key: str) -> str:
    """A section's name in the reader's language."""
    return _section(key, get_language() or "en")


def medium(key: str) -> str:
    """The kind of medium in the reader's language."""
    return str(MEDIA.get(key, key))


def ago(when: datetime, now: datetime, spoken: str = "") -> str:
    """How long ago something was, in one unit: '2 hours ago'; the date where that is more than 30 days."""
    gone = now - when
    if gone > RELATIVE_FOR:
        return day(when)
    minutes = max(0, int(gone.total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    return _ago(minutes if minutes < 60 else minutes // 60 * 60, spoken or get_language() or "en")


def day(when: datetime) -> str:
    """A date: '23 November 2026'."""
    return _written(timezone.localtime(when).date(), "d MMMM y", get_language() or "en")


def weekday(when: datetime) -> str:
    """A date with its weekday, for the masthead: 'Monday 23 November 2026'."""
    return whole_day(timezone.localtime(when).date())


def whole_day(day: date) -> str:
    """A day with its weekday."""
    return _written(day, gettext("EEEE d MMMM y"), get_language() or "en")


def short_day(day: date) -> str:
    """A day without its year: '23 November'."""
    return _written(day, "d MMMM", get_language() or "en")


def month(day: date) -> str:
    """A month with its year: 'November 2026'."""
    return _written(day, "MMMM y", get_language() or "en")


def absolute(when: datetime, has_time: bool = True, spoken: str = "") -> str:
    """The whole time in the site's zone, '23 November 2026, 10:47'; the date alone where no time of day is known."""
    spoken = spoken or get_language() or "en"
    if not has_time:
        return _written(when.astimezone(UTC).date(), "d MMMM y", spoken)
    # A minute looks the same throughout, and the latest articles are written on every page.
    return _absolute(when.replace(second=0, microsecond=0), spoken)


def clock(when: datetime, is_day: bool) -> str:
    """A mark on an axis of time: '10:47', or '23 Nov' for the beginning of a day."""
    local = timezone.localtime(when)
    return _written(local.date(), "d MMM", get_language() or "en") if is_day else f"{local:%H:%M}"


def short(when: datetime) -> str:
    """A time beside others of some days: '23 Nov, 10:47'."""
    local = timezone.localtime(when)
    return gettext("%(day)s, %(time)s") % {"day": brief_day(local.date()), "time": f"{local:%H:%M}"}


def brief_day(day: date) -> str:
    """A day beside others of some weeks: '23 Nov'."""
    return _written(day, "d MMM", get_language() or "en")


def number(value: float) -> str:
    """A number as the reader's language writes it."""
    return str(format_decimal(value, locale=_locale()))


def length(seconds: int) -> str:
    """The length of a recording: '12:05' or '1:02:05'."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@lru_cache(maxsize=2048)
def monogram(name: str) -> str:
    """One or two letters that stand for a publisher: the first of its words, in Arabic the first of the last word.

    Arabic names begin with what a publisher is (newspaper, radio) and end with what tells it from others.
    """
    words = [word for word in name.split() if any(character.isalnum() for character in word)]
    if words and _is_arabic(_initial(words[-1])):
        return _initial(words[-1].removeprefix(ARABIC_ARTICLE) or words[-1])
    telling = [word for word in words if word.lower() not in ARTICLES] or words
    return "".join(_initial(word) for word in telling[:MONOGRAM_LETTERS])


def _initial(word: str) -> str:
    return next(character for character in word if character.isalnum()).upper()


def _is_arabic(character: str) -> bool:
    return unicodedata.name(character, "").startswith("ARABIC")


@lru_cache(maxsize=512)
def _section(key: str, spoken: str) -> str:
    with override(spoken):
        return str(SECTION_NAMES.get(key, key))


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, spoken: str) -> str:
    return format_date(day, pattern, locale=_locale_of(spoken))


@lru_cache(maxsize=8192)
def _absolute(when: datetime, spoken: str) -> str:
    with override(spoken):
        pattern = gettext("d MMMM y, HH:mm")
    return format_datetime(timezone.localtime(when), pattern, locale=_locale_of(spoken))


@lru_cache(maxsize=4096)
def _ago(minutes: int, spoken: str) -> str:
    return format_timedelta(timedelta(minutes=-minutes), add_direction=True, threshold=1, locale=_locale_of(spoken))


def _locale() -> Locale:
    return _locale_of(get_language() or "en")


@lru_cache(maxsize=16)
def _locale_of(spoken: str) -> Locale:
    try:
        return Locale.parse(spoken, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
