"""Writes a site's feed in the kind that its publisher chose; it never decides what is out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from octavo.demo.broadcasts import FILM_SECONDS, SOUND_SECONDS
from octavo.demo.edition import Printed, Site
from octavo.demo.pages import FEED_TYPES, body_html

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
POLL_MINUTES = 15
CAMPAIGN = "?utm_source=rss&utm_medium=feed"
# These publishers' feeds mark their links, as many do; the page itself names the address without the marks.
CAMPAIGN_TEMPLATES = ("tabloid",)


def write_feed(site: Site, length_of: Callable[[Printed], int]) -> tuple[str, str]:
    """The feed and its media type. `length_of` tells the size of an article's recording in bytes."""
    kind = site.publisher.feed
    write = {"atom": _atom, "json": _json, "rdf": _rdf}.get(kind, _rss)
    return write(site, length_of), FEED_TYPES[kind]


def write_sitemap(site: Site) -> str:
    """A sitemap with the news extension."""
    head = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
    )
    return DECLARATION + head + "".join(_sitemap_entry(site, p) for p in site.printed) + "</urlset>\n"


def write_robots(site: Site) -> str:
    """What crawlers may read: everything but searches and accounts."""
    return f"User-agent: *\nDisallow: /search\nDisallow: /account/\n\nSitemap: {site.origin}/sitemap.xml\n"


def _rss(site: Site, length_of: Callable[[Printed], int]) -> str:
    publisher, kind = site.publisher, site.publisher.feed
    head = [
        _tag("title", publisher.name),
        _tag("link", site.home_page),
        _tag("description", publisher.motto),
        _tag("language", publisher.language),
        _tag("lastBuildDate", format_datetime(site.changed)),
        _tag("ttl", str(POLL_MINUTES)),
        f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(site.feed_url)}/>',
    ]
    if kind == "podcast":
        head += [_tag("itunes:author", publisher.owner), _tag("itunes:explicit", "false")]
        head += ['<itunes:category text="News"/>', _tag("itunes:summary", publisher.motto)]
    entries = "".join(_rss_entry(site, p, length_of) for p in site.printed)
    names = {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    }
    declared = "".join(f' xmlns:{name}="{address}"' for name, address in names.items())
    return f'{DECLARATION}<rss version="2.0"{declared}>\n<channel>\n{_lines(head)}\n{entries}</channel>\n</rss>\n'


def _rss_entry(site: Site, printed: Printed, length_of: Callable[[Printed], int]) -> str:
    article = printed.article
    parts = [
        _tag("title", article.title),
        _tag("link", _link(site, printed)),
        f'<guid isPermaLink="false">{escape(printed.guid)}</guid>',
        _tag("pubDate", format_datetime(printed.published)),
        *(_tag("dc:creator", name) for name in printed.byline),
        _tag("description", article.standfirst),
        *(_tag("category", tag) for tag in (article.section, *article.tags)),
    ]
    if _carries_text(printed):
        parts.append(_tag("content:encoded", body_html(printed)))
    if printed.recording_url:
        parts += _rss_recording(printed, length_of(printed))
    if printed.picture_url:
        parts.append(f'<media:thumbnail url={quoteattr(printed.picture_url)} width="1200" height="675"/>')
    return f"<item>\n{_lines(parts)}\n</item>\n"


