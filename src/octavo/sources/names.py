"""Gives elements of feeds one short name each, however their namespaces are spelled; it reads no contents."""

from __future__ import annotations

from lxml import etree

# Namespaces by prefix. RSS in all its dialects has none; Atom's elements keep theirs only inside RSS.
PREFIXES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.google.com/schemas/sitemap-video/1.1": "video",
    "http://www.youtube.com/xml/schemas/2015": "yt",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
}
PLAIN = frozenset(
    (
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/net/rss1.1#",
        "http://www.sitemaps.org/schemas/sitemap/0.9",
    )
)
# Different words for one thing, as the dialects have them (CDF's among them).
SAME_NAMES = {"atom:modified": "atom:updated", "atom:tagline": "atom:subtitle"}


class Names(dict[str, str]):
    """Short names of one document's tags, such as `title`, `dc:creator`, `media:content`; looked up once a tag."""

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self.own = _namespace(str(root.tag)).lower()

    def __missing__(self, tag: str) -> str:
        namespace, local = _namespace(tag), tag.rpartition("}")[2].lower()
        folded = namespace.lower()
        if folded in PREFIXES:
            name = f"{PREFIXES[folded]}:{local}"
        elif folded in PLAIN or folded == self.own or folded.startswith("http://backend.userland.com/"):
            name = local
        else:
            name = f"?:{local}"
        self[tag] = SAME_NAMES.get(name, name)
        return self[tag]


def _namespace(tag: str) -> str:
    """The namespace in a tag as lxml writes it; '' where there is none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
