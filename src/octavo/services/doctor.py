"""Finds what is wrong with a set-up and says what to do; it looks at everything and changes nothing.

Each check is a function that yields findings. One that fails itself becomes a finding, so the others are still made.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from octavo import settings as octavo_settings
from octavo.ai import embedding
from octavo.index.text import IndexBroken
from octavo.services import abstracts, holders, laying, leases, users
from octavo.services.indexing import index_root, reader_of
from octavo.services.installation import pending_migrations
from octavo.services.keys import SECRET_KEY_FILE
from octavo.settings import Settings
from octavo.store.copying import sqlite_path
from octavo.store.models import Article, Feed, IndexWork, Lease, RefreshRequest, Story
from octavo.store.vendor import is_sqlite

OK: Final = "ok"
HINT: Final = "hint"
WRONG: Final = "wrong"

PYTHON: Final = (3, 11)
# Up to SQLite 3.51.2 a checkpoint by two processes at one moment could, rarely, lose the log's newest part.
SQLITE_MENDED: Final = (3, 51, 3)
LITTLE_SPACE: Final = 1_000_000_000
NO_SPACE: Final = 100_000_000
# A larger database is not read through: that would take minutes.
CHECKED_BYTES: Final = 500_000_000
# Octavo's first release cannot run before it was written: a clock that says so stands wrong.
WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK_SLACK: Final = timedelta(minutes=10)
STALE_WISH: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """What one check found: `state` is ok, hint or wrong; `remedy` says what to do, empty where nothing."""

    subject: str
    state: str
    said: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)


Check = Callable[[Settings], Iterator[Finding]]


def examine(network: bool = True) -> list[Finding]:
    """Makes every check; `network` asks one feed's server as well."""
    chosen: Settings = django_settings.OCTAVO
    checks = [*CHECKS, *([] if pending_migrations() else STORE_CHECKS)]
    if network and not pending_migrations():
        checks.append(check_network)
    return [finding for check in checks for finding in _made(check, chosen)]


def _made(check: Check, chosen: Settings) -> list[Finding]:
    """A check's findings, its own failure among them."""
    try:
        return list(check(chosen))
    except Exception as error:
        subject = check.__name__.removeprefix("check_").replace("_", " ")
        return [Finding(subject, WRONG, f"this could not be looked at ({type(error).__name__}: {error}).")]


def check_python(chosen: Settings) -> Iterator[Finding]:
    """The version that the dependencies are locked for."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] == PYTHON:
        yield Finding("Python", OK, version)
    else:
        yield Finding("Python", WRONG, f"{version}; Octavo is made for 3.11.", "Run `make setup PYTHON=python3.11`.")


def check_settings(chosen: Settings) -> Iterator[Finding]:
    """Whether every variable that looks like a setting is one."""
    if strange := octavo_settings.unknown(os.environ):
        said = f"{', '.join(strange)} {'are no settings' if len(strange) > 1 else 'is no setting'}."
        yield Finding("settings", HINT, said, "Compare the spelling with docs/settings.md.")
    else:
        yield Finding("settings", OK, "every one is known")


def check_data_folder(chosen: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written, and by its owner alone."""
    folder = chosen.data
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("data folder", WRONG, f"{folder} cannot be written.", f"chown it to this user: {_user()}.")
        return
    others = stat.S_IMODE(folder.stat().st_mode) & 0o077
    if others:
        yield Finding("data folder", HINT, f"other users can look into {folder}.", f"chmod 700 {folder}")
    else:
        yield Finding("data folder", OK, str(folder))


def _user() -> str:
    return f"user {os.getuid()}"


def check_secret_key(chosen: Settings) -> Iterator[Finding]:
    """Whether nobody else can read the key that signs sessions."""
    path = chosen.data / SECRET_KEY_FILE
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        remedy = f"chmod 600 {path}; if somebody may have read it, delete it: everybody signs in anew."
        yield Finding("secret key", WRONG, f"other users can read {path}.", remedy)
    else:
        yield Finding("secret key", OK, "only its owner can read it")


