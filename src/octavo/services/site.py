"""Runs everything: the site's processes and one worker, watched over; it serves and reads nothing itself.

A process that ends is started again, later each time that it ends soon. SIGTERM and Ctrl-C stop all of them cleanly.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Count, Q

from octavo.services import demo as demo_press
from octavo.services import feeds, health, running, users
from octavo.store.models import Article, Feed

TICK = 0.25
# A process that lived this long is started again at once; one that did not, after ever longer waits (seconds).
SETTLED = 60.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
# How long a clean stop may take before it is forced.
STOP_SECONDS = 8.0
# Progress is told this long after the start, and this often.
TELL_SECONDS, TELL_EVERY = 60.0, 3.0
WEB_THREADS = 4
PR_SET_PDEATHSIG = 1


class SiteError(RuntimeError):
    """The site cannot be started; the message says why and what to do."""


@dataclass
class Watched:
    """A process that is kept running. One that ends by itself with 0 is done, where `may_end`."""

    name: str
    command: Sequence[str]
    may_end: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    start_at: float = 0.0
    is_done: bool = False

    def start(self) -> None:
        """Starts it, in a group of its own; it is told to stop when this process dies, however it dies."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, preexec_fn=_end_with_parent, process_group=0)

    def look(self) -> None:
        """Starts it again where it has ended and its wait is over."""
        now = time.monotonic()
        if self.is_done:
            return
        if self.process is not None and (code := self.process.poll()) is not None:
            self._take_end(code, now)
        if self.process is None and now >= self.start_at and not self.is_done:
            self.start()

    def _take_end(self, code: int, now: float) -> None:
        assert self.process is not None
        end_group(self.process)
        self.process = None
        if self.may_end and code == 0:
            self.is_done = True
            return
        self.wait = FIRST_WAIT if now - self.started > SETTLED else min(self.wait * 2, LONGEST_WAIT)
        self.start_at = now + self.wait
        say(f"The {self.name} ended unexpectedly ({_cause(code)}); it is started again in {self.wait:.0f} s.")


@dataclass
class Site:
    """The processes of one installation, and what is told about their first minute."""

    watched: list[Watched] = field(default_factory=list)
    is_stopping: bool = False

    def run(self, tell: Callable[[], None]) -> None:
        """Watches until a signal asks to stop; then stops all."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.is_stopping:
                for one in self.watched:
                    one.look()
                tell()
                time.sleep(TICK)
        finally:
            self.stop()

    def _stop(self, number: int, frame: Any) -> None:
        self.is_stopping = True

    def stop(self) -> None:
        """Asks every process to end, and ends those that do not in time."""
        running = [one.process for one in self.watched if one.process and one.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends what a process that has ended left behind: a server that was killed leaves its children at the port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def serve(open_start: bool = False, demo: bool = False) -> int:
    """Runs site and worker until SIGTERM or Ctrl-C; the exit code. Raises SiteError where it cannot start.

    `open_start` fills an empty installation with the starter set and, where no feed can be reached, runs the demo
    press; `demo` runs the press in any case.
    """
    octavo = settings.OCTAVO
    host, port = address(octavo.listen)
    with running.the_only_one(octavo.data):
        check_free(host, port)
        _serve(_First(open_start), host, port, demo)
    return 0


def _serve(first: _First, host: str, port: int, demo: bool) -> None:
    octavo = settings.OCTAVO
    first.prepare()
    site = Site([Watched("site", web_command(host, port, octavo.web_workers)), Watched("worker", worker_command())])
    if demo or first.has_demo():
        site.watched.append(demo_process())
    say(f"Octavo is at {octavo.site_url} (stop it with Ctrl-C)")
    if not users.has_admin():
        say(f"Become its administrator, once, at {octavo.site_url}{users.admin_link()}")
    connections.close_all()
    site.run(lambda: first.tell(site))


def address(listen: str) -> tuple[str, int]:
    """Host and port of a `listen` setting, whose form the settings have checked."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def check_free(host: str, port: int) -> None:
    """Raises SiteError where something else listens there already, or we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SiteError(
                    f"Something else listens on {host}:{port} (Octavo, perhaps); stop it or set OCTAVO_LISTEN."
                ) from None
            raise SiteError(f"Octavo cannot listen on {host}:{port}: {error.strerror}; set OCTAVO_LISTEN.") from None


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The site under granian."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(max(1, workers)), "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers",
        "--workers-kill-timeout", "5", "--no-ws", "--log-level", "warning", "octavo.web.wsgi:application",
    ]  # fmt: skip


def worker_command(*arguments: str) -> list[str]:
    """A worker."""
    return [sys.executable, "-m", "octavo.services.process", *arguments]


def demo_process() -> Watched:
    """The demo press and its reader."""
    return Watched("demo press", worker_command("--demo"), may_end=True)


class _First:
    """What an installation's first minute is like: the starter set, progress, and the demo press where all else fails."""

    def __init__(self, open_start: bool) -> None:
        self._open_start = open_start
        self._began = time.monotonic()
        self._told_at = 0.0
        self._told = ""

    def prepare(self) -> None:
        """Takes the starter set into an installation without feeds."""
        if self._open_start and not Feed.objects.exists():
            outcome = feeds.import_starter()
            say(f"Welcome. Starting with {outcome.added} feeds; change them on the site or with `octavo feeds`.")

    def has_demo(self) -> bool:
        """Whether the demo press was left running."""
        return demo_press.is_here()

    def tell(self, site: Site) -> None:
        """Progress on the terminal, while there is any, in the first minute."""
        now = time.monotonic()
        if now - self._began > TELL_SECONDS or now - self._told_at < TELL_EVERY or site.is_stopping:
            return
        self._told_at = now
        self._look(site)

    def _look(self, site: Site) -> None:
        counts = Feed.objects.aggregate(
            all=Count("id"),
            polled=Count("id", filter=Q(polled_at__isnull=False)),
            well=Count("id", filter=Q(succeeded_at__isnull=False)),
            dark=Count("id", filter=Q(failure_reason__in=health.SILENT)),
        )
        articles = Article.objects.count()
        read = Article.objects.exclude(quality="").count()
        connections.close_all()
        line = f"{counts['polled']} of {counts['all']} feeds polled, {articles} articles, {read} read"
        if line != self._told and articles:
            say(line)
        self._told = line
        self._fall_back(site, counts, articles)

    def _fall_back(self, site: Site, counts: dict[str, int], articles: int) -> None:
        # The demo press is always reached: with it running there is nothing to fall back to.
        dark = (
            counts["dark"] >= min(health.ENOUGH_SILENT, max(1, counts["all"])) and not counts["well"] and not articles
        )
        if self._open_start and dark and not any(one.name == "demo press" for one in site.watched):
            say(
                "No feed can be reached from here, so Octavo shows its demo press: invented publishers on this machine."
            )
            site.watched.append(demo_process())


def _end_with_parent() -> None:
    """Has the kernel ask this child to stop when its parent dies (Linux; elsewhere nothing happens)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what Ctrl-C means is passed on by the parent, in order
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def say(line: str) -> None:
    """One line to whoever started it, at once."""
    sys.stdout.write(line + os.linesep)
    sys.stdout.flush()
