"""The verbs as a person runs them: what they say, where, and with which exit code."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Installation

OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Coast"><outline type="rss" text="Harbour Post" xmlUrl="https://harbour.example/feed"
 htmlUrl="https://harbour.example/"/></outline>
<outline type="rss" text="The Tide" xmlUrl="https://tide.example/rss.xml"/></body></opml>"""

ONE_ARTICLE = """
from datetime import UTC, datetime
from octavo.core.types import Moment, Precision
from octavo.services import indexing
from octavo.store.models import *
noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
publisher = Publisher.objects.create(slug="harbour-post", name="Harbour Post")
article = Article(publisher=publisher, url="https://harbour.example/ferry", title="Ferry late", arrived_at=noon,
    sort_at=noon, language="en", quality="full")
article.published = Moment(noon, 210, Precision.MINUTE)
article.save()
article.version = ArticleVersion.objects.create(article=article, number=1, title="Ferry late",
    text="Fog held the ferry.", text_hash="", quality="full", made_at=noon)
article.save()
IndexWork.objects.create(article_id=article.pk)
indexing.catch_up()
indexing.close()
"""


def test_a_first_use_makes_a_private_installation(fresh_installation: Installation) -> None:
    installation = fresh_installation
    status = installation.json("status")
    assert (status["articles"], status["feeds"]) == (0, 0)
    assert installation.run("status").stdout.startswith("Octavo ")
    assert stat.S_IMODE(installation.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((installation.data / "secret.key").stat().st_mode) == 0o600


def test_lists_of_feeds_go_in_and_out(installation: Installation, tmp_path: Path) -> None:
    opml = tmp_path / "mine.opml"
    opml.write_text(OPML)
    assert installation.json("import", str(opml))["added"] == 2
    assert installation.json("import", str(opml)) == {"added": 0, "known": 2, "left_out": [], "mended": []}
    exported = installation.run("export", "opml").stdout
    assert "https://harbour.example/feed" in exported
    assert 'text="Coast"' in exported
    rows = {row["url"]: row for row in installation.json("feeds", "list")}
    assert rows["https://harbour.example/feed"]["folder"] == "Coast"
    installation.run("feeds", "pause", "https://tide.example/rss.xml")
    states = {row["url"]: row["state"] for row in installation.json("feeds", "list")}
    assert states == {"https://harbour.example/feed": "active", "https://tide.example/rss.xml": "paused"}
    installation.run("feeds", "resume", str(rows["https://tide.example/rss.xml"]["id"]))
    installation.run("feeds", "remove", "https://tide.example/rss.xml")
    assert installation.json("status")["feeds_active"] == 1


def test_articles_are_found_and_exported(installation: Installation) -> None:
    installation.python(ONE_ARTICLE)
    row = json.loads(installation.run("export", "articles").stdout)
    assert row == {
        "id": row["id"],
        "url": "https://harbour.example/ferry",
        "title": "Ferry late",
        "published": "2026-03-01T15:30+03:30",
        "publisher": "Harbour Post",
        "language": "en",
        "quality": "full",
        "story": None,
        "text": "Fog held the ferry.",
    }
    assert installation.run("export", "articles", "--publisher", "nobody").stdout == ""
    assert installation.json("search", "ferries", "publisher:harbour")["total"] == 1
    assert "Ferry late" in installation.run("search", "fog").stdout
    assert installation.json("search", "fog", "-ferry", code=3)["total"] == 0


def test_accounts(installation: Installation) -> None:
    installation.run("user", "add", "tomas", "--admin", "--password-stdin", stdin="lantern-harbour-9\n")
    told = installation.run("user", "add", "tomas", "--password-stdin", code=1, stdin="lantern-harbour-9\n")
    assert "exists" in told.stderr
    assert [(row["name"], row["role"]) for row in installation.json("user", "list")] == [("tomas", "administrator")]
    assert "/accounts/first/" in installation.run("user", "link").stdout


def test_the_doctor_tells_what_is_wrong_and_what_to_do(installation: Installation) -> None:
    installation.run("status")
    assert installation.run("doctor").returncode == 0
    (installation.data / "secret.key").chmod(0o644)
    installation.environment["OCTAVO_LISTEN"] = "0.0.0.0:8000"
    found = {row["subject"]: row for row in installation.json("doctor", code=4)}
    assert found["secret key"]["state"] == "wrong"
    assert "chmod 600" in found["secret key"]["remedy"]
    assert "OCTAVO_HOSTS" in found["hosts"]["remedy"]


def test_the_doctor_tells_feeds_that_rest_from_no_feeds(installation: Installation, tmp_path: Path) -> None:
    assert {row["subject"]: row["said"] for row in installation.json("doctor")}["feeds"] == "there are none."
    (tmp_path / "mine.opml").write_text(OPML)
    installation.run("import", str(tmp_path / "mine.opml"))
    installation.run("feeds", "pause", "https://tide.example/rss.xml", "https://harbour.example/feed")
    told = {row["subject"]: row["said"] for row in installation.json("doctor")}
    assert told["feeds"] == "none is polled: all are paused or gone."


def test_a_list_that_breaks_off_says_so(installation: Installation, tmp_path: Path) -> None:
    cut = tmp_path / "cut.opml"
    cut.write_text(OPML[: OPML.index("<outline type")])
    assert "cut or broken" in installation.run("import", str(cut), code=1).stderr
    cut.write_text(OPML[: OPML.index("https://tide")])
    assert "the document ends in the middle" in installation.run("import", str(cut)).stdout


def test_nobody_but_its_own_process_asks_the_demo_press(installation: Installation) -> None:
    installation.python(
        "from octavo.store.models import Feed, Publisher\n"
        "press = Publisher.objects.create(slug='lamp', name='The Lamp', is_demo=True)\n"
        "Publisher.objects.create(slug='silent', name='Silent')\n"
        "Feed.objects.create(publisher=press, url='http://127.0.2.3:8100/rss.xml', title='The Lamp')"
    )
    found = {row["subject"]: row["state"] for row in installation.json("doctor")}
    assert "network" not in found
    told = installation.run("feeds", "check", "1").stdout
    assert told.startswith("The Lamp: not asked")
    assert installation.json("status")["publishers"] == 0  # of those that have written something


MISTAKES = [
    (("feeds", "pause", "77"), 3, "no feed '77'"),
    (("feeds", "add", "ftp://harbour.example/"), 1, "no web address"),
    (("feeds", "add", "javascript:alert(1)"), 1, "'javascript:alert(1)' is no web address"),
    (("feeds", "add", ""), 1, "'' is no web address"),
    (("user", "add", "mara"), 1, "--password-stdin"),
    (("search", "ferry"), 1, "octavo refresh"),
    (("import", "/nowhere.opml"), 2, "does not exist"),
    (("import", "/etc/passwd"), 1, "OPML"),
    (("restore", "--yes", "/etc/passwd"), 1, "nothing was changed"),
    (("backup", "/nowhere/b.tar.gz"), 1, "no folder /nowhere"),
    (("feeds", "add", "http://nowhere.invalid/"), 1, "nowhere.invalid cannot be reached"),
    (("bogus",), 2, "No such command"),
    (("search", "--page", "0", "x"), 2, "--page"),
    (("read", "http://127.0.0.1/"), 1, "127.0.0.1"),
    (("read", "nonsense"), 1, "nonsense"),
]


@pytest.mark.parametrize(("words", "code", "said"), MISTAKES, ids=[" ".join(words) for words, _, _ in MISTAKES])
def test_a_mistake_is_told_in_a_sentence(
    installation: Installation, words: tuple[str, ...], code: int, said: str
) -> None:
    done = installation.run(*words, code=code)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "made a mistake" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OCTAVO_HOST_GAP", "soon", "OCTAVO_HOST_GAP"),
        ("OCTAVO_ALLOW_NETWORKS", "here", "192.168"),
        ("OCTAVO_LISTEN", "127.0.0.1:99999", "127.0.0.1:8000"),
        ("OCTAVO_CONFIG", "/nowhere.conf", "OCTAVO_CONFIG"),
        ("OCTAVO_DATABASE", "mysql://x", "postgres://"),
        ("OCTAVO_DATA", "/proc/nowhere", "OCTAVO_DATA"),
        ("OCTAVO_DATABASE", "postgres://nobody@127.0.0.1:9/none", "database"),
    ],
)
def test_a_setting_that_cannot_be_is_told(installation: Installation, name: str, value: str, said: str) -> None:
    installation.environment[name] = value
    done = installation.run("status", code=1)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_traceback_is_shown_only_when_asked_for(installation: Installation) -> None:
    assert "Traceback" in installation.run("--debug", "feeds", "pause", "77", code=3).stderr