def check_disk(chosen: Settings) -> Iterator[Finding]:
    """Whether there is room left."""
    free = shutil.disk_usage(chosen.data).free
    said = f"{free / 1e9:.1f} GB free"
    if free < NO_SPACE:
        yield Finding("disk", WRONG, f"{said}: Octavo cannot work.", "Make room, or set OCTAVO_KEEP_DAYS.")
    elif free < LITTLE_SPACE:
        yield Finding("disk", HINT, f"{said}.", "Make room, or set OCTAVO_KEEP_DAYS.")
    else:
        yield Finding("disk", OK, said)


def check_database(chosen: Settings) -> Iterator[Finding]:
    """Whether the database answers, is of a sound version and whole."""
    if not is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            yield Finding("database", OK, f"PostgreSQL {cursor.fetchone()[0]}")
        return
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < SQLITE_MENDED:
        said = (
            f"SQLite {version} has a rare fault when several processes tidy its log at once (mended in 3.51.3). "
            "Octavo keeps its transactions short, and backups are wise."
        )
        yield Finding(
            "database", HINT, said, "Use a newer SQLite, or PostgreSQL (OCTAVO_DATABASE), where much is written."
        )
    else:
        yield Finding("database", OK, f"SQLite {version}")
    if sqlite_path().exists() and sqlite_path().stat().st_size <= CHECKED_BYTES:
        yield from _whole()


def _whole() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        found = str(cursor.fetchone()[0])
    if found == "ok":
        yield Finding("database file", OK, "whole")
    else:
        yield Finding("database file", WRONG, f"damaged: {found}", "Restore a backup: `octavo restore FILE`.")


def check_tables(chosen: Settings) -> Iterator[Finding]:
    """Whether the tables are those of this version."""
    if waiting := pending_migrations():
        said = f"{len(waiting)} changes wait ({waiting[0]} …)."
        yield Finding("tables", HINT, said, "They are made at the next `octavo status` or start.")
    else:
        yield Finding("tables", OK, "up to date")


def check_index(chosen: Settings) -> Iterator[Finding]:
    """Whether the index opens and holds what the store holds."""
    waiting, wanted = IndexWork.objects.count(), Article.objects.filter(version__isnull=False).count()
    try:
        here = reader_of(index_root()).count()
    except IndexBroken as error:
        if wanted:
            yield Finding("index", WRONG, str(error), "It is rebuilt at the next `octavo refresh` or start.")
        else:
            yield Finding("index", OK, "none yet: there is nothing to search")
        return
    if waiting:
        yield Finding("index", HINT, f"{here} of {wanted} articles; {waiting} wait.", "The worker takes them in.")
    elif here != wanted:
        said = f"it holds {here} articles, the database {wanted}."
        remedy = f"Stop Octavo, remove {index_root()}, and start it again: the index is rebuilt."
        yield Finding("index", WRONG, said, remedy)
    else:
        yield Finding("index", OK, f"{here} articles, as in the database")


def check_desk(chosen: Settings) -> Iterator[Finding]:
    """Whether the embedding model is the one that it should be, and what has arrived is folded."""
    try:
        files = embedding.in_use(chosen.embedding_model)
    except embedding.EmbeddingError as error:
        files = None
        yield Finding(
            "model", WRONG, f"{error}", "Set OCTAVO_EMBEDDING_MODEL to a folder with a model, or leave it empty."
        )
    if files is None and not chosen.embedding_model:
        said = "no embedding model is installed, so articles are folded by their words alone."
        yield Finding("model", HINT, said, "Run `make setup`: it installs the model with the other packages.")
    elif files is not None:
        yield _model(files)
    stories, behind = Story.objects.filter(heat__isnull=False).count(), laying.behind()
    if behind:
        yield Finding("desk", HINT, f"{stories} stories; {behind} articles wait.", "The worker folds them.")
    else:
        yield Finding("desk", OK, f"{stories} stories, every article that was read is in one")


