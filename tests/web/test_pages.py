"""Pages and feeds as a visitor gets them: they answer, cost few queries, escape what comes from outside and stay fresh."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.demo.press import load
from octavo.store import queries
from octavo.store.models import Enclosure, Feed, Hashtag, Page, Picture, Publisher
from octavo.web import names, page_cache
from octavo.web.views import front
from octavo.web.views.site import is_local
from tests.web import newsroom

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\" onload='x' & \u202e \x07"
MOST_QUERIES = 8
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = ("/latest/", "/sections/world/", "/countries/XA/", "/languages/en/", "/publishers/paper/", "/tags/ferry/")


def a_newspaper() -> Publisher:
    return newsroom.make_publisher("The Paper", slug="paper")


def a_full_store() -> None:
    publisher = a_newspaper()
    tag = Hashtag.objects.create(key="ferry", label="Ferry", language="en")
    for _ in range(3):
        newsroom.make_article(publisher, section="world").hashtags.add(tag)


def text_of(visitor: Client, address: str, **headers: str) -> str:
    response = visitor.get(address, **headers)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        *LISTS,
        "/publishers/",
        "/search/",
        "/search/?q=harbour",
        "/health/",
        "/about/",
        "/preferences/",
        "/robots.txt",
        "/manifest.webmanifest",
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_answers_in_both_languages(visitor: Client, address: str, language: str) -> None:
    a_full_store()
    text = text_of(visitor, address, headers={"accept-language": language})
    if text.startswith("<!doctype"):
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in text


@pytest.mark.parametrize("address", ["/", "/latest/", "/publishers/", "/health/", "/search/"])
def test_pages_of_an_empty_store_say_so(visitor: Client, address: str) -> None:
    assert text_of(visitor, address)


@pytest.mark.parametrize("address", ["/", *LISTS, "/publishers/", "/health/"])
def test_a_list_costs_the_same_queries_however_many_rows_it_has(visitor: Client, address: str) -> None:
    a_full_store()
    text_of(visitor, address)  # what is looked up once in a process
    few = count_queries(visitor, address)
    publisher = Publisher.objects.get(slug="paper")
    tag = Hashtag.objects.get(key="ferry")
    for _ in range(12):
        newsroom.make_article(publisher, section="world").hashtags.add(tag)
        newsroom.make_feed(newsroom.make_publisher(), failures=3, failure_reason="status-500")
        newsroom.make_article(section="science")
    assert count_queries(visitor, address) == few <= MOST_QUERIES


def test_an_article_costs_few_queries_however_much_hangs_on_it(visitor: Client) -> None:
    article = newsroom.make_article()
    address = f"/articles/{article.pk}/"
    text_of(visitor, address)
    few = count_queries(visitor, address)
    for number in range(5):
        article.hashtags.add(Hashtag.objects.create(key=f"tag{number}", label=f"Tag{number}", language="en"))
        Enclosure.objects.create(article=article, url=f"https://sound.example/{number}.mp3", type="audio/mpeg")
        newsroom.add_version(article, f"{newsroom.TEXT} {number}")
    assert count_queries(visitor, address) == few <= MOST_QUERIES


def count_queries(visitor: Client, address: str) -> int:
    page_cache.shelf.clear()
    with CaptureQueriesContext(connection) as captured:
        text_of(visitor, address)
    return len(captured)


def test_what_comes_from_outside_is_escaped_everywhere(visitor: Client) -> None:
    publisher = newsroom.make_publisher(HOSTILE, slug="paper", owner=HOSTILE)
    article = newsroom.make_article(publisher, title=HOSTILE, excerpt=HOSTILE, authors=[HOSTILE], section="world")
    article.hashtags.add(Hashtag.objects.create(key="ferry", label=HOSTILE))
    Enclosure.objects.create(article=article, url="https://a.example/?\"'<", type="audio/mpeg", title=HOSTILE)
    Enclosure.objects.create(article=article, url="javascript:alert(1)", type="audio/mpeg", title="never shown")
    newsroom.make_feed(publisher, failures=1, failure_reason="html", failure_detail=HOSTILE)
    pages = (
        "/",
        *LISTS,
        "/publishers/",
        "/health/",
        f"/articles/{article.pk}/",
        f"/articles/{article.pk}/versions/?v=1",
    )
    for address in pages:
        text = text_of(visitor, address)
        assert "<script>alert" not in text, address
        assert "onload='x'" not in text, address
        assert "javascript:" not in text, address


def test_answers_carry_their_policies(visitor: Client) -> None:
    response = visitor.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]


def test_pages_for_what_went_wrong(visitor: Client) -> None:
    missing = visitor.get("/articles/999999/")
    assert missing.status_code == 404
    assert "There is no such page" in missing.content.decode()
    assert visitor.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_page_that_fails_answers_without_the_store(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("the store is gone")

    monkeypatch.setattr(queries, "newest_rows", fail)
    visitor.raise_request_exception = False
    response = visitor.get("/")
    assert response.status_code == 500
    assert "Something here has failed" in response.content.decode()


class TestFrontPage:
    def test_nothing_stands_twice(self, visitor: Client) -> None:
        for section in ("world", "science", "", "world") * 10:
            newsroom.make_article(section=section)
        text = text_of(visitor, "/")
        headlines = [part.split('"')[0] for part in text.split('<a href="/articles/')[1:]]
        assert len(headlines) == len(set(headlines)) >= 30

    def test_the_sheet_has_eight_publishers_the_weightiest_first(self) -> None:
        now = timezone.now()
        plain = [row(number, publisher=number % 10, words=100) for number in range(30)]
        weighty = row(99, publisher=50, words=900, picture=1)
        chosen = front.choose_sheet([*plain, weighty], now)
        assert chosen[0] == weighty
        assert len({each.publisher_id for each in chosen}) == len(chosen) == 8

    def test_one_publisher_alone_fills_the_sheet(self) -> None:
        chosen = front.choose_sheet([row(number, publisher=1) for number in range(12)], timezone.now())
        assert len({each.id for each in chosen}) == 8

    def test_an_edition_bounds_it(self, visitor: Client) -> None:
        newsroom.make_article(newsroom.make_publisher(language="ar", country="XH"), title="عنوان")
        newsroom.make_article(title="English alone")
        visitor.post("/preferences/", {"language": "ar", "country": "", "next": "/"})
        text = text_of(visitor, "/")
        assert "عنوان" in text
        assert "English alone" not in text

    def test_is_small(self, visitor: Client) -> None:
        newsroom.fill_from_press()
        response = visitor.get("/", headers={"accept-encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(response.content) < 20_000


def row(key: int, publisher: int = 1, words: int = 100, picture: int | None = None) -> queries.Row:
    when = timezone.now() - timedelta(minutes=key)
    name = f"Paper {publisher}"
    return queries.Row(key, "t", "", "en", "full", "", when, "second", words, picture, publisher, name, "paper")


class TestLists:
    def test_older_and_newer_pages_lose_and_repeat_nothing(self, visitor: Client) -> None:
        publisher = a_newspaper()
        same = datetime(2026, 5, 1, 12, tzinfo=UTC)  # one instant for many: the id decides
        made = [newsroom.make_article(publisher, published_at=same).pk for _ in range(95)]
        seen, address = [], "/latest/"
        for _ in range(3):
            text = text_of(visitor, address)
            seen += [int(part.split("/")[0]) for part in text.split('<a href="/articles/')[1:]]
            links = [part.split('"')[0] for part in text.split('rel="next" href="')[1:]]
            address = f"/latest/{links[0]}" if links else ""
        assert seen == sorted(made, reverse=True)
        assert address == ""

    def test_the_way_back_leads_where_one_came_from(self) -> None:
        publisher = a_newspaper()
        for _ in range(10):
            newsroom.make_article(publisher)
        articles = publisher.articles.all()
        first = queries.page(articles, 4)
        second = queries.page(articles, 4, before=first.older)
        back = queries.page(articles, 4, after=second.newer)
        assert [each.id for each in back.rows] == [each.id for each in first.rows]
        assert (first.newer, back.newer) == (None, None)

    @pytest.mark.parametrize("written", ["", "x", "1-2-3", "9" * 40 + "-1", "-1"])
    def test_a_place_that_is_none_begins_at_the_top(self, visitor: Client, written: str) -> None:
        newsroom.make_article(title="At the top")
        assert "At the top" in text_of(visitor, f"/latest/?before={written}")

    @pytest.mark.parametrize("address", ["/sections/gossip/", "/countries/xx1/", "/languages/-/", "/tags/none/"])
    def test_lists_that_are_none_are_not_found(self, visitor: Client, address: str) -> None:
        assert visitor.get(address).status_code == 404

    @pytest.mark.parametrize("address", LISTS)
    def test_each_is_an_atom_feed(self, visitor: Client, address: str) -> None:
        a_full_store()
        newsroom.make_article(
            Publisher.objects.get(slug="paper"), title=f"Odd {HOSTILE}", section="world"
        ).hashtags.add(Hashtag.objects.get(key="ferry"))
        assert f'href="{address}feed.atom"' in text_of(visitor, address)
        tree = ElementTree.fromstring(text_of(visitor, f"{address}feed.atom"))
        entries = tree.findall(f"{ATOM}entry")
        assert len(entries) == 4
        for entry in entries:
            for name in ("id", "title", "updated"):
                assert entry.findtext(f"{ATOM}{name}"), name
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 4

    @pytest.mark.parametrize("address", LISTS)
    def test_each_is_a_json_feed(self, visitor: Client, address: str) -> None:
        a_full_store()
        document = json.loads(text_of(visitor, f"{address}feed.json"))
        assert document["version"] == "https://jsonfeed.org/version/1.1"
        assert len(document["items"]) == 3
        assert all(each["url"].startswith("http") and each["content_text"] for each in document["items"])


class TestArticle:
    def test_says_what_it_is(self, visitor: Client) -> None:
        when = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
        article = newsroom.make_article(a_newspaper(), published_at=when, authors=["Ida Marsh", "Tom Reed"])
        text = text_of(visitor, f"/articles/{article.pk}/")
        for words in ("The Paper", "Ida Marsh, Tom Reed", "1 May 2026, 10:30", article.url, "Nobody had slept"):
            assert words in text
        assert "No comments yet" in text

    @pytest.mark.parametrize(
        ("quality", "words"), [("paywall", "Full text not available: paywall."), ("full", None), ("", "Not read yet")]
    )
    def test_says_where_it_is_not_whole(self, visitor: Client, quality: str, words: str | None) -> None:
        article = newsroom.make_article(quality=quality)
        text = text_of(visitor, f"/articles/{article.pk}/")
        assert ("Read it at" in text) == (words is not None)
        if words:
            assert words in text

    def test_each_key_point_leads_to_its_place(self, visitor: Client) -> None:
        article = newsroom.make_article()
        version = article.version
        version.key_points = [[27, 45]]
        version.save()
        assert version.text[27:45] == "Nobody had slept.\n"[:18]
        text = text_of(visitor, f"/articles/{article.pk}/")
        assert f'href="/articles/{article.pk}/?p=1.27-45#p"' in text
        marked = text_of(visitor, f"/articles/{article.pk}/?p=1.27-44")
        assert '<mark id="p">Nobody had slept.</mark>' in marked

    @pytest.mark.parametrize("written", ["1.5-2", "9.0-4", "1.900-950", "x", "1.0-99999999", "<b>"])
    def test_a_passage_that_is_none_marks_nothing(self, visitor: Client, written: str) -> None:
        article = newsroom.make_article()
        text = text_of(visitor, f"/articles/{article.pk}/?p={written}")
        assert "Nobody had slept" in text

    def test_an_earlier_version_is_cited_as_it_was(self, visitor: Client) -> None:
        article = newsroom.make_article(text="Twelve were hurt.")
        newsroom.add_version(article, "Fifteen were hurt.")
        newest = text_of(visitor, f"/articles/{article.pk}/")
        assert "Fifteen" in newest
        assert "2 versions" in newest
        cited = text_of(visitor, f"/articles/{article.pk}/?p=1.0-6")
        assert '<mark id="p">Twelve</mark>' in cited
        assert "This is version 1" in cited
        assert "Twelve were hurt." in text_of(visitor, f"/articles/{article.pk}/versions/?v=1")

    def test_another_language_carries_its_own_direction(self, visitor: Client) -> None:
        article = newsroom.make_article(newsroom.make_publisher(language="ar"))
        assert '<article class="article" data-article lang="ar" dir="rtl">' in text_of(
            visitor, f"/articles/{article.pk}/"
        )

    def test_lead_pictures_come_from_here(self, visitor: Client, data_folder) -> None:
        article = newsroom.make_article()
        article.picture = newsroom.make_picture(data_folder, "ferry")
        article.save()
        text = text_of(visitor, f"/articles/{article.pk}/")
        source = text.split('srcset="')[1].split(" ")[0]
        response = visitor.get(source)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/webp"
        assert b"".join(response.streaming_content).startswith(b"RIFF")

    @pytest.mark.parametrize("name", ["../secret.key", "..%2fsecret.key", "x.webp", "a/../../secret.key"])
    def test_nothing_else_is_served_as_a_picture(self, visitor: Client, name: str, data_folder) -> None:
        (data_folder / "pictures").mkdir()
        (data_folder / "secret.key").write_text("secret")
        assert visitor.get(f"/pictures/{name}").status_code == 404

    def test_a_picture_that_is_not_here_is_not_shown(self, visitor: Client) -> None:
        article = newsroom.make_article()
        article.picture = Picture.objects.create(url="https://far.example/a.jpg", url_hash="a" * 64)
        article.save()
        assert "<img" not in text_of(visitor, f"/articles/{article.pk}/")


class TestHealth:
    def test_says_what_failed_since_when_why_and_what_to_do(self, visitor: Client) -> None:
        since = datetime(2026, 4, 2, 8, 15, tzinfo=UTC)
        facts = {
            "failures": 4,
            "failing_since": since,
            "failure_reason": "status-403",
            "failure_detail": "403 Forbidden",
        }
        newsroom.make_feed(newsroom.make_publisher("Harbour Post"), **facts)
        text = text_of(visitor, "/health/")
        for words in ("Harbour Post", "2 April 2026, 08:15", "403 Forbidden", "ask it for access"):
            assert words in text

    def test_tells_of_pages_that_could_not_be_read(self, visitor: Client) -> None:
        feed = newsroom.make_feed(newsroom.make_publisher("Harbour Post"))
        article = newsroom.make_article(feed.publisher, feed=feed)
        Page.objects.create(
            article=article,
            url=article.url,
            host="x",
            state="failed",
            failure_reason="robots",
            failed_at=timezone.now(),
        )
        assert "Pages that could not be read" in text_of(visitor, "/health/")


class TestPreferences:
    def test_language_theme_and_edition_are_kept(self, visitor: Client) -> None:
        visitor.post("/preferences/", {"interface": "ar", "theme": "dark", "country": "XA", "next": "/"})
        text = text_of(visitor, "/")
        assert '<html lang="ar" dir="rtl" data-theme="dark">' in text
        assert "فيلمارا" in text

    def test_a_form_of_another_site_changes_nothing(self, visitor: Client) -> None:
        response = visitor.post("/preferences/", {"theme": "dark"}, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403
        assert not response.cookies

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
    def test_it_leads_nowhere_else(self, visitor: Client, address: str) -> None:
        assert visitor.post("/preferences/", {"theme": "dark", "next": address}).headers["Location"] == "/"

    def test_odd_cookies_count_as_none(self, visitor: Client) -> None:
        visitor.cookies["octavo_theme"] = "x\" onload='"
        visitor.cookies["octavo_edition"] = "<b>.<i>"
        assert "data-theme" not in text_of(visitor, "/")


class TestPageCache:
    def test_a_kept_page_costs_no_query_until_something_changes(self, visitor: Client) -> None:
        newsroom.make_article(title="The first")
        text_of(visitor, "/")
        with CaptureQueriesContext(connection) as captured:
            assert "The first" in text_of(visitor, "/")
        assert len(captured) == 0
        newsroom.make_article(title="The second")
        page_cache.shelf._asked_at = float("-inf")  # a second passes
        assert "The second" in text_of(visitor, "/")

    def test_languages_and_themes_are_kept_apart(self, visitor: Client) -> None:
        newsroom.make_article()
        english = text_of(visitor, "/", headers={"accept-language": "en"})
        arabic = text_of(visitor, "/", headers={"accept-language": "ar"})
        visitor.cookies["octavo_theme"] = "dark"
        dark = text_of(visitor, "/", headers={"accept-language": "en"})
        assert len({english, arabic, dark}) == 3

    def test_compressed_and_plain_are_the_same_page(self, visitor: Client) -> None:
        import gzip

        newsroom.fill_from_press()
        plain = visitor.get("/")
        compressed = visitor.get("/", headers={"accept-encoding": "gzip"})
        assert gzip.decompress(compressed.content) == plain.content
        assert int(compressed.headers["Content-Length"]) == len(compressed.content)

    def test_an_unchanged_page_is_not_sent_again(self, visitor: Client) -> None:
        newsroom.make_article()
        etag = visitor.get("/").headers["ETag"]
        again = visitor.get("/", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_nobody_with_a_session_is_given_a_kept_page(self, visitor: Client, django_user_model) -> None:
        newsroom.make_article()
        text_of(visitor, "/")
        visitor.force_login(django_user_model.objects.create_user("reader"))
        with CaptureQueriesContext(connection) as captured:
            text_of(visitor, "/")
        assert len(captured) > 0
        visitor.logout()

    def test_foreign_hosts_are_refused_though_the_page_is_kept(self, visitor: Client) -> None:
        text_of(visitor, "/")
        assert visitor.get("/", headers={"host": "evil.example"}).status_code == 400


class TestForMachines:
    def test_files_of_the_site_are_kept_for_ever_under_their_hash(self, visitor: Client) -> None:
        address = text_of(visitor, "/about/").split('rel="stylesheet" href="')[1].split('"')[0]
        response = visitor.get(address, headers={"accept-encoding": "gzip"})
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(response.content) < 12_000
        assert visitor.get("/assets/octavo.000000000000.css").status_code == 404

    def test_the_manifest_names_icons_that_exist(self, visitor: Client) -> None:
        for icon in json.loads(text_of(visitor, "/manifest.webmanifest"))["icons"]:
            assert visitor.get(icon["src"]).headers["Content-Type"] == icon["type"]

    def test_health(self, visitor: Client) -> None:
        assert text_of(visitor, "/healthz") == "ok\n"

    def test_figures_are_for_this_machine_and_staff(self, visitor: Client, rf) -> None:
        newsroom.make_feed(newsroom.make_publisher(), state=Feed.State.PAUSED)
        newsroom.make_article()
        text = text_of(visitor, "/metrics")
        assert "octavo_articles 1.0" in text
        assert 'octavo_feeds{state="paused"} 1.0' in text
        assert visitor.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404
        assert visitor.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
        assert not is_local(rf.get("/metrics", REMOTE_ADDR=""))


def test_an_article_without_a_title_can_be_opened(visitor: Client) -> None:
    short = newsroom.make_article(title="", excerpt="The ferry waited for the fog to lift.")
    empty = newsroom.make_article(title="", excerpt="")
    page = visitor.get("/latest/").content.decode()
    assert f'<a href="/articles/{short.pk}/" data-title>The ferry waited for the fog to lift.</a>' in page
    assert f'<a href="/articles/{empty.pk}/" data-title>Without a headline</a>' in page
    assert "<h1>Without a headline</h1>" in visitor.get(f"/articles/{empty.pk}/").content.decode()
    titles = [item["title"] for item in visitor.get("/latest/feed.json").json()["items"]]
    assert titles == ["The ferry waited for the fog to lift.", "Without a headline"]


@pytest.mark.parametrize(
    ("reason", "arabic"),
    [
        ("unreachable", "لا يمكن الوصول إلى الخادم."),
        ("status-503", "يجيب الخادم بخطأ."),
        ("too-costly-memory", "قراءته تكلّف أكثر مما يُسمح به لقراءة واحدة."),
        ("something new", "تعذرت قراءته."),
    ],
)
def test_feed_health_tells_the_fault_in_the_readers_language(visitor: Client, reason: str, arabic: str) -> None:
    newsroom.make_feed(newsroom.make_publisher(), failures=2, failure_reason=reason, failure_detail="no <route> to it")
    page = visitor.get("/health/", headers={"accept-language": "ar"}).content.decode()
    assert f'{arabic} <span class="meta" lang="en" dir="ltr">no &lt;route&gt; to it.</span>' in page
    assert '<p class="why">no &lt;route&gt; to it.' in visitor.get("/health/").content.decode()


def test_languages_and_places_are_named_in_the_readers_language(visitor: Client) -> None:
    for slug, language, country in (("tide", "en", "XH"), ("lamp", "tlh-piqd", "GB")):
        newsroom.make_article(newsroom.make_publisher(slug, slug=slug, language=language, country=country))
    page = visitor.get("/publishers/", headers={"accept-language": "ar"}).content.decode()
    assert "الإنجليزية" in page
    assert "المملكة المتحدة" in page
    assert "روضان" in page
    assert "English" not in page.partition("<main")[2].partition("</main>")[0]


def test_every_place_of_the_demo_press_has_a_name() -> None:
    assert {publisher.country for publisher in load().publishers} <= set(names.DEMO_PLACES)
