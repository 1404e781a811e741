"""Settings come from the environment or a file, and one that cannot be used is told before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.settings import SettingsError, load, unknown


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "octavo.conf").write_text("# mine\nOCTAVO_HOST_GAP=2.5\nOCTAVO_SITE_NAME='The Quay'\n\n")
    found = load({"OCTAVO_DATA": str(tmp_path), "OCTAVO_HOST_GAP": "3"})
    assert (found.host_gap, found.site_name, found.data) == (3.0, "The Quay", tmp_path)


def test_a_file_elsewhere_is_read_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("OCTAVO_HTTPS=yes\nOCTAVO_HOSTS=a.example, b.example\n")
    found = load({"OCTAVO_DATA": str(tmp_path / "data"), "OCTAVO_CONFIG": str(tmp_path / "other")})
    assert found.https
    assert found.hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST_GAP", "nan"), ("HOST_GAP", "inf"), ("HOST_GAP", "-1"), ("HOST_GAP", "soon"), ("CONNECTIONS", "0"),
        ("WEB_WORKERS", "0"), ("HOST_CONNECTIONS", "3"), ("KEEP_DAYS", "-1"), ("POLL_MAX", "10"), ("MAX_BODY", "0"),
        ("HTTPS", "perhaps"), ("LANGUAGE", "tlh"), ("TIME_ZONE", "Europe/Lisbonn"), ("TIME_ZONE", "../../etc/passwd"),
        ("TIME_ZONE", ""), ("LISTEN", "here"), ("LISTEN", "127.0.0.1:99999"), ("LISTEN", ":0"), ("FEED_EDITORS", "all"), ("LOG_FORMAT", "xml"), ("ALLOW_NETWORKS", "10.0.0.1/8"), ("MODEL_URL", "model.example"),
        ("MODEL_URL", "https://a:b@model.example/v1"), ("MODEL_CALLS_PER_DAY", "-1"), ("MODEL_CONTEXT", "10"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"OCTAVO_{name}"):
        load({"OCTAVO_DATA": str(tmp_path), f"OCTAVO_{name}": value})


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OCTAVO_CONFIG: there is no file"):
        load({"OCTAVO_DATA": str(tmp_path), "OCTAVO_CONFIG": str(tmp_path / "none.conf")})


@pytest.mark.parametrize("line", ["HOST_GAP=1", "OCTAVO_HOST_GAP", "export OCTAVO_HOST_GAP=1"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "octavo.conf").write_text(f"OCTAVO_HTTPS=no\n{line}\n")
    with pytest.raises(SettingsError, match="line 2"):
        load({"OCTAVO_DATA": str(tmp_path)})


@pytest.mark.parametrize("line", ["AI_API_KEY=sk-secret", "sk-secret", "export OCTAVO_AI_API_KEY=sk-secret"])
def test_a_bad_line_never_shows_what_may_be_a_key(tmp_path: Path, line: str) -> None:
    (tmp_path / "octavo.conf").write_text(f"{line}\n")
    with pytest.raises(SettingsError) as told:
        load({"OCTAVO_DATA": str(tmp_path)})
    assert "sk-secret" not in str(told.value)


def test_variables_that_are_no_settings_are_told(tmp_path: Path) -> None:
    (tmp_path / "octavo.conf").write_text("OCTAVO_SITENAME=Mine\n")
    environment = {"OCTAVO_DATA": str(tmp_path), "OCTAVO_HOSTGAP": "1", "OCTAVO_HTTPS": "no", "PATH": "/bin"}
    assert unknown(environment) == ["OCTAVO_HOSTGAP", "OCTAVO_SITENAME"]
    assert unknown(environment | {"OCTAVO_CONFIG": str(tmp_path / "none")}) == ["OCTAVO_HOSTGAP"]


@pytest.mark.parametrize(
    ("name", "value"), [("MODEL_NAME", ""), ("MODEL_PRICE", "1"), ("MODEL_PRICE", "1,free"), ("MODEL_KEY", "sk\u00e9")]
)
def test_a_model_that_cannot_be_asked_is_refused(tmp_path: Path, name: str, value: str) -> None:
    given = {"OCTAVO_MODEL_URL": "https://model.example/v1", "OCTAVO_MODEL_NAME": "m", f"OCTAVO_{name}": value}
    with pytest.raises(SettingsError, match=f"OCTAVO_{name}") as refusal:
        load({"OCTAVO_DATA": str(tmp_path), **given})
    assert "sk" not in str(refusal.value)
