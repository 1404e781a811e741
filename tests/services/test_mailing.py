"""The day's brief reaches, once, those who asked for it; a server that is dead or refuses costs nobody their mail."""

from __future__ import annotations

import dataclasses
import socket
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from django.utils import timezone

from octavo.services import briefs, following, mailing
from octavo.services.mailing import MailRefused
from octavo.settings import Settings, SettingsError
from octavo.store.models import Article, User
from tests.services.desks import held
from tests.services.test_briefs import a_story
from tests.web import newsroom

pytestmark = pytest.mark.django_db


class Postman(socketserver.ThreadingTCPServer):
    """A mail server (RFC 5321) that keeps what it takes, and refuses whom it is told to."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[tuple[str, Message]] = []
        self.unknown: set[str] = set()
        self.breaks_after: int | None = None
        self.connections = 0


class Session(socketserver.StreamRequestHandler):
    server: Postman

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 postman")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                self.say("550 nobody of that name" if recipient in self.server.unknown else "250 ok")
            elif verb == "DATA":
                if self.server.breaks_after is not None and len(self.server.taken) >= self.server.breaks_after:
                    return
                self.say("354 go on")
                self.take(recipient)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.taken.append((recipient, message_from_bytes(b"".join(lines), policy=default)))
        self.say("250 taken")


@pytest.fixture
def postman(settings) -> Iterator[Postman]:
    with Postman() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        mail_by(settings, server.server_address[1])
        yield server
        server.shutdown()


def mail_by(settings, port: int) -> None:
    settings.OCTAVO = dataclasses.replace(
        settings.OCTAVO, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="octavo@example.org"
    )


def a_reader(name: str, **facts: object) -> User:
    return User.objects.create(username=name, email=f"{name}@example.org", **{"brief_by_mail": True, **facts})


def a_brief() -> None:
    a_story("Merrow", publishers=2)
    briefs.make(held(), "", timezone.now())


def bodies(message: Message) -> dict[str, str]:
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


def test_those_who_asked_get_it_once_a_day(postman: Postman) -> None:
    a_brief()
    a_reader("oona")
    a_reader("mara", brief_by_mail=False)
    a_reader("gone", is_active=False)
    User.objects.create(username="nowhere", brief_by_mail=True)
    now = timezone.now()
    assert mailing.send_due(now) == 1
    assert mailing.send_due(now) == 0
    assert [address for address, _ in postman.taken] == ["oona@example.org"]
    briefs.make(held(), "", now + timedelta(days=1))
    assert mailing.send_due(now + timedelta(days=1)) == 1


def test_it_tells_the_stories_in_plain_text_and_in_html_with_receipts(postman: Postman) -> None:
    a_brief()
    a_reader("oona")
    mailing.send_due(timezone.now())
    message = postman.taken[0][1]
    told = bodies(message)
    title = Article.objects.get(story__isnull=False, title__endswith="report 0").title
    assert "The eight of" in str(message["Subject"])
    assert title in told["text/plain"]
    assert "2 independent publishers" in told["text/plain"]
    assert "/account/" in told["text/plain"]
    assert 'href="http' in told["text/html"]
    assert "#p" in told["text/html"]
    assert message["List-Unsubscribe"]


def test_it_is_in_the_readers_language_and_has_what_they_follow_first(postman: Postman) -> None:
    wide, mine = a_story("Selkie", publishers=3), a_story("Merrow", publishers=2)
    briefs.make(held(), "", timezone.now())
    reader = a_reader("oona", language="ar")
    following.follow(reader, mine)
    mailing.send_due(timezone.now())
    message = postman.taken[0][1]
    assert "ثمانية" in str(message["Subject"])
    assert 'dir="rtl"' in bodies(message)["text/html"]
    plain = bodies(message)["text/plain"]
    assert plain.index(f"/stories/{mine.pk}/") < plain.index(f"/stories/{wide.pk}/")


def test_what_comes_from_outside_is_escaped_and_on_one_line(postman: Postman) -> None:
    paper = newsroom.make_publisher("Evil\r\nBcc: all@example.org <b>")
    newsroom.make_story(newsroom.make_article(paper, title="<script>alert(1)</script>\x1b[2J\nTwo", text="One. " * 30))
    briefs.make(held(), "", timezone.now())
    a_reader("oona")
    mailing.send_due(timezone.now())
    message = postman.taken[0][1]
    told = bodies(message)
    assert "<script>" not in told["text/html"]
    assert "\x1b" not in told["text/plain"]
    assert message["Bcc"] is None


def test_an_address_that_is_refused_holds_up_no_other(postman: Postman) -> None:
    a_brief()
    a_reader("adam")
    a_reader("oona")
    postman.unknown.add("adam@example.org")
    assert mailing.send_due(timezone.now()) == 1
    assert [address for address, _ in postman.taken] == ["oona@example.org"]
    assert mailing.send_due(timezone.now()) == 0, "it is not tried every minute"


def test_a_server_that_breaks_off_is_asked_again_for_those_who_are_left(postman: Postman) -> None:
    a_brief()
    for name in ("adam", "mara", "oona"):
        a_reader(name)
    postman.breaks_after = 1
    with pytest.raises(MailRefused, match="did not take the brief"):
        mailing.send_due(timezone.now())
    postman.breaks_after = None
    assert mailing.send_due(timezone.now()) == 2
    assert sorted(address for address, _ in postman.taken) == [
        "adam@example.org",
        "mara@example.org",
        "oona@example.org",
    ]


def test_a_dead_server_is_told_of_in_words(settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        mail_by(settings, closed.getsockname()[1])
    a_brief()
    a_reader("oona")
    with pytest.raises(MailRefused, match="OCTAVO_SMTP_"):
        mailing.send_due(timezone.now())
    assert mailing.waiting(timezone.localdate()).count() == 1


def test_nobody_is_connected_to_where_nobody_waits(postman: Postman) -> None:
    a_brief()
    assert mailing.send_due(timezone.now()) == 0
    assert postman.connections == 0


def test_without_a_brief_or_a_server_nothing_is_sent_and_it_says_why(postman: Postman, settings) -> None:
    a_reader("oona")
    with pytest.raises(MailRefused, match="no brief"):
        mailing.send_due(timezone.now())
    a_brief()
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, smtp_host="")
    with pytest.raises(MailRefused, match="OCTAVO_SMTP_HOST"):
        mailing.send_due(timezone.now())


def test_it_waits_for_its_hour(postman: Postman, settings) -> None:
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, brief_hour=9)
    morning = timezone.localtime().replace(hour=8, minute=59)
    assert not mailing.is_time(morning)
    assert mailing.is_time(morning + timedelta(minutes=1))


def test_one_address_can_be_tried(postman: Postman) -> None:
    a_brief()
    mailing.send_to("trial@example.org", timezone.now())
    assert [address for address, _ in postman.taken] == ["trial@example.org"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"smtp_security": "maybe"}, "OCTAVO_SMTP_SECURITY"),
        ({"smtp_host": "mail.example.org"}, "OCTAVO_MAIL_FROM"),
        ({"smtp_port": 0}, "OCTAVO_SMTP_PORT"),
        ({"brief_hour": 24}, "OCTAVO_BRIEF_HOUR"),
    ],
)
def test_settings_that_cannot_send_are_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        Settings(**wrong)  # type: ignore[arg-type]
