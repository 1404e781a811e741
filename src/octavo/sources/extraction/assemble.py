"""Builds the body's markup from the blocks that were kept, without pictures: readers' browsers may not fetch them. It decides no block's fate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from octavo.sources.extraction.blocks import Block, Layout, markup

Path = tuple[tuple[str, int], ...]

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
BARE = frozenset(("li", "td", "th", "dd", "dt"))
CELL_TEXT = 120  # characters on average: with more, a table is there for the page's layout
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


def assemble(layout: Layout, kept: Sequence[int], title: str) -> str:
    """The markup of the kept blocks (numbers in order) with their lists, quotes and tables.

    A heading that repeats the title, captions (their pictures are not shown) and a heading at the end are left out.
    """
    kept = [number for number in kept if layout.blocks[number].tag != "figcaption"]
    kept = [n for place, n in enumerate(kept) if place > 3 or layout.blocks[n].text.casefold() != title.casefold()]
    while kept and layout.blocks[kept[-1]].tag in HEADINGS:
        kept.pop()
    if not kept:
        return ""
    tables = data_tables(layout.blocks[number] for number in kept)
    parts: list[str] = []
    open_path: Path = ()
    for number in kept:
        block = layout.blocks[number]
        path = sound_path(block.path, tables)
        common = 0
        while common < min(len(path), len(open_path)) and path[common] == open_path[common]:
            common += 1
        parts += [f"</{tag}>" for tag, _ in reversed(open_path[common:])]
        parts += [f"<{tag}>" for tag, _ in path[common:]]
        open_path = path
        parts.append(block_markup(block, path, layout.base))
    parts += [f"</{tag}>" for tag, _ in reversed(open_path)]
    return "\n".join(parts)