def _model(files: embedding.ModelFiles) -> Finding:
    try:
        embedding.verified(files)
    except embedding.EmbeddingError as error:
        return Finding("model", WRONG, f"{error} Until then articles are folded by their words alone.", "`make setup`")
    return Finding("model", OK, files.id)


def check_language_model(chosen: Settings) -> Iterator[Finding]:
    """Whether a language model may be asked, and who could listen; it asks none, since that may cost money."""
    asked = abstracts.endpoint(chosen)
    if not chosen.model_url:
        yield Finding("language model", OK, "none: articles are told by their own sentences")
    elif asked is None:
        said = "OCTAVO_OFFLINE keeps the one that is set up from being asked: it is not on this machine."
        yield Finding("language model", HINT, said, "Unset OCTAVO_OFFLINE, or OCTAVO_MODEL_URL.")
    elif not asked.is_here and urlsplit(asked.url).scheme == "http":
        said = f"texts{' and the key' if asked.key else ''} go to {asked.host} unencrypted."
        yield Finding("language model", HINT, said, "Write https:// in OCTAVO_MODEL_URL.")
    else:
        yield Finding("language model", OK, f"{asked.model} at {asked.host}")


def check_clock(chosen: Settings) -> Iterator[Finding]:
    """Whether the clock can be right."""
    now = timezone.now()
    newest = Article.objects.order_by("-arrived_at").values_list("arrived_at", flat=True).first()
    if now < WRITTEN or (newest and newest > now + CLOCK_SLACK):
        yield Finding(
            "clock", WRONG, f"it says {now:%Y-%m-%d %H:%M} UTC, which is in the past.", "Set the clock (NTP)."
        )
    else:
        yield Finding("clock", OK, f"{now:%Y-%m-%d %H:%M} UTC")


def check_address(chosen: Settings) -> Iterator[Finding]:
    """Whether the site can be reached where it is meant to be, and only there."""
    host = chosen.listen.rpartition(":")[0].strip("[]")
    is_public = not _is_loopback(host)
    names = set(chosen.hosts) - {"127.0.0.1", "localhost", "[::1]"}
    if "*" in chosen.hosts:
        yield Finding("hosts", WRONG, "every host name is answered.", "Set OCTAVO_HOSTS to the names of the site.")
    elif (is_public or chosen.base_url) and not names:
        said = "only this machine's own names are answered, so others see 'Bad Request'."
        yield Finding("hosts", WRONG, said, "Set OCTAVO_HOSTS=news.example.org (the names that people type).")
    elif chosen.base_url and urlsplit(chosen.base_url).hostname not in {*chosen.hosts, *(n.lstrip(".") for n in names)}:
        said = f"OCTAVO_BASE_URL is {chosen.base_url}, whose name is not among OCTAVO_HOSTS."
        yield Finding("hosts", WRONG, said, "Add it to OCTAVO_HOSTS.")
    else:
        yield Finding("hosts", OK, ", ".join(chosen.hosts))
    yield from _base_url(chosen, is_public)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _base_url(chosen: Settings, is_public: bool) -> Iterator[Finding]:
    scheme = urlsplit(chosen.base_url).scheme
    if chosen.base_url and scheme not in ("http", "https"):
        yield Finding("base_url", WRONG, f"{chosen.base_url!r} is no address.", "Write https://news.example.org.")
    elif scheme == "https" and not chosen.https:
        yield Finding(
            "https", WRONG, "the site's address is https, but cookies are not kept to it.", "OCTAVO_HTTPS=yes"
        )
    elif chosen.https and scheme != "https":
        yield Finding("https", WRONG, "OCTAVO_HTTPS is set, but the address is not https.", "Set OCTAVO_BASE_URL.")
    elif is_public and not chosen.base_url:
        said = "links in feeds and mail will carry the listening address."
        yield Finding("base_url", HINT, said, "Set OCTAVO_BASE_URL=https://news.example.org.")
    else:
        yield Finding("base_url", OK, chosen.site_url)
    if chosen.debug:
        said = "pages show the inside of errors to everybody."
        yield Finding("debug", WRONG if is_public or chosen.base_url else HINT, said, "Unset OCTAVO_DEBUG.")


