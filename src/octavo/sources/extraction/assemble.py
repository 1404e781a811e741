"""Builds the body's markup from the blocks and pictures that were kept. It decides no block's fate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from octavo.sources.extraction.blocks import FLAGS, Block, Layout, Picture, markup

Path = tuple[tuple[str, int], ...]

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
BARE = frozenset(("li", "td", "th", "dd", "dt"))
MAX_FIGURES = 20
MIN_WIDTH = 200  # pixels: a narrower picture is an icon or a portrait beside a name
REACH = 6  # blocks before the body in which a picture still belongs to it
CELL_TEXT = 120  # characters on average: with more, a table is there for the page's layout
SURROUNDINGS = sum(FLAGS[name] for name in ("aside", "nav", "footer", "related", "comment", "promo", "share", "byline", "newsletter", "cookie"))  # fmt: skip
NOT_A_PHOTOGRAPH = re.compile(r"\.svg$|pixel|spacer|blank\.|placeholder|1x1|logo|icon|avatar|sprite|badge", re.I)
EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")


def data_tables(blocks: Iterable[Block]) -> set[int]:
    """The numbers of the tables that hold figures and words rather than the page's layout."""
    cells: dict[int, list[int]] = defaultdict(list)
    rows: dict[int, set[int]] = defaultdict(set)
    columns: dict[int, set[int]] = defaultdict(set)
    for block in blocks:
        table = 0
        for tag, number in block.path:
            if tag == "table":
                table = number
                cells[table].append(len(block.text))
            elif tag == "tr" and table:
                rows[table].add(number)
            elif tag in ("td", "th") and table:
                columns[table].add(number)
    return {
        table
        for table, lengths in cells.items()
        if len(rows[table]) > 1 and len(columns[table]) > len(rows[table]) and sum(lengths) < CELL_TEXT * len(lengths)
    }


def sound_path(path: Path, tables: set[int]) -> Path:
    """The structure above a block as HTML allows it: items only in lists, cells only in rows of tables of data."""
    sound: list[tuple[str, int]] = []
    skipping = False
    for tag, number in path:
        last = sound[-1][0] if sound else ""
        if tag == "table":
            skipping = number not in tables or any(above == "table" for above, _ in sound)
        fits = {
            "li": last in ("ul", "ol"),
            "ul": last not in ("ul", "ol", "table", "tr"),
            "ol": last not in ("ul", "ol", "table", "tr"),
            "table": not skipping and last not in ("ul", "ol"),
            "tr": not skipping and last == "table",
            "td": not skipping and last == "tr",
            "th": not skipping and last == "tr",
            "blockquote": last not in ("ul", "ol", "table", "tr"),
        }
        if fits.get(tag, False):
            sound.append((tag, number))
    while sound and sound[-1][0] in ("ul", "ol", "table", "tr"):
        sound.pop()
    return tuple(sound)


def block_markup(block: Block, path: Path, base: str) -> str:
    """One block as an element, or bare inside the item or cell that it fills."""
    inside = EDGE_BREAKS.sub("", markup(block.pieces, base))
    if block.tag in HEADINGS:
        name = HEADINGS[block.tag]
        return f"<{name}>{inside}</{name}>"
    if block.tag == "pre":
        return f"<pre>{inside}</pre>"
    if path and path[-1][0] in BARE and block.tag in BARE:
        return inside
    return f"<p>{inside}</p>"


def belongs(picture: Picture, first: int, last: int) -> bool:
    """Whether a picture is the article's own: among its blocks, big enough, not in the surroundings."""
    before = picture.place < first and (picture.caption or picture.flags & FLAGS["figure"])
    near = first - REACH <= picture.place <= last if before else first <= picture.place <= last
    narrow = 0 < picture.width < MIN_WIDTH
    return (
        near
        and not narrow
        and not picture.flags & SURROUNDINGS
        and not NOT_A_PHOTOGRAPH.search(urlsplit(picture.src).path)
    )


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses show one picture: the same file name, whatever its size or server."""
    a, b = (
        re.sub(r"[-_]\d{2,4}x\d{2,4}(?=\.\w+$)", "", urlsplit(address).path.rsplit("/", 1)[-1])
        for address in (one, other)
    )
    return len(a) > 4 and a == b


def figures(layout: Layout, kept: Sequence[int], lead: str) -> dict[int, list[str]]:
    """The figures to show, by the number of the kept block that each stands before; the lead picture is not repeated."""
    found: dict[int, list[str]] = defaultdict(list)
    seen: list[str] = [lead] if lead else []
    for picture in layout.pictures:
        if len(seen) > MAX_FIGURES:
            break
        if not belongs(picture, kept[0], kept[-1]) or any(same_picture(picture.src, other) for other in seen):
            continue
        seen.append(picture.src)
        place = next(number for number in kept if number >= picture.place)
        caption = f"<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
        found[place].append(f'<figure><img src="{escape(picture.src)}" alt="{escape(picture.alt)}">{caption}</figure>')
    return found


def assemble(layout: Layout, kept: Sequence[int], title: str, lead: str) -> str:
    """The markup of the kept blocks (numbers in order) with their lists, quotes, tables and figures.

    A heading that repeats the title, captions (they stand with their pictures) and a heading at the end are left out.
    """
    kept = [number for number in kept if layout.blocks[number].tag != "figcaption"]
    kept = [n for place, n in enumerate(kept) if place > 3 or layout.blocks[n].text.casefold() != title.casefold()]
    while kept and layout.blocks[kept[-1]].tag in HEADINGS:
        kept.pop()
    if not kept:
        return ""
    tables = data_tables(layout.blocks[number] for number in kept)
    pictures = figures(layout, kept, lead)
    parts: list[str] = []
    open_path: Path = ()
    for number in kept:
        block = layout.blocks[number]
        path = sound_path(block.path, tables)
        common = 0
        while common < min(len(path), len(open_path)) and path[common] == open_path[common]:
            common += 1
        if number in pictures:  # a figure stands between two pieces of structure, never inside one
            parts += [f"</{tag}>" for tag, _ in reversed(open_path)] + pictures[number]
            open_path, common = (), 0
        parts += [f"</{tag}>" for tag, _ in reversed(open_path[common:])]
        parts += [f"<{tag}>" for tag, _ in path[common:]]
        open_path = path
        parts.append(block_markup(block, path, layout.base))
    parts += [f"</{tag}>" for tag, _ in reversed(open_path)]
    return "\n".join(parts)
