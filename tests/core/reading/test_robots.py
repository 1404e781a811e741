"""What a robots.txt allows, by RFC 9309."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

from octavo.core.reading.robots import ALLOW_ALL, DENY_ALL, MAX_CRAWL_DELAY, parse_robots


def allows(text: str, path: str) -> bool:
    return parse_robots(text).allows(path)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /private/", "/private/a", False),
        ("Disallow: /private/", "/private", True),
        ("Disallow:", "/anything", True),
        ("Disallow: /", "/", False),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /*.php", "/x/y.php?z", False),
        ("Disallow: /*.php$", "/x/y.php?z", True),
        ("Disallow: /*.php$", "/y.php", False),
        ("Disallow: /a*b*c", "/axxbxxc", False),
        ("Disallow: /a*b*c", "/axxcxxb", True),
        ("Disallow: /x$", "/x", False),
        ("Disallow: /x$", "/xy", True),
        ("Disallow: /*a$", "/aa", False),
        ("Disallow: /%7Ejoe", "/~joe/", False),
        ("Disallow: /ü", "/%c3%bc/", False),
        ("Disallow: /%C3%BC", "/ü", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /search?q=", "/search?q=x", False),
        ("disallow : /a  # comment", "/a", False),
        ("Noindex: /a", "/a", True),
    ],
)
def test_the_longest_matching_rule_decides(rules: str, path: str, expected: bool):
    assert allows("User-agent: *\n" + rules, path) is expected


def test_a_group_that_names_octavo_is_the_only_one_that_counts():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: OCTAVO/2\nDisallow: /a\n\nuser-agent: octavo\nDisallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_a_name_that_only_begins_or_ends_like_ours_is_another():
    assert allows("User-agent: octavobot\nDisallow: /\nUser-agent: my-octavo\nDisallow: /", "/a")


def test_rules_before_any_agent_and_other_lines_are_ignored():
    text = "\ufeffDisallow: /a\r\nSitemap: https://x.example/s.xml\rUser-agent: *\r\nSitemap: /y\nDisallow: /b\n<html>"
    assert [allows(text, path) for path in ("/a", "/b")] == [True, False]


def test_a_sitemap_between_agents_does_not_split_their_group():
    assert not allows("User-agent: octavo\nSitemap: /s\nUser-agent: other\nDisallow: /a", "/a")


def test_a_blank_line_keeps_another_robots_ban_from_falling_on_everybody():
    assert allows("User-agent: *\n\nUser-agent: greedy\nDisallow: /", "/a")
    assert not allows("User-agent: *\n# a comment is no blank line\nUser-agent: greedy\nDisallow: /", "/a")
    assert not allows("User-agent: *\n\nDisallow: /", "/a")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("86400", MAX_CRAWL_DELAY),
        ("-1", 0.0),
        ("nan", 0.0),
        ("inf", MAX_CRAWL_DELAY),
        ("x", 0.0),
    ],
)
def test_crawl_delay_is_bounded(value: str, seconds: float):
    assert parse_robots(f"User-agent: *\nCrawl-delay: {value}").crawl_delay == seconds


def test_all_and_nothing():
    assert ALLOW_ALL.allows("/a")
    assert not DENY_ALL.allows("/")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{number}\n" for number in range(16_000)) + "Disallow: /x\n" * 20_000,
        "User-agent: *\n" + "".join(f"Disallow: /x{number}*y*z*{number}$\n" for number in range(20_000)),
        "User-agent: *\nDisallow: /" + "*a" * 200_000 + "b",
        "User-agent: *\nDisallow: /" + "%61" * 160_000,
        ":" * 500_000,
        "\n" * 500_000,
    ],
    ids=["agents", "rules", "stars", "escapes", "colons", "lines"],
)
def test_hostile_files_cost_little(text: str):
    began = time.process_time()
    parse_robots(text).allows("/x" + "a" * 2000)
    assert time.process_time() - began < 3.0


PATHS = st.text("/ab.", max_size=6).map("/".__add__)
PATTERNS = st.text("/ab*.", max_size=6).map("/".__add__)
LINES = st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), PATTERNS, st.sampled_from(["", "$"])), max_size=5)


@settings(max_examples=300)
@given(LINES, PATHS)
def test_plain_files_are_read_as_the_usual_library_reads_them(lines: list[tuple[str, str, str]], path: str):
    text = "User-agent: *\n" + "\n".join(f"{key}: {pattern}{end}" for key, pattern, end in lines)
    assert allows(text, path) is Protego.parse(text).can_fetch("http://a.example" + path, "octavo")
