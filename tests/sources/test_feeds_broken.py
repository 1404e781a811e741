"""Broken feeds lose no entry, hostile ones cost nothing, and both say what was done."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core.types import FeedDocument
from octavo.sources.feeds import FeedError, read_feed
from octavo.sources.xmltree import decode, mend_references

ENTRY = "<item><title>{title}</title><link>https://g.example/{number}</link><guid>g{number}</guid></item>"
ARABIC = "بعد سنوات من الانتظار عاد الجسر القديم إلى الخدمة في مدينة الميناء، وقال رئيس البلدية إن العمل تم في موعده"
RUSSIAN = "После долгого ожидания старый мост снова открыт для движения, сообщили в городской администрации"


def feed(*titles: str, head: str = '<?xml version="1.0"?>', inside: str = "") -> str:
    told = "".join(ENTRY.format(title=title, number=number) for number, title in enumerate(titles))
    return f'{head}<rss version="2.0"><channel><title>T</title>{told}{inside}</channel></rss>'


def titles(document: FeedDocument) -> list[str]:
    return [entry.title for entry in document.entries]


def kinds(document: FeedDocument) -> set[str]:
    return {note.kind for note in document.notes}


@pytest.mark.parametrize(
    ("declared", "real", "charset", "text"),
    [
        ("utf-8", "utf-8", "", "Brücke"), ("iso-8859-1", "utf-8", "", "Brücke – offen"), ("utf-8", "cp1252", "", "Café “Port”"),
        ("utf-8", "cp1256", "", ARABIC), ("windows-1256", "cp1256", "", ARABIC), ("", "cp1256", "windows-1256", ARABIC),
        ("utf-8", "utf-8", "iso-8859-1", "Brücke"), ("utf-16", "utf-16", "", "Brücke"), ("utf-16", "utf-8", "", "Brücke"),
        ("", "utf-16-le", "", "Brücke"), ("gb2312", "gb18030", "", "旧桥重新开放"), ("utf-8", "cp1251", "", RUSSIAN),
        ("iso-8859-1", "cp1252", "", "“Quoted” – dash"), ("shift_jis", "cp932", "", "橋が再開"), ("no-such-code", "utf-8", "", "Brücke"),
        ("utf-8", "utf-8-sig", "", "Brücke"),
    ],
)  # fmt: skip
def test_the_encoding_that_fits_is_found(declared: str, real: str, charset: str, text: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    content_type = f'text/xml; charset="{charset}"' if charset else ""
    document = read_feed(feed(text, head=head).encode(real), content_type=content_type)
    assert titles(document) == [text]


def test_a_repaired_encoding_is_noted_and_a_right_one_is_not() -> None:
    head = '<?xml version="1.0" encoding="iso-8859-1"?>'
    assert kinds(read_feed(feed("Brücke", head=head).encode())) == {"encoding"}
    assert kinds(read_feed(feed("Bruecke", head=head).encode())) == set()
    assert kinds(read_feed(feed("Brücke").encode())) == set()


def test_a_few_stray_bytes_do_not_change_the_encoding_of_the_rest() -> None:
    body = feed(ARABIC, "Caf@").encode().replace(b"@", b"\xe9")
    assert titles(read_feed(body)) == [ARABIC, "Café"]


@pytest.mark.parametrize("text", ["Don&#146;t", "Don\x92t", "Don&#x92;t"])
def test_quotation_marks_of_windows_are_understood(text: str) -> None:
    assert titles(read_feed(feed(text).encode())) == ["Don’t"]


@pytest.mark.parametrize(
    ("broken", "note"),
    [
        (feed("A & B &nbsp;&copy; AT&T", "C"), "xml-references"), (feed("A\x00\x01", "C"), "xml-controls"),
        ("Warning: disk full\n" + feed("A", "C"), "xml-junk"), (feed("A", "C").replace("</rss>", ""), "xml-broken"),
        (feed("A", "C").replace("</title><link>", "<link>"), "xml-broken"), (feed("A", "C").replace("</item>", ""), "xml-broken"),
        (feed("A", "C", inside="<item><title>D</title><guid>g3</guid><description><p>x<br>y</description>"), "xml-broken"),
        (feed("A", "C").replace("<title>A", "<title><![CDATA[A"), "xml-broken"),
    ],
)  # fmt: skip
def test_no_entry_is_lost_to_broken_xml(broken: str, note: str) -> None:
    document = read_feed(broken.encode())
    assert [title[0] for title in titles(document)][:2] == ["A", "C"]
    assert [entry.guid for entry in document.entries[:2]] == ["g0", "g1"]
    assert [entry.url for entry in document.entries[:2]] == ["https://g.example/0", "https://g.example/1"]
    assert note in kinds(document)


def test_references_behind_a_fault_are_kept() -> None:
    broken = feed("A<b>", "C").replace("https://g.example/1", "https://g.example/1?a=1&amp;b=2&#38;c=3&d=4")
    document = read_feed(broken.encode())
    assert "xml-broken" in kinds(document)
    assert document.entries[1].url == "https://g.example/1?a=1&b=2&c=3&d=4"
    escaped = feed(
        "A<b>", "C", inside="<item><guid>g2</guid><description>&lt;p&gt;5 &amp;lt; 6&lt;/p&gt;</description></item>"
    )
    assert read_feed(escaped.encode()).entries[2].summary == "<p>5 &lt; 6</p>"


def test_a_feed_that_was_cut_gives_what_came_whole() -> None:
    body = feed("A", "B", "C").encode()
    for end in range(len(b'<?xml version="1.0"?><rss version="2.0"><channel>'), len(body) - 1):
        try:
            document = read_feed(body[:end])
        except FeedError:
            continue
        whole = body[:end].count(b"</item>")
        assert len(document.entries) in (whole, whole + 1)
        for number, entry in enumerate(document.entries):
            assert entry.url in ("", f"https://g.example/{number}"), "a cut link is a wrong address"
            assert entry.guid in ("", f"g{number}")


def test_entities_of_the_document_itself_are_honest() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY paper "The Gazette"><!ENTITY nbsp "&#160;">]>'
    assert titles(read_feed(feed("&paper;&nbsp;today", head=head).encode())) == ["The Gazette today"]


def test_a_billion_laughs_cost_nothing_and_lose_no_entry() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>'
    started = time.process_time()
    document = read_feed(feed("&l11;", "B", head=head).encode())
    assert time.process_time() - started < 1
    assert titles(document)[1:] == ["B"]
    assert sum(map(len, titles(document))) < 1000


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/x"])
def test_nothing_outside_the_document_is_read(address: str) -> None:
    for doctype in (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{address}">]>',
        f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{address}"> %x;]>',
    ):
        (title,) = titles(read_feed(feed("[&x;]", head=f'<?xml version="1.0"?>{doctype}').encode()))
        assert title in ("[&x;]", "[]")


@pytest.mark.parametrize(
    "inside",
    [
        "<item><title>x</title>" + "<a>" * 100_000, "<item><author>" + "a@b " * 50_000 + "</author></item>",
        "<item><title>" + "<b>" * 50_000 + "</title></item>", "<item><title>" + "&amp;lt;" * 50_000 + "</title></item>",
        "<item><title>" + "<![CDATA[" * 20_000 + "</title></item>", "&" * 200_000, "<" * 100_000,
        "<![CDATA[" + "<!--" * 50_000, "<!DOCTYPE [" * 50_000, "<item><title>" + "<item" * 20_000 + "<![CDATA[",
        "<!-- <item> --><item><author>" + "(a@b" * 50_000, "<!-- <item> -->" + "<item><title>&lt;" * 20_000,
        "<item><author>" + "a@b " * 50_000 + "</author></item><item><title>", "<item" * 50_000,
        "<item><pubDate>" + "1 " * 100_000 + "</pubDate></item>", "<item><link>http://" + "a" * 10**6 + "</link></item>",
    ],
)  # fmt: skip
def test_hostile_feeds_take_little_time(inside: str) -> None:
    started = time.process_time()
    document = read_feed(feed("A", inside=inside).encode())
    assert time.process_time() - started < 2
    assert titles(document)[0] == "A"


def test_entries_are_bounded_and_the_bound_is_told() -> None:
    document = read_feed(feed(*(f"t{n}" for n in range(5_003))).encode())
    assert len(document.entries) == 5_000
    assert document.entries[0].title == "t0"
    assert kinds(document) == {"entries-bounded"}


def test_a_reading_does_not_depend_on_the_one_before() -> None:
    broken, sound = feed("A & B").replace("</rss>", "").encode(), feed("C").encode()
    first = read_feed(sound)
    read_feed(broken)
    assert read_feed(sound) == first


def test_a_page_that_begins_with_many_comments_is_told_apart_at_once() -> None:
    began = time.process_time()
    for body in (b"<!---->" * 500 + b"<p>", b"<!-- -->\n" * 400):
        with pytest.raises(FeedError):
            read_feed(body)
    with pytest.raises(FeedError, match="web page"):
        read_feed(b"<!-- a -->\n<!-- b --><!doctype html><p>")
    assert time.process_time() - began < 2


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_feed_or_a_refusal(noise: bytes) -> None:
    for body in (noise, b"<rss><channel>" + noise, feed("A").encode().replace(b"A", noise), b'{"items":[' + noise):
        with suppress(FeedError):
            assert read_feed(body).kind


@given(st.text(max_size=60))
def test_mended_text_keeps_what_was_right(text: str) -> None:
    mended = mend_references(text)
    assert mend_references(mended) == mended


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=80))
def test_utf8_is_read_as_it_is(text: str) -> None:
    body = f"<a>{text}</a>".encode()
    assert decode(body)[0] == f"<a>{text}</a>"
