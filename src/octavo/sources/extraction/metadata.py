"""Decides a page's address, title, authors, section, picture and tags among what it says of itself. All plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from octavo.core.types import Enclosure
from octavo.sources.extraction.head import Head
from octavo.sources.extraction.jsonld import Node, resolve, text_of, texts_of
from octavo.sources.extraction.links import absolute

MAX_TITLE = 400
MAX_NAME = 80
MAX_AUTHORS = 12
MAX_TAGS = 20
MAX_ENCLOSURES = 12

TAG = re.compile(r"<[a-zA-Z/!][^>]{0,2000}>?")
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
SEPARATOR = re.compile(r"\s+[|\-–—·•:»/~]+\s+|\s*\|\s*|\s+::\s+")
BY = re.compile(
    r"^\s*(?:(?:written|words|story|posted|reported|text|author|report|reviewed|published)(?:\s+by)?\s*[:\-]?|by|von|par|por|door|di|av|af|od|بقلم|كتب|автор)\s*[:\-]?\s+",
    re.I,
)
AND = re.compile(r"\s*(?:,|;|\||·|•|\band\b|\bund\b|\bet\b|&|\s+y\s+|\s+و\s+)\s*")
NOT_A_NAME = re.compile(
    r"https?:|www\.|[@{}#]|\d{3}|\d\d:\d\d|\w\.\w+\.\w|\b\d+ min|\bmin(?:ute)?s?\b|\bread\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
    r"|^(?:admin|editor|staff|author|guest|user|root|webmaster|unknown|none|null|undefined|anonymous|by|follow|share|posted|here)$",
    re.I,
)
AUTHOR_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "article.author",
    "og:article:author",
    "shareaholic:article_author_name",
    "twitter:data1",
)
# A byline as it is written: 'By' and a few capitalised words, up to whatever follows the names.
_PART = r"(?:[A-ZÀ-Þ][\w.'’-]*|de|la|van|von|der|bin|al|del|di|and|&)"
BYLINE = re.compile(
    r"^(?:[Ww]ritten |[Ww]ords |[Ss]tory |[Pp]osted |[Rr]eported |[Pp]ublished |[Aa]rticle )?(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Aa]uthors?)"
    rf"(?::|\b)\s*({_PART}(?:[\s,]+{_PART})*)"
)
LABEL = re.compile(r"^(?:(?:article|written|words|story|text)\s+)?(?:by|author|authors|von|par|por|بقلم)\s*:?$", re.I)
MAX_BYLINE = 160  # characters
# Whatever may name an author: one pass over the page finds it, the rest chooses among few.
AUTHOR_PAGE = re.compile(r"/authors?/")
MAY_NAME = etree.XPath(
    "//*[@itemprop='author' or (self::a and (@rel or contains(@href, '/author'))) or contains(@class, 'uthor')"
    " or contains(@class, 'AUTHOR') or contains(@class, 'yline') or contains(@class, 'BYLINE') or contains(@class, 'fn')"
    " or contains(@class, 'riter') or contains(@class, 'ontributor') or contains(@id, 'uthor')"
    " or contains(@data-testid, 'yline')]"
)
MOST_PLACES = 4  # elements of one kind that are read


def plain(text: str, limit: int = MAX_TITLE) -> str:
    """A text from outside as plain text on one line: no tags, no entities, no invisible characters."""
    for _ in range(3):
        bare = TAG.sub(" ", unescape(text[: limit * 8]))
        if bare == text:
            break
        text = bare
    return " ".join(INVISIBLE.sub(" ", text).split())[:limit]


def same_words(one: str, other: str) -> bool:
    """Whether two names are the same but for case, spaces and punctuation."""
    return bool(one) and re.sub(r"\W+", "", one.lower()) == re.sub(r"\W+", "", other.lower())


def site_names(head: Head, articles: list[Node], url: str) -> list[str]:
    """What the site calls itself: OpenGraph, JSON-LD publisher, application name and its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    named = [head.first("og:site_name"), *(text_of(node.get("publisher")) for node in articles)]
    named += [head.first("application-name", "apple-mobile-web-app-title", "twitter:site").lstrip("@")]
    return [name for name in (*map(plain, named), host, host.split(".")[0]) if name]


