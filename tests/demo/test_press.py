"""The press as written down: what is wrong in a file is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.demo.press import Block, PressError, blocks, fill_copies, load, read_article

PUBLISHER = """[[publisher]]
id = "gull"
name = "The Gull"
place = "Nowhere"
country = "XZ"
language = "en"
owner = "A gull"
medium = "newspaper"
sections = ["world"]
feed = "atom"
motto = "Mine"
template = "plain"
"""
FRONT = """title = "A title"
story = "a-story"
hours_ago = 3
authors = ["Ann Example"]
section = "world"
standfirst = "In short."
"""


def article(folder: Path, front: str = FRONT, body: str = "A paragraph.", slug: str = "one") -> Path:
    path = folder / "gull" / f"{slug}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"+++\n{front}+++\n\n{body}\n", encoding="utf-8")
    return path


def test_a_body_is_read_as_its_parts() -> None:
    body = "First\nline.\n\n## Under\n\n> said\n> she\n\n- one\n- two\n\n## Close\nupon it"
    assert list(blocks(body)) == [
        Block("paragraph", ("First line.",)),
        Block("subhead", ("Under",)),
        Block("quote", ("said she",)),
        Block("list", ("one", "two")),
        Block("subhead", ("Close",)),
        Block("paragraph", ("upon it",)),
    ]


def test_a_copy_without_text_has_that_of_its_original(tmp_path: Path) -> None:
    original = read_article(article(tmp_path))
    copy = read_article(article(tmp_path, FRONT + 'copy_of = "gull/one"\n', "", "two"))
    assert fill_copies([original, copy])[1].text == "A paragraph."


@pytest.mark.parametrize(
    ("front", "body", "said"),
    [
        (FRONT + "colour = 1\n", "x", "colour is not known"),
        (FRONT.replace("story", "#"), "x", "story is missing"),
        (FRONT + 'kind = "gossip"\n', "x", "kind is 'gossip'"),
        (FRONT + "tags = [\n", "x", "front matter does not read"),
        (FRONT, "", "no text"),
    ],
)
def test_a_broken_article_is_named_with_its_fault(tmp_path: Path, front: str, body: str, said: str) -> None:
    path = article(tmp_path, front, body)
    with pytest.raises(PressError, match=said) as raised:
        read_article(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [(('feed = "atom"', 'feed = "pigeon"'), "feed is 'pigeon'"), (('motto = "Mine"\n', ""), "motto is missing")],
)
def test_a_broken_publisher_is_named_with_its_fault(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "publishers.toml").write_text(PUBLISHER.replace(*change), encoding="utf-8")
    with pytest.raises(PressError, match=said):
        load(tmp_path)


def test_two_publishers_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "publishers.toml").write_text(PUBLISHER * 2, encoding="utf-8")
    with pytest.raises(PressError, match="two publishers"):
        load(tmp_path)


def test_a_copy_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "publishers.toml").write_text(PUBLISHER, encoding="utf-8")
    article(tmp_path, FRONT + 'copy_of = "gull/none"\n')
    with pytest.raises(PressError, match="gull/none"):
        load(tmp_path)


def test_an_empty_folder_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(PressError, match=r"publishers\.toml"):
        load(tmp_path)


def test_every_picture_and_copy_of_the_shipped_press_is_sound() -> None:
    press = load()
    stories = {article.address: article.story for article in press.articles}
    for article in press.articles:
        assert len(article.text) > 120, article.address
        if article.copy_of:
            assert stories[article.copy_of] == article.story, article.address