def _rss_recording(printed: Printed, length: int) -> list[str]:
    url, kind, seconds = quoteattr(printed.recording_url), recording_type(printed), recording_seconds(printed)
    medium = "video" if printed.is_film else "audio"
    parts = [
        f'<enclosure url={url} length="{length}" type="{kind}"/>',
        f'<media:content url={url} fileSize="{length}" type="{kind}" medium="{medium}" duration="{seconds}"/>',
    ]
    if not printed.is_film:
        parts.append(_tag("itunes:duration", f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"))
    return parts


def _atom(site: Site, length_of: Callable[[Printed], int]) -> str:
    publisher = site.publisher
    head = [
        _tag("title", publisher.name),
        _tag("subtitle", publisher.motto),
        _tag("id", f"tag:{publisher.id}.example,2026:feed"),
        _tag("updated", site.changed.isoformat()),
        f'<link rel="self" type="application/atom+xml" href={quoteattr(site.feed_url)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(site.home_page)}/>',
        f"<author>{_tag('name', publisher.name)}</author>",
    ]
    entries = "".join(_atom_entry(site, p, length_of) for p in site.printed)
    opening = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">'
    return f"{DECLARATION}{opening}\n{_lines(head)}\n{entries}</feed>\n"


def _atom_entry(site: Site, printed: Printed, length_of: Callable[[Printed], int]) -> str:
    article = printed.article
    parts = [
        _tag("title", article.title),
        _tag("id", printed.guid),
        f'<link rel="alternate" type="text/html" href={quoteattr(_link(site, printed))}/>',
        _tag("published", printed.published.isoformat()),
        _tag("updated", printed.changed.isoformat()),
        *(f"<author>{_tag('name', name)}</author>" for name in printed.byline),
        *(f"<category term={quoteattr(tag)}/>" for tag in (article.section, *article.tags)),
        f'<summary type="text">{escape(article.standfirst)}</summary>',
    ]
    if printed.recording_url:
        kind, length = recording_type(printed), length_of(printed)
        parts.append(f'<link rel="enclosure" type="{kind}" length="{length}" href={quoteattr(printed.recording_url)}/>')
    return f"<entry>\n{_lines(parts)}\n</entry>\n"


def _rdf(site: Site, length_of: Callable[[Printed], int]) -> str:
    publisher = site.publisher
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(p.url)}/>" for p in site.printed)
    entries = "".join(_rdf_entry(p) for p in site.printed)
    return f"""{DECLARATION}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about={quoteattr(site.feed_url)}>
{_lines([_tag("title", publisher.name), _tag("link", site.home_page), _tag("description", publisher.motto)])}
{_tag("dc:language", publisher.language)}
<items><rdf:Seq>{listed}</rdf:Seq></items>
</channel>
{entries}</rdf:RDF>
"""


def _rdf_entry(printed: Printed) -> str:
    parts = [
        _tag("title", printed.article.title),
        _tag("link", printed.url),
        _tag("description", printed.article.standfirst),
        _tag("dc:date", printed.published.isoformat()),
        *(_tag("dc:creator", name) for name in printed.byline),
        _tag("dc:subject", printed.article.section),
    ]
    return f"<item rdf:about={quoteattr(printed.url)}>\n{_lines(parts)}\n</item>\n"


def _json(site: Site, length_of: Callable[[Printed], int]) -> str:
    publisher = site.publisher
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "home_page_url": site.home_page,
        "feed_url": site.feed_url,
        "description": publisher.motto,
        "language": publisher.language,
        "items": [_json_entry(site, p, length_of) for p in site.printed],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_entry(site: Site, printed: Printed, length_of: Callable[[Printed], int]) -> dict[str, Any]:
    article = printed.article
    entry: dict[str, Any] = {
        "id": printed.guid,
        "url": _link(site, printed),
        "title": article.title,
        "summary": article.standfirst,
        "content_text": article.standfirst,
        "date_published": printed.published.isoformat(),
        "authors": [{"name": name} for name in printed.byline],
        "tags": [article.section, *article.tags],
    }
    if printed.updated:
        entry["date_modified"] = printed.updated.isoformat()
    if printed.picture_url:
        entry["image"] = printed.picture_url
    if printed.recording_url:
        entry["attachments"] = [
            {
                "url": printed.recording_url,
                "mime_type": recording_type(printed),
                "size_in_bytes": length_of(printed),
                "duration_in_seconds": recording_seconds(printed),
            }
        ]
    return entry


def _sitemap_entry(site: Site, printed: Printed) -> str:
    news = (
        f"<news:publication>{_tag('news:name', site.publisher.name)}"
        f"{_tag('news:language', site.publisher.language)}</news:publication>"
        f"{_tag('news:publication_date', printed.published.isoformat())}{_tag('news:title', printed.article.title)}"
    )
    return f"<url>{_tag('loc', printed.url)}{_tag('lastmod', printed.changed.isoformat())}<news:news>{news}</news:news></url>\n"


def recording_type(printed: Printed) -> str:
    """The media type of what is served."""
    return "video/webm" if printed.is_film else "audio/wav"


def recording_seconds(printed: Printed) -> int:
    """How long what is served plays, rounded to whole seconds."""
    return round(FILM_SECONDS if printed.is_film else SOUND_SECONDS)


def _carries_text(printed: Printed) -> bool:
    """Full feeds and programmes carry the text, but never that of a paid article or one behind a wall."""
    return printed.publisher.feed in ("rss-full", "podcast", "video") and printed.article.kind not in (
        "paywall",
        "consent",
    )


def _link(site: Site, printed: Printed) -> str:
    return printed.url + (CAMPAIGN if site.publisher.template in CAMPAIGN_TEMPLATES else "")


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)