def without_site(title: str, names: Iterable[str]) -> str:
    """The title without the site's name at its end or beginning."""
    parts = SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    for name in names:
        if any(same_words(part, name) for part in (parts[-1],)):
            cut = title[: title.rfind(parts[-1])]
            return re.sub(r"[\s|\-–—·•:»/~]+$", "", cut)
        if same_words(parts[0], name):
            return re.sub(r"^[\s|\-–—·•:»/~]+", "", title[len(parts[0]) :])
    return title


def headings(tree: lxml.html.HtmlElement) -> list[str]:
    """The page's first-level headings that are short enough to be a title."""
    found = (plain(element.text_content()) for element in tree.iter("h1"))
    return [text for text in found if text][:6]


def words_of(text: str) -> set[str]:
    """The words of a text in lower case."""
    return set(re.findall(r"\w+", text.lower()))


def likeness(one: str, other: str) -> float:
    """The share of common words of two titles, 0 to 1."""
    a, b = words_of(one), words_of(other)
    return len(a & b) / max(len(a | b), 1)


def title_of(tree: lxml.html.HtmlElement, head: Head, articles: list[Node], names: list[str]) -> str:
    """The title as the page shows it: the heading that agrees with what the page declares, else the declaration."""
    declared = [plain(text_of(node.get("headline") or node.get("name"))) for node in articles]
    declared += [plain(head.first("og:title")), plain(head.first("twitter:title")), plain(head.title)]
    declared = [without_site(text, names) for text in declared if text]
    shown = headings(tree)
    scored = [(max((likeness(h, text) for text in declared), default=0.0), h) for h in shown]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    if best[0] >= 0.5 or (best[1] and not declared):
        return best[1]
    return declared[0] if declared else (shown[0] if shown else "")


def clean_name(name: str) -> str:
    """A person's name without 'by' and addresses, an empty string where it is none."""
    name = BY.sub("", plain(name, 300))
    name = BY.sub("", name).strip(" ,.;:|-–—·•")
    if not 2 < len(name) <= MAX_NAME or NOT_A_NAME.search(name) or len(name.split()) > 7:
        return ""
    return name


def split_names(text: str) -> list[str]:
    """The names of a byline."""
    return [name for part in AND.split(BY.sub("", plain(text, 400))) if (name := clean_name(part))]


def author_nodes(articles: list[Node], nodes: list[Node]) -> Iterator[str]:
    """The authors that JSON-LD names."""
    for node in articles:
        for part in (node.get("author"), node.get("creator")):
            for name in texts_of(resolve(part, nodes)):
                yield from split_names(name)


def links_in(elements: Iterable[lxml.html.HtmlElement]) -> list[lxml.html.HtmlElement]:
    """The links inside some elements, each once, in order."""
    return list(dict.fromkeys(link for element in elements for link in element.iter("a") if link is not element))


def author_places(tree: lxml.html.HtmlElement) -> Iterator[list[lxml.html.HtmlElement]]:
    """The elements that may name an author, kind after kind, the most reliable kind first."""
    marked = [(element, (element.get("class") or "").lower()) for element in MAY_NAME(tree)]
    of_author = [element for element, _ in marked if element.get("itemprop") == "author"]
    by_author = [e for e, said in marked if "author" in said or "author" in (e.get("id") or "").lower()]
    bylines = [e for e, said in marked if "byline" in said or "byline" in (e.get("data-testid") or "").lower()]
    yield [name for element in of_author for name in element.iterfind(".//*[@itemprop='name']")]
    yield of_author
    yield [element for element, _ in marked if element.tag == "a" and "author" in (element.get("rel") or "").split()]
    yield [element for element, said in marked if "author" in said and "name" in said]
    yield [element for element, said in marked if "fn" in said.split()]
    yield links_in(bylines)
    yield links_in(by_author)
    yield [element for element, _ in marked if AUTHOR_PAGE.search(element.get("href") or "")]
    yield [element for element, said in marked if "byline" in said]
    yield [element for element, said in marked if "author" in said]
    yield [element for element, said in marked if "writer" in said or "contributor" in said]


