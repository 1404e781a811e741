"""Everything together as one program: it starts, its parts are started again when they are killed, and it stops cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

OCTAVO = str(Path(sys.executable).with_name("octavo"))
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """`octavo serve` as a person would start it."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.log = data / "serve.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")}
        environment |= {"OCTAVO_DATA": str(data), "OCTAVO_LISTEN": f"127.0.0.1:{self.port}"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        with self.log.open("w") as log:
            self.process = subprocess.Popen([OCTAVO, "serve"], env=environment, stdout=log, stderr=log)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as reply:
                return reply.status == 200
        except OSError:
            return False

    def worker(self) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it may be ending this moment
                if "octavo.services.process" in " ".join(child.cmdline()):
                    return child
        return None

    def web(self) -> list[psutil.Process]:
        """The web server with its children, also those that lost their parent."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "granian" in line and str(self.port) in line:
                found.append(process)
        return found


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {PATIENCE:.0f} s"
        time.sleep(0.1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    site = Running(tmp_path)
    yield site
    if site.process.poll() is None:
        site.process.kill()
        site.process.wait()


def test_it_answers_survives_a_killed_worker_and_stops_on_sigterm(running):
    wait_for(running.answers, "an answer")
    wait_for(running.worker, "the worker's start")
    first = running.worker()
    first.send_signal(signal.SIGKILL)
    wait_for(lambda: (now := running.worker()) is not None and now.pid != first.pid, "the worker's restart")
    family = psutil.Process(running.process.pid).children(recursive=True)

    began = time.monotonic()
    running.process.terminate()
    assert running.process.wait(20) == 0
    assert time.monotonic() - began < 10
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert "is started again" in running.log.read_text()


def test_a_taken_port_is_told_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {**os.environ, "OCTAVO_DATA": str(tmp_path)}
        environment["OCTAVO_LISTEN"] = f"127.0.0.1:{taken.getsockname()[1]}"
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        done = subprocess.run([OCTAVO, "serve"], env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "Something else listens" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_killed_web_server_leaves_no_child_at_the_port(running):
    wait_for(running.answers, "an answer")
    before = running.web()
    head = next(one for one in before if one.ppid() == running.process.pid)
    assert len(before) > 1
    head.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(before, timeout=10)
    assert not alive
    wait_for(running.answers, "an answer of its successor")
    running.process.terminate()
    assert running.process.wait(20) == 0
    assert running.web() == []
