"""Every setting of Octavo, read from `OCTAVO_*` variables or a file of them. It reads, checks and never writes.

A variable `OCTAVO_HOST_GAP` sets the field `host_gap`. The file is `octavo.conf` in the data folder (or the one named
by OCTAVO_CONFIG): lines of `OCTAVO_NAME=value`; a variable of the environment wins over it.
"""

from __future__ import annotations

import ipaddress
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "OCTAVO_"
# Where the settings are, and so itself none.
CONFIG = "OCTAVO_CONFIG"
LANGUAGES = ("en", "ar")
LAST_PORT = 65_535
LAST_HOUR = 23
# The least of each number; 0 for those that are not named.
LEAST = {
    "web_workers": 1, "connections": 1, "connect_timeout": 0.1, "first_byte_timeout": 0.1, "transfer_timeout": 0.1,
    "max_body": 10_000, "poll_min": 1, "extract_seconds": 0.1, "extract_memory": 64 * 1024 * 1024,
    "model_context": 1_024, "model_seconds": 1,
}  # fmt: skip


class SettingsError(ValueError):
    """A setting that cannot be used; the message says which, why, and what to write instead."""


def setting(default: Any, help: str, unit: str = "", is_secret: bool = False) -> Any:
    """A field of Settings: its default, one sentence on what it does, and its unit. A secret is never printed with the others."""
    return field(default=default, repr=not is_secret, metadata={"help": help, "unit": unit})