def authors_shown(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """The authors that the page's markup names, from the first kind of place that names any."""
    for places in author_places(tree):
        found = [name for element in places[:MOST_PLACES] for name in split_names(element.text_content())]
        if found:
            yield from found
            return


def authors_told(lines: Sequence[str]) -> Iterator[str]:
    """The authors of the first short line that reads 'By …', or of the line after one that only says 'Written by'."""
    for number, line in enumerate(lines):
        if len(line) > MAX_BYLINE:
            continue
        if LABEL.match(line) and number + 1 < len(lines):
            found = split_names(lines[number + 1][:MAX_BYLINE])
        else:
            match = BYLINE.match(line)
            found = split_names(match[1]) if match else []
        if found:
            yield from found
            return


def distinct(names: Iterable[str], most: int) -> tuple[str, ...]:
    """The names in order, each once, whatever its case."""
    return tuple({name.casefold(): name for name in reversed(list(names))}.values())[::-1][:most]


def authors_of(
    tree: lxml.html.HtmlElement,
    head: Head,
    articles: list[Node],
    nodes: list[Node],
    names: list[str],
    lines: Sequence[str] = (),
) -> tuple[str, ...]:
    """Who wrote the page: JSON-LD, else meta elements, else the byline shown. The site itself only where nobody else is."""
    declared = list(author_nodes(articles, nodes))
    metas = [name for key in AUTHOR_META for content in head.meta.get(key, ()) for name in split_names(content)]
    for source in (declared, metas, authors_shown(tree), authors_told(lines)):
        found = [name for name in source if not any(same_words(name, site) for site in names)]
        if found:
            return distinct(found, MAX_AUTHORS)
    return distinct(declared or metas, MAX_AUTHORS)


def canonical(head: Head, url: str) -> str:
    """The address that the page calls its own, where it is on the same site and not just the front page."""
    for address in (head.link("canonical"), head.first("og:url")):
        found = absolute(address, url)
        if found and same_site(found, url) and (urlsplit(found).path.strip("/") or not urlsplit(url).path.strip("/")):
            return found
    return url


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: one host is the other's or ends in it."""
    a, b = (bare_host(address) for address in (one, other))
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def bare_host(url: str) -> str:
    """The host of an address without the prefixes of its mobile and AMP editions."""
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", urlsplit(url).hostname or "")


def image_of(head: Head, articles: list[Node], url: str) -> str:
    """The lead picture's address."""
    named = [head.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")]
    for node in articles:
        image = node.get("image") or node.get("thumbnailUrl")
        image = image[0] if isinstance(image, list) and image else image
        named.append(text_of(image.get("url") or image.get("@id")) if isinstance(image, dict) else text_of(image))
    named.append(head.link("image_src"))
    return next((found for name in named if (found := absolute(name, url))), "")


def section_of(head: Head, articles: list[Node]) -> str:
    """The section as the page names it."""
    named = [text_of(node.get("articleSection")) for node in articles]
    named.append(
        head.first("article:section", "section", "parsely-section", "sailthru.section", "cxenseparse:category")
    )
    return next((plain(name, 80) for name in named if name), "")


def tags_of(head: Head, articles: list[Node]) -> tuple[str, ...]:
    """What the page says it is about."""
    named = list(head.meta.get("article:tag", ()))
    for node in articles:
        keywords = node.get("keywords")
        named += keywords.split(",") if isinstance(keywords, str) else texts_of(keywords)
    named = named or [*head.first("news_keywords", "keywords", "parsely-tags").split(",")]
    return distinct((tag for name in named if len(tag := plain(name, 60)) > 1), MAX_TAGS)


def enclosures_of(tree: lxml.html.HtmlElement, head: Head, url: str) -> tuple[Enclosure, ...]:
    """The audio and video files of the page itself; players of other sites are not files."""
    found: dict[str, str] = {}
    for name, kind in (("og:audio", "audio"), ("og:video", "video"), ("og:video:url", "video")):
        declared = head.first(f"{name.removesuffix(':url')}:type") or ""
        if address := absolute(head.first(name), url):
            found.setdefault(address, declared or media_type(address, kind))
    for element in tree.iter("audio", "video", "source"):
        kind = (
            element.tag
            if element.tag != "source"
            else (element.getparent().tag if element.getparent() is not None else "")
        )
        address = absolute(element.get("src", ""), url)
        if address and kind in ("audio", "video"):
            found.setdefault(address, element.get("type") or media_type(address, kind))
    playable = ((address, kind) for address, kind in found.items() if kind.startswith(("audio/", "video/")))
    return tuple(Enclosure(address, plain(kind, 60)) for address, kind in list(playable)[:MAX_ENCLOSURES])


MEDIA = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg"}  # fmt: skip


def media_type(address: str, kind: str) -> str:
    """The media type of a file by its ending, an empty string where the ending is not known."""
    found = MEDIA.get(urlsplit(address).path.rsplit(".", 1)[-1].lower(), "")
    return found if found.startswith(kind) else ""
