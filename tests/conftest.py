"""What every test shares. Under CI a skipped test is a failure: there, all that the suite needs is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

IN_CI = bool(os.environ.get("CI"))


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the encoder's graph is built: once for all tests."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def data_folder(tmp_path: Path, models_folder: Path, settings) -> Path:
    """A data folder of the test's own, for pictures, indexes and keys; it has nothing but the encoder's graph."""
    import dataclasses

    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "models").symlink_to(models_folder)
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, data=folder)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turns skips into a failure under CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