def test_two_first_uses_at_once_agree(fresh_installation: Installation) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: fresh_installation.run("status", "--json"), range(2)))
    assert all(json.loads(one.stdout)["feeds"] == 0 for one in done)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(installation: Installation, shell: str) -> None:
    assert "_OCTAVO_COMPLETE" in installation.run("completion", shell).stdout


def test_completion_offers_the_verbs(installation: Installation) -> None:
    installation.environment |= {"_OCTAVO_COMPLETE": "bash_complete", "COMP_WORDS": "octavo fe", "COMP_CWORD": "1"}
    assert set(installation.run(code=None).stdout.split()) == {"plain,feeds", "plain,feed"}


A_BRIEF = (
    ONE_ARTICLE
    + """
from django.utils import timezone
from octavo.services import briefs, leases
from django.db import transaction
from octavo.services.placing import recount
now = timezone.now()
Article.objects.update(sort_at=now)
story = Story.objects.create(name="1", founded_at=now, changed_at=now)
Article.objects.update(story=story)
with transaction.atomic():
    recount([story.pk], now)
briefs.make(leases.acquire(leases.DESK), "", timezone.now())
"""
)


def test_the_brief_is_told_in_words_and_as_json_and_needs_a_server_to_be_mailed(
    fresh_installation: Installation,
) -> None:
    installation = fresh_installation
    assert "There is no such brief" in installation.run("brief", code=3).stderr
    installation.python(A_BRIEF)
    told = installation.run("brief").stdout
    assert "1. Ferry late (Harbour Post)" in told
    assert "1 independent publisher" in told
    document = installation.json("brief")
    assert [story["title"] for story in document["stories"]] == ["Ferry late"]
    assert len(document["inputs"]["candidates"]) == 1
    assert "is no day" in installation.run("brief", "--day", "Monday", code=2).stderr
    assert "OCTAVO_SMTP_HOST" in installation.run("brief", "--to", "mara@example.org", code=1).stderr
    assert installation.run("brief", "--mail").stdout == "Sent to 0 readers.\n"
