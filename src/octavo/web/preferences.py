"""What a visitor prefers - theme and edition - as their cookies say it; a cookie that is not understood counts as none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest

THEME_COOKIE = "octavo_theme"
EDITION_COOKIE = "octavo_edition"
THEMES = ("light", "dark")
COOKIE_SECONDS = 365 * 24 * 3600
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
COUNTRY_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Edition:
    """The part of the coverage that a visitor wants on the front page; an empty field sets no bound."""

    language: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.language or self.country)

    def __str__(self) -> str:
        return f"{self.language}.{self.country}"

    @property
    def bounds(self) -> dict[str, str]:
        """What is chosen, by the name of the article's field."""
        chosen = {"language": self.language, "country": self.country}
        return {name: value for name, value in chosen.items() if value}

    @classmethod
    def read(cls, language: str, country: str) -> Edition:
        """An edition from written values; what is no language tag or country code is left out."""
        return cls(
            language if LANGUAGE_TAG.fullmatch(language) else "",
            country if COUNTRY_CODE.fullmatch(country) else "",
        )


def theme(request: HttpRequest) -> str:
    """`light`, `dark`, or empty for the system's."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def edition(request: HttpRequest) -> Edition:
    """The visitor's edition; the whole coverage where none is chosen."""
    language, _, country = request.COOKIES.get(EDITION_COOKIE, "").partition(".")
    return Edition.read(language, country)