def check_manners(chosen: Settings) -> Iterator[Finding]:
    """Whether publishers can reach who reads them."""
    if chosen.contact:
        yield Finding("contact", OK, chosen.contact)
    else:
        yield Finding("contact", HINT, "publishers cannot reach you.", "Set OCTAVO_CONTACT to a page or an address.")


def check_administrator(chosen: Settings) -> Iterator[Finding]:
    """Whether somebody can look after the site."""
    if users.has_admin():
        yield Finding("administrator", OK, "there is one")
    else:
        yield Finding("administrator", HINT, "there is none.", "`octavo user add NAME --admin`, or `octavo user link`.")


def check_worker(chosen: Settings) -> Iterator[Finding]:
    """Whether somebody works, and nobody who is dead holds anything."""
    now = timezone.now()
    for lease in Lease.objects.filter(held_until__gt=now).exclude(holder=""):
        if holders.is_dead(lease.holder):
            said = f"the lease {lease.name!r} is still held by {lease.holder}, which is gone."
            yield Finding("worker", HINT, said, "Nothing to do: the next worker takes it over.")
    old = RefreshRequest.objects.filter(finished_at=None, asked_at__lt=now - STALE_WISH).count()
    if leases.is_held(leases.DESK):
        yield Finding("worker", OK, "running")
    elif old or Feed.objects.filter(state=Feed.State.ACTIVE).exists():
        yield Finding("worker", HINT, "none is running, so nothing new comes.", "`octavo serve`, or `octavo refresh`.")


def check_feeds(chosen: Settings) -> Iterator[Finding]:
    """Whether feeds are read."""
    active = Feed.objects.filter(state=Feed.State.ACTIVE)
    count, failing = active.count(), active.filter(failures__gt=0).count()
    if not count and Feed.objects.exists():
        yield Finding("feeds", HINT, "none is polled: all are paused or gone.", "`octavo feeds resume FEED`.")
    elif not count:
        yield Finding("feeds", HINT, "there are none.", "`octavo feeds add ADDRESS`, or `octavo import FILE`.")
    elif failing:
        state = WRONG if failing == count else HINT
        yield Finding("feeds", state, f"{failing} of {count} fail.", "`octavo feeds check` tells why.")
    else:
        yield Finding("feeds", OK, f"{count} active, none fails")


def check_network(chosen: Settings) -> Iterator[Finding]:
    """Whether the world can be reached: asks the feed that answered last, as polling would."""
    from octavo.services import health

    active = Feed.objects.filter(state=Feed.State.ACTIVE).select_related("publisher")
    # The demo press answers its own process alone.
    feed = active.exclude(publisher__is_demo=True).order_by("failures", "-succeeded_at").first()
    if feed is None:
        return
    report = health.check([feed])[0]
    if report.is_failing:
        yield Finding("network", WRONG, f"{feed.url} cannot be read: {report.detail}", report.remedy)
    else:
        yield Finding("network", OK, f"{urlsplit(feed.url).hostname} answers")


CHECKS: Final[list[Check]] = [
    check_python,
    check_settings,
    check_data_folder,
    check_secret_key,
    check_disk,
    check_database,
    check_tables,
    check_address,
    check_manners,
    check_language_model,
]
# These ask the tables, which may still have to be made.
STORE_CHECKS: Final[list[Check]] = [
    check_index,
    check_desk,
    check_clock,
    check_administrator,
    check_worker,
    check_feeds,
]
