"""How logs are written: one event a line, for people or as JSON, to standard error. It decides nothing about what is logged."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

# What every record carries by itself; the rest is what the event said about itself.
USUAL = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What an event says beyond its message: the `extra` of the call."""
    return {name: value for name, value in vars(record).items() if name not in USUAL}


def time_of(record: logging.LogRecord) -> str:
    """The event's time, ISO 8601 in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class JsonLines(logging.Formatter):
    """Each event as a JSON object: time, level, logger, message, its facts, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line breaks inside are escaped by JSON."""
        event = {"time": time_of(record), "level": record.levelname.lower(), "logger": record.name}
        event |= {"message": record.getMessage(), **facts_of(record)}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """Each event as a line for people, its facts as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; control characters from outside are escaped, so that nobody forges a line or colours a terminal."""
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        said = f"{record.name}: {record.getMessage()} {facts}".rstrip()
        line = f"{time_of(record)} {record.levelname.lower()} {escaped(said)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def escaped(text: str) -> str:
    """Text with its control characters spelled out."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for a form (`text` or `json`) and a level."""
    formatter = {"text": Lines, "json": JsonLines}[form]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "octavo": {"level": level.upper()},
            # Its events are requests, which octavo.web logs itself; its mistakes go on to the root.
            "django": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            # A name that is not ours is some scanner's mistake and none of ours; octavo.web logs that it was refused.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "axes": {"level": "WARNING"},
        },
    }
