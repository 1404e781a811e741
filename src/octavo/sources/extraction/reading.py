"""Reads a page whole: the one composition of the package, from bytes to an Extract. It never fetches."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from octavo.core.reading.passages import plain_text
from octavo.core.types import Entry, Extract, Note, Quality
from octavo.sources.extraction import jsonld, metadata
from octavo.sources.extraction.assemble import assemble
from octavo.sources.extraction.blocks import Layout, cut
from octavo.sources.extraction.body import choose, judges
from octavo.sources.extraction.candidates import cheap_votes, dear_vote
from octavo.sources.extraction.head import Head, read_head
from octavo.sources.extraction.language import language_of
from octavo.sources.extraction.links import absolute
from octavo.sources.extraction.page import MAX_CHARACTERS, bounded, decode, is_binary, parse
from octavo.sources.extraction.published import published_of, updated_of
from octavo.sources.extraction.quality import judge
from octavo.sources.extraction.sanitise import clean, sanitise_fragment

__all__ = ["extract", "from_entry", "sanitise_fragment"]

MIN_BODY = 500  # characters: a shorter articleBody of JSON-LD is a summary
FOR_MACHINES = ("meta", "json-ld", "microdata", "address", "feed")  # dates that no footer writes
MORE = 1.3  # times as long as the visible text: then the page shows its text by script alone


def headline_place(layout: Layout, title: str) -> int:
    """The number of the block that is the headline, else of the first h1, else 0."""
    same = (n for n, block in enumerate(layout.blocks) if block.text == title)
    first = (n for n, block in enumerate(layout.blocks) if block.tag == "h1")
    return next(same, next(first, 0))


def declared_body(bodies: list[str], shown: str, is_free: bool | None) -> str:
    """The article's text as JSON-LD gives it, as safe HTML, where it is free and much longer than what is shown."""
    body = max(bodies, key=len, default="")
    if is_free is False or len(body) < MIN_BODY or len(body) < MORE * len(plain_text(shown)):
        return ""
    if "</p>" in body:
        return sanitise_fragment(body, "")[0]
    return clean("".join(f"<p>{escape(line, quote=False)}</p>" for line in body.splitlines() if line.strip()))


def read_body(
    tree: object, html: str, layout: Layout, bodies: list[str], title: str, is_free: bool | None
) -> tuple[str, str]:
    """The article's safe HTML and the method that gave it."""
    kept = choose(layout.blocks, cheap_votes(tree, html, bodies), lambda: dear_vote(tree), title)
    shown = clean(assemble(layout, kept, title))
    declared = declared_body(bodies, shown, is_free)
    return (declared, "json-ld") if declared else (shown, "blocks")


def base_of(head: Head, url: str) -> str:
    """What the page's relative addresses are relative to."""
    return absolute(head.base, url) or url


def extract(html: bytes | str, url: str, *, hint: Entry | None = None, charset: str = "") -> Extract:
    """Everything that is known of the article on a page.

    `html` is the page as served (bytes are decoded, `charset` is the one of the HTTP header), `url` its address, `hint`
    the feed's entry that led here: it fills what the page does not tell. Never raises for what a page may contain;
    may take long or much memory on a hostile one.
    """
    if isinstance(html, bytes) and is_binary(html):
        return of_no_page(url, hint)
    source = bounded(decode(html, charset) if isinstance(html, bytes) else html)
    tree = parse(source)
    head, nodes = read_head(tree), jsonld.read_nodes(tree)
    articles = jsonld.article_nodes(nodes)
    names = metadata.site_names(head, articles, url)
    title = metadata.title_of(tree, head, articles, names) or (metadata.plain(hint.title) if hint else "")
    layout = cut(tree, base_of(head, url))
    lead = metadata.image_of(head, articles, base_of(head, url))
    is_free = jsonld.is_free(articles)
    lines = [block.text for block in layout.blocks]
    place = headline_place(layout, title)
    published, published_from = published_of(tree, head, articles, url, lines, place, hint.published if hint else None)
    authors = metadata.authors_of(tree, head, articles, nodes, names, lines)
    enclosures = metadata.enclosures_of(tree, head, base_of(head, url))
    body, method = read_body(tree, source, layout, jsonld.bodies(articles), title, is_free)
    text = plain_text(body)
    found = Extract(
        url=metadata.canonical(head, url),
        title=title,
        text=text,
        html=body,
        authors=authors or (tuple(map(metadata.plain, hint.authors)) if hint else ()),
        published=published,
        published_from=published_from,
        updated=updated_of(head, articles, tree),
        language=language_of(
            text, head.language, head.first("content-language", "og:locale"), hint.language if hint else ""
        ),
        section=metadata.section_of(head, articles),
        site_name=metadata.plain(head.first("og:site_name"), 100) or next(iter(names), ""),
        image_url=lead,
        enclosures=enclosures or (hint.enclosures if hint else ()),
        tags=metadata.tags_of(head, articles),
        quality=judge(text, layout.blocks, nodes, articles, is_free, url),
        method=method,
        is_free=is_free,
        notes=(Note("cut", f"the page has more than {MAX_CHARACTERS} characters"),)
        if len(html) > MAX_CHARACTERS
        else (),
    )
    return of_wall(found, hint) if found.quality is Quality.CONSENT else found


def of_no_page(url: str, hint: Entry | None) -> Extract:
    """What is known where the address leads to a file that is no text: the feed's word alone."""
    note = Note("binary", "the address leads to a file that is no text")
    return of_wall(Extract(url=url, enclosures=hint.enclosures if hint else (), notes=(note,)), hint)


def of_wall(found: Extract, hint: Entry | None) -> Extract:
    """What may be believed of a wall's page about the article behind it: the feed's word, and dates meant for machines."""
    if hint and hint.title:
        found = replace(found, title=metadata.plain(hint.title), authors=tuple(map(metadata.plain, hint.authors)))
    if found.published_from in FOR_MACHINES:
        return found
    return replace(found, published=hint.published if hint else None, published_from="feed" if hint else "")


def from_entry(entry: Entry, *, reason: str = "") -> Extract:
    """What the feed itself says of an article, for when its page fails or may not be fetched; `reason` says why."""
    whole = sanitise_fragment(entry.content, entry.url)
    short = sanitise_fragment(entry.summary, entry.url)
    html, text = max(whole, short, key=lambda pair: len(pair[1]))
    announced = Extract(url=entry.url, title=metadata.plain(entry.title), html=html, text=text, method="feed")
    return replace(
        announced,
        authors=tuple(name for name in map(metadata.plain, entry.authors) if name),
        published=entry.published,
        published_from="feed" if entry.published else "",
        updated=entry.updated,
        language=language_of(text, entry.language),
        image_url=absolute(entry.image_url, entry.url),
        enclosures=entry.enclosures,
        tags=tuple(tag for tag in map(metadata.plain, entry.categories) if tag),
        quality=Quality.EMPTY if not text else Quality.FULL if len(whole[1]) > 1_200 else Quality.TEASER,
        notes=(Note("page", reason),) if reason else (),
    )


def prepare() -> None:
    """Loads the models and warms the parsers, so that processes forked later find them there."""
    judges()
    language_of("A sentence that is long enough to be looked at by the model of languages. " * 4)
    extract(
        "<html><body><h1>Warm</h1>" + "<p>One sentence, and another one to warm up.</p>" * 12, "https://warm.invalid/a"
    )
