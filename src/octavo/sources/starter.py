"""Loads the starter set, the publishers that a new Octavo reads; it checks every line and fetches none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from octavo.core.reading.urls import is_web_address
from octavo.core.types import SECTIONS

MEDIA = (
    "newspaper",
    "broadcaster",
    "public-broadcaster",
    "agency",
    "magazine",
    "online",
    "nonprofit",
    "organisation",
    "government",
)
FILE = "starter.toml"
_COUNTRY = re.compile(r"[A-Z]{2}$")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")


class StarterError(ValueError):
    """A line of the starter set that cannot be used; the message names the publisher and the fault."""


@dataclass(frozen=True, slots=True)
class StarterFeed:
    """A feed of the starter set. `section` is one of core.types.SECTIONS, '' for a feed of all subjects."""

    url: str
    section: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class StarterPublisher:
    """A publisher of the starter set: country in ISO 3166-1 alpha-2, language in BCP 47, medium one of MEDIA."""

    name: str
    home_page: str
    country: str
    language: str
    owner: str
    medium: str
    feeds: tuple[StarterFeed, ...]


def load_starter_set() -> tuple[StarterPublisher, ...]:
    """The publishers of the file beside this module, in its order. Raises StarterError for a line that is wrong."""
    return parse_starter_set(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))


def parse_starter_set(text: str) -> tuple[StarterPublisher, ...]:
    """The publishers in a text of that form."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StarterError(f"{FILE}: {error}") from None
    publishers = tuple(_publisher(one) for one in found.get("publisher", ()))
    addresses = [feed.url for publisher in publishers for feed in publisher.feeds]
    doubled = next((url for url in addresses if addresses.count(url) > 1), "")
    if doubled:
        raise StarterError(f"{FILE}: {doubled} is listed twice.")
    return publishers


def _publisher(fields: dict[str, Any]) -> StarterPublisher:
    """One publisher, checked."""
    name = str(fields.get("name", "")).strip()
    wanted = ("home_page", "country", "language", "owner", "medium")
    texts = {field: str(fields.get(field, "")).strip() for field in wanted}
    feeds = tuple(_feed(name, one) for one in fields.get("feeds", ()))
    faults = (
        (not name, "a publisher has no name"),
        (not is_web_address(texts["home_page"]), "home_page is no web address"),
        (not _COUNTRY.match(texts["country"]), "country is not two capital letters"),
        (not _LANGUAGE.match(texts["language"]), "language is no language tag"),
        (not texts["owner"], "owner is missing"),
        (texts["medium"] not in MEDIA, f"medium is none of {', '.join(MEDIA)}"),
        (not feeds, "there is no feed"),
    )
    _refuse(name, faults)
    return StarterPublisher(name=name, feeds=feeds, **texts)


def _feed(name: str, fields: dict[str, Any]) -> StarterFeed:
    """One feed, checked."""
    feed = StarterFeed(str(fields.get("url", "")), str(fields.get("section", "")), str(fields.get("title", "")))
    _refuse(
        name,
        (
            (not is_web_address(feed.url), f"{feed.url!r} is no web address"),
            (feed.section not in ("", *SECTIONS), f"{feed.section!r} is no section"),
        ),
    )
    return feed


def _refuse(name: str, faults: tuple[tuple[bool, str], ...]) -> None:
    """Raises for the first fault that is there."""
    for is_wrong, fault in faults:
        if is_wrong:
            raise StarterError(f"{FILE}: {name or '?'}: {fault}.")