@dataclass(frozen=True)
class Settings:
    """Octavo's settings with their defaults. Lists are written with commas."""

    # Where things are
    data: Path = setting(Path("data"), "The folder of the database, the index, pictures and keys.")
    database: str = setting(
        "", "A database address such as postgres://user@host/name; empty: SQLite in the data folder."
    )
    # The site
    listen: str = setting("127.0.0.1:8000", "The address and port that the site listens on.")
    hosts: tuple[str, ...] = setting(
        ("127.0.0.1", "localhost", "[::1]"), "The host names under which the site answers; others are refused."
    )
    base_url: str = setting("", "The public address of the site, for links in feeds and mail; empty: from `listen`.")
    https: bool = setting(False, "The site is reached through https: secure cookies and HSTS.")
    site_name: str = setting("Octavo", "The name of this installation on its pages.")
    language: str = setting("en", "The interface language of visitors who state none: en or ar.")
    time_zone: str = setting("UTC", "The zone in which times are shown, such as Europe/Lisbon.")
    web_workers: int = setting(1, "Web processes.", "processes")
    registration: bool = setting(False, "Whether visitors may open an account themselves.")
    feed_editors: str = setting("readers", "Who may add and edit feeds: readers (all who sign in) or staff.")
    page_cache_seconds: int = setting(
        60, "How long a public page may be answered from memory while nothing has changed; 0: never.", "seconds"
    )
    debug: bool = setting(False, "Shows error details on pages; for development only.")
    log_format: str = setting("text", "How logs are written: text or json.")
    log_level: str = setting("warning", "What is logged: debug, info (each request too), warning or error.")
    # The network door
    allow_networks: tuple[str, ...] = setting(
        (), "Networks that may be reached although they are not public, such as 192.168.1.0/24."
    )
    contact: str = setting("", "An address or page that publishers can reach you by; sent in the User-Agent.")
    host_gap: float = setting(1.0, "The least time between two requests to one host.", "seconds")
    host_connections: int = setting(
        2, "The most connections to one host at once; more than 2 is refused.", "connections"
    )
    connections: int = setting(40, "The most connections in all at once.", "connections")
    connect_timeout: float = setting(10.0, "The time to open a connection.", "seconds")
    first_byte_timeout: float = setting(15.0, "The time until an answer begins.", "seconds")
    transfer_timeout: float = setting(45.0, "The time for a whole transfer, redirects included.", "seconds")
    max_body: int = setting(15 * 1024 * 1024, "The most that a body may hold, decoded.", "bytes")
    # Reading
    poll_min: int = setting(300, "The least time between two polls of a feed.", "seconds")
    poll_max: int = setting(86_400, "The most time between two polls of a feed.", "seconds")
    extract_slots: int = setting(0, "Processes that extract pages; 0: one a core, at most four.", "processes")
    extract_seconds: float = setting(5.0, "Processor time that one page may cost.", "seconds")
    extract_memory: int = setting(256 * 1024 * 1024, "Memory that one page may cost.", "bytes")
    # Folding
    embedding_model: str = setting(
        "",
        "A folder with a BERT sentence encoder, such as a multilingual one: model.safetensors, config.json and "
        "tokenizer.json; empty: the installed model, which reads English.",
    )
    # The language model
    model_url: str = setting(
        "",
        "The address of a language model that speaks the OpenAI protocol, such as http://127.0.0.1:11434/v1; empty: none.",
    )
    model_key: str = setting("", "The key for it, where it asks for one.", is_secret=True)
    model_name: str = setting("", "The name of the model to ask for, as the endpoint knows it.")
    model_context: int = setting(8_192, "How much the model can take in and answer at once.", "tokens")
    model_price: tuple[str, ...] = setting(
        (), "What a million tokens cost, in and out, such as 0.15,0.60; empty: nothing.", "money"
    )
    model_seconds: float = setting(60.0, "The most time that an answer may take, tries again included.", "seconds")
    model_calls_per_day: int = setting(300, "The most calls to the model in a day (UTC); 0: none.", "calls")
    model_money_per_day: float = setting(
        1.0,
        "The most that calls to the model may cost in a day (UTC), by the price set; 0: only what is free.",
        "money",
    )
    offline: bool = setting(
        False, "No call to a model leaves this machine: only one that runs on it is asked. Feeds are still read."
    )
    # Keeping
    keep_days: int = setting(0, "Articles older than this are removed; 0: kept for ever.", "days")
    keep_articles: int = setting(0, "The most articles kept; 0: no bound.", "articles")
    # The brief by mail
    smtp_host: str = setting("", "The server that takes the brief by mail; empty: no mail is sent.")
    smtp_port: int = setting(587, "Its port.")
    smtp_user: str = setting("", "The name to sign in to it; empty: without.")
    smtp_password: str = setting("", "The password to sign in to it.", is_secret=True)
    smtp_security: str = setting("starttls", "How the connection to it is kept private: starttls, tls or none.")
    mail_from: str = setting("", "The sender of the brief, such as Octavo <octavo@example.org>.")
    brief_hour: int = setting(7, "From when on a day's brief is mailed, 0 to 23, in `time_zone`.", "hour")
    # Talking
    comment_depth: int = setting(6, "How deep replies are nested; deeper ones stay at this depth.", "levels")
    comment_edit_minutes: int = setting(15, "How long a comment can be edited.", "minutes")
    comments_per_hour: int = setting(20, "The most comments a reader may post in an hour.", "comments")

    def __post_init__(self) -> None:
        for network in self.allow_networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise SettingsError(
                    f"OCTAVO_ALLOW_NETWORKS: {network!r} is not a network ({error}); write it like 192.168.1.0/24."
                ) from None
        self._check_numbers()
        self._check_choices()
        self._check_mail()
        self._check_model()

    def _check_numbers(self) -> None:
        for name in (f.name for f in fields(self) if f.type in ("int", "float")):
            value, least = getattr(self, name), LEAST.get(name, 0)
            if not (math.isfinite(value) and value >= least):
                raise SettingsError(f"{variable(name)}: {value}; write a number from {least} on.")
        if self.poll_max < self.poll_min:
            raise SettingsError(f"OCTAVO_POLL_MAX: {self.poll_max} is less than OCTAVO_POLL_MIN ({self.poll_min}).")
        if not 1 <= self.host_connections <= 2:
            raise SettingsError("OCTAVO_HOST_CONNECTIONS: write 1 or 2; publishers are not to be pressed harder.")

    def _check_choices(self) -> None:
        host, _, port = self.listen.rpartition(":")
        if not host or not (port.isdecimal() and 0 < int(port) <= LAST_PORT):
            raise SettingsError(f"OCTAVO_LISTEN: {self.listen!r} is no address; write one like 127.0.0.1:8000.")
        if self.language not in LANGUAGES:
            raise SettingsError(f"OCTAVO_LANGUAGE: {self.language!r}; write {' or '.join(LANGUAGES)}.")
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise SettingsError(
                f"OCTAVO_TIME_ZONE: {self.time_zone!r} is no zone; write one like Europe/Lisbon."
            ) from None
        if self.feed_editors not in ("readers", "staff"):
            raise SettingsError(f"OCTAVO_FEED_EDITORS: {self.feed_editors!r}; write readers or staff.")
        if self.log_format not in ("text", "json"):
            raise SettingsError(f"OCTAVO_LOG_FORMAT: {self.log_format!r}; write text or json.")
        if self.log_level.lower() not in ("debug", "info", "warning", "error"):
            raise SettingsError(f"OCTAVO_LOG_LEVEL: {self.log_level!r}; write debug, info, warning or error.")

    def _check_mail(self) -> None:
        if self.smtp_security not in ("starttls", "tls", "none"):
            raise SettingsError(f"OCTAVO_SMTP_SECURITY: {self.smtp_security!r}; write starttls, tls or none.")
        if self.smtp_host and "@" not in self.mail_from:
            raise SettingsError("OCTAVO_MAIL_FROM: OCTAVO_SMTP_HOST is set, so write the address that mail comes from.")
        if not 0 < self.smtp_port <= LAST_PORT:
            raise SettingsError(f"OCTAVO_SMTP_PORT: {self.smtp_port}; write a number from 1 to {LAST_PORT}.")
        if self.brief_hour > LAST_HOUR:
            raise SettingsError(f"OCTAVO_BRIEF_HOUR: {self.brief_hour}; write a number from 0 to {LAST_HOUR}.")

    def _check_model(self) -> None:
        if not self.model_url:
            return
        try:
            address = urlsplit(self.model_url)
            is_address = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
        except ValueError:
            is_address = False
        if not is_address or address.query or address.fragment or address.username:
            raise SettingsError("OCTAVO_MODEL_URL: this is no address; write one like http://127.0.0.1:11434/v1.")
        if not self.model_name:
            raise SettingsError("OCTAVO_MODEL_NAME is empty; write the model's name as its endpoint knows it.")
        if not self.model_key.isprintable() or not self.model_key.isascii():
            raise SettingsError("OCTAVO_MODEL_KEY has characters that no key has; copy it again.")
        if len(self.price) != 2 or any(not math.isfinite(one) or one < 0 for one in self.price):
            raise SettingsError("OCTAVO_MODEL_PRICE: write two numbers, in and out, such as 0.15,0.60.")

    @property
    def price(self) -> tuple[float, ...]:
        """What a million tokens cost, in and out; one is NaN where what was written is no number."""
        return tuple(_number(one) for one in self.model_price or ("0", "0"))

    @property
    def site_url(self) -> str:
        """The site's own address without a slash at its end."""
        return (self.base_url or f"http://{self.listen}").rstrip("/")


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return math.nan


