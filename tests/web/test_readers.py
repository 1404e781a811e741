"""Accounts, marks, comments and feeds as a signed-in reader uses them, without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from octavo.services import comments, users
from octavo.store.models import Article, Comment, Feed, Publisher, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles() -> list[Article]:
    now = timezone.now()
    publisher = Publisher.objects.create(slug="harbour-post", name="Harbour Post", home_page="https://harbour.example/")
    return [
        Article.objects.create(
            publisher=publisher, url=f"https://harbour.example/{n}", title=f"Ferry number {n}", section="world",
            arrived_at=now, sort_at=now - timedelta(minutes=n), quality="full",
        )
        for n in range(5)
    ]  # fmt: skip


@pytest.fixture
def mara() -> User:
    return User.objects.create_user("mara", password="a-long-enough-one")


@pytest.fixture
def reader(client: Client, mara: User) -> Client:
    client.force_login(mara)
    return client


def test_signing_in_and_out(client: Client, mara: User) -> None:
    answer = client.post("/accounts/login/", {"login": "mara", "password": "a-long-enough-one"})
    assert answer.status_code == 302
    assert "mara" in client.get("/").content.decode()
    client.post("/accounts/logout/")
    assert "Sign in" in client.get("/").content.decode()


def test_registration_is_closed_unless_opened(client: Client, settings, articles: list[Article]) -> None:
    assert "opened by the administrator" in client.get("/accounts/signup/").content.decode()
    import dataclasses

    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, registration=True)
    sent = {"username": "newcomer", "password1": "a-long-enough-one", "password2": "a-long-enough-one"}
    assert client.post("/accounts/signup/", sent).status_code == 302
    assert User.objects.filter(username="newcomer", is_staff=False).exists()


def test_the_first_administrators_link_works_once(client: Client) -> None:
    path = urlsplit(users.admin_link()).path
    sent = {"name": "ilse", "password": "a-long-enough-one", "again": "a-long-enough-one"}
    assert client.post(path, sent).status_code == 302
    assert User.objects.get(username="ilse").is_superuser
    assert Client().get(path).status_code == 410


def test_opening_an_article_reads_it(reader: Client, mara: User, articles: list[Article]) -> None:
    reader.get(f"/articles/{articles[0].pk}/")
    assert mara.read_marks.get().article_id == articles[0].pk


def test_mark_all_read_spares_what_arrived_since_and_can_be_undone(
    reader: Client, mara: User, articles: list[Article]
) -> None:
    page = reader.get("/sections/world/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    Article.objects.create(
        publisher=articles[0].publisher, url="https://harbour.example/late", title="Late", section="world",
        arrived_at=timezone.now(), sort_at=timezone.now() + timedelta(seconds=1),
    )  # fmt: skip
    sent = {"address": "/sections/world/", "seen": seen[1], "next": "/sections/world/"}
    answer = reader.post("/read-all/", sent, follow=True).content.decode()
    assert mara.read_marks.count() == 5
    undo = re.search(r'href="(/undo/\d+/\?next=%2F[^"]*)"', answer)
    assert undo
    assert reader.get(undo[1]).url == "/sections/world/"
    assert mara.read_marks.count() == 0


def test_saved_articles_have_their_page(reader: Client, articles: list[Article]) -> None:
    reader.post(f"/articles/{articles[2].pk}/mark/", {"action": "save"})
    page = reader.get("/saved/").content.decode()
    assert "Ferry number 2" in page
    assert "Ferry number 1" not in page
    assert "feed.atom" not in page  # one's own list is no feed
    for address in ("/saved/", "/latest/", "/"):
        assert reader.get(address).content.decode().count('value="unsave"') == 1, address


def test_a_comment_is_shown_escaped_with_safe_links(reader: Client, articles: list[Article]) -> None:
    address = f"/articles/{articles[0].pk}/"
    reader.post(f"{address}comments/", {"text": "<script>alert(1)</script> see https://port.example/x"})
    page = reader.get(address).content.decode()
    assert "<script>alert" not in page
    assert 'href="https://port.example/x" rel="nofollow ugc noopener noreferrer"' in page


def test_a_refused_comment_keeps_its_text(reader: Client, articles: list[Article]) -> None:
    address = f"/articles/{articles[0].pk}/comments/"
    reader.post(address, {"text": "Twice"})
    answer = reader.post(address, {"text": "Twice"})
    assert answer.status_code == 409
    assert "Twice</textarea>" in answer.content.decode()


def test_visitors_cannot_comment_flag_or_moderate(client: Client, mara: User, articles: list[Article]) -> None:
    comment = comments.post(mara, articles[0], "Mine")
    for address in (f"/articles/{articles[0].pk}/comments/", f"/comments/{comment.pk}/flag/", "/moderation/"):
        answer = client.post(address, {"text": "x", "reason": "spam"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
    assert Comment.objects.count() == 1


def test_readers_are_no_moderators(reader: Client) -> None:
    assert reader.get("/moderation/").status_code == 403


def test_a_moderators_decision_stands_in_the_public_log(client: Client, mara: User, articles: list[Article]) -> None:
    comment = comments.post(mara, articles[0], "A sharp word")
    comments.flag(User.objects.create_user("ann"), comment, "attack")
    client.force_login(User.objects.create_user("ilse", is_staff=True))
    assert "A sharp word" in client.get("/moderation/").content.decode()
    client.post(f"/moderation/{comment.pk}/", {"decision": "remove", "reason": "It names a private person."})
    log = Client().get("/moderation/log/").content.decode()
    assert "It names a private person." in log
    assert "A sharp word" not in client.get(f"/articles/{articles[0].pk}/").content.decode()


def test_feeds_are_edited_by_readers_or_by_staff_only(reader: Client, settings, articles: list[Article]) -> None:
    import dataclasses

    feed = Feed.objects.create(
        publisher=articles[0].publisher, url="https://harbour.example/f", url_key="harbour.example/f", title="Harbour"
    )
    sent = {"title": "Harbour news", "url": feed.url, "folder": "Coast", "section": "world", "language": "en"}
    assert reader.post(f"/feeds/{feed.pk}/", sent).status_code == 302
    feed.refresh_from_db()
    assert (feed.title, feed.folder.name if feed.folder else "") == ("Harbour news", "Coast")
    assert "Harbour news" in reader.get("/feeds/").content.decode()
    reader.post(f"/feeds/{feed.pk}/", {"verb": "pause"})
    feed.refresh_from_db()
    assert feed.state == Feed.State.PAUSED
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, feed_editors="staff")
    assert reader.get("/feeds/").status_code == 403


def test_opml_goes_out_and_comes_back(reader: Client, articles: list[Article]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    Feed.objects.create(publisher=articles[0].publisher, url="https://harbour.example/f", url_key="harbour.example/f")
    taken = reader.get("/feeds/opml/").content
    assert b"https://harbour.example/f" in taken
    Feed.objects.all().delete()
    reader.post("/feeds/opml/", {"list": SimpleUploadedFile("octavo.opml", taken)})
    assert Feed.objects.get().url == "https://harbour.example/f"


def test_a_list_that_is_none_or_broken_is_told_in_the_readers_language(reader: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    def bring(body: bytes) -> str:
        sent = {"list": SimpleUploadedFile("mine.opml", body)}
        return reader.post("/feeds/opml/", sent, follow=True, headers={"accept-language": "ar"}).content.decode()

    assert "ليس في الملف قائمة خلاصات" in bring(b"hello")
    cut = bring(b'<opml version="2.0"><body><outline xmlUrl="https://tide.example/f"/><outline xmlUrl="https://pi')
    assert "أُضيفت خلاصة واحدة. الملف معطوب" in cut


def test_why_an_address_gives_no_feed_is_told_in_the_readers_language(reader: Client) -> None:
    sent = {"address": "ftp://tide.example/"}
    arabic = reader.post("/feeds/add/", sent, headers={"accept-language": "ar"}).content.decode()
    assert "العنوان غير مكتوب كما تُكتب العناوين." in arabic
    assert '<span class="meta" lang="en" dir="ltr">&#x27;ftp://tide.example/&#x27; is no web address' in arabic
    english = reader.post("/feeds/add/", sent).content.decode()
    assert "&#x27;ftp://tide.example/&#x27; is no web address; write one like" in english


def test_muting_from_the_account_page(reader: Client, mara: User, articles: list[Article]) -> None:
    reader.post("/account/mute/", {"word": "number 3", "next": "/account/"})
    assert "Ferry number 3" not in reader.get("/latest/").content.decode()
    assert "number 3" in reader.get("/account/").content.decode()
    reader.post("/account/mute/", {"unmute": mara.muted.get().pk})
    assert "Ferry number 3" in reader.get("/latest/").content.decode()


def test_a_publisher_is_muted_and_unmuted_on_its_page(reader: Client, mara: User, articles: list[Article]) -> None:
    address = "/publishers/harbour-post/"
    assert 'name="publisher" value="harbour-post"' in reader.get(address).content.decode()
    assert reader.post("/account/mute/", {"publisher": "harbour-post", "next": address}).url == address
    assert "Ferry number" not in reader.get("/latest/").content.decode()
    page = reader.get(address).content.decode()
    assert "Ferry number 1" in page
    assert f'name="unmute" value="{mara.muted.get().pk}"' in page
    reader.post("/account/mute/", {"unmute": mara.muted.get().pk})
    assert "Ferry number 1" in reader.get("/latest/").content.decode()


def test_an_empty_front_page_leads_a_reader_to_adding_feeds(client: Client, mara: User) -> None:
    assert 'href="/feeds/add/"' not in client.get("/").content.decode().partition("<main")[2]
    client.force_login(mara)
    assert 'href="/feeds/add/"' in client.get("/").content.decode().partition("<main")[2]