def variable(name: str) -> str:
    """The variable that sets a field."""
    return PREFIX + name.upper()


def parse(kind: str, name: str, raw: str) -> Any:
    """One value out of its written form; `kind` is the field's annotation."""
    raw = raw.strip()
    try:
        if kind == "bool":
            return {
                "1": True,
                "true": True,
                "yes": True,
                "on": True,
                "0": False,
                "false": False,
                "no": False,
                "off": False,
                "": False,
            }[raw.lower()]
        if kind == "tuple[str, ...]":
            return tuple(part.strip() for part in raw.split(",") if part.strip())
        return {"int": int, "float": float, "str": str, "Path": Path}[kind](raw)
    except (KeyError, ValueError):
        example = {"bool": "yes or no", "int": "a whole number", "float": "a number"}.get(kind, kind)
        raise SettingsError(f"{variable(name)}: {raw!r} cannot be read; write {example}.") from None


def read_file(path: Path) -> dict[str, str]:
    """The variables of a settings file; empty where there is none."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith(PREFIX):
            # Only what stands before the sign: the value may be a key.
            begun = f"{name.strip()!r}" if equals else "no '='"
            raise SettingsError(f"{path}, line {number}: {begun}; write lines like OCTAVO_HOST_GAP=1.0.")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of the file and of the environment, which wins."""
    file = read_file(Path(environment.get(CONFIG, Path(environment.get("OCTAVO_DATA", "data")) / "octavo.conf")))
    return file | {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def unknown(environment: Mapping[str, str]) -> list[str]:
    """The variables that look like settings and are none: typing errors, or another version's."""
    return sorted(_given(environment).keys() - {variable(f.name) for f in fields(Settings)} - {CONFIG})


def load(environment: Mapping[str, str]) -> Settings:
    """Settings from an environment and the file that it points to."""
    data = Path(environment.get("OCTAVO_DATA", "data"))
    if (named := environment.get(CONFIG)) and not Path(named).is_file():
        raise SettingsError(f"{CONFIG}: there is no file {named}; name one, or take the variable away.")
    given = _given(environment)
    known = {variable(f.name): f for f in fields(Settings)}
    values = {f.name: parse(str(f.type), f.name, given[name]) for name, f in known.items() if name in given}
    values["data"] = Path(values.get("data", data)).expanduser().resolve()
    return Settings(**values)


@cache
def current() -> Settings:
    """The settings of this process, read once from its environment.

    For what runs without Django. What runs within it takes `django.conf.settings.OCTAVO`, which tests replace.
    """
    return load(os.environ)
