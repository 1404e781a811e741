"""Renders the pages of a publisher's site, an article amid its surroundings; it decides no time, address or text.

Each template marks up the same facts in another way, as publishers do: JSON-LD, OpenGraph, microdata, `<time>`, plain
meta names, or nothing but words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from octavo.demo.drawings import HEIGHT, WIDTH
from octavo.demo.edition import Printed, Site, picture_name
from octavo.demo.phrases import Phrases, phrases_for
from octavo.demo.press import Block

FEED_TYPES = {
    "rss-teaser": "application/rss+xml",
    "rss-full": "application/rss+xml",
    "podcast": "application/rss+xml",
    "video": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
READ_ALSO_AFTER = 2  # blocks of the body before a link to another story interrupts it
FRONT_LEAD = 1
LATEST = 5


@dataclass(frozen=True, slots=True)
class Look:
    """How a template marks up an article: which machine-readable facts it gives, and the classes of its parts."""

    facts: tuple[str, ...]  # of json-ld, graph, opengraph, meta, microdata
    times: str  # time: `<time datetime>`; words: words alone
    story: str
    body: str
    standfirst: str
    byline: str
    interrupts: bool  # links and advertisements stand inside the body
    aside: bool  # a column of most-read stories beside it


LOOKS = {
    "plain": Look(("opengraph",), "words", "article", "article-body", "intro", "author", False, False),
    "broadsheet": Look(
        ("json-ld", "opengraph"), "time", "story", "story__body", "story__deck", "story__byline", True, True
    ),
    "tabloid": Look(("graph",), "words", "main-story", "txt", "teaser", "by", True, True),
    "blog": Look(("meta",), "time", "post hentry", "entry-content", "entry-summary", "p-author", False, False),
    "radio": Look(("microdata", "opengraph"), "time", "page-main", "text-long", "lede", "presenter", True, False),
}


def article_page(site: Site, printed: Printed) -> str:
    """An article's page; a paid one shows what the press gives a visitor and a call to subscribe."""
    words, look, article = phrases_for(site.publisher.language), LOOKS[site.publisher.template], printed.article
    micro = ' itemscope itemtype="https://schema.org/NewsArticle"' if "microdata" in look.facts else ""
    name = ' itemprop="headline"' if micro else ""
    main = f"""<main id="main">
<nav class="crumbs"><a href="/">{words.home}</a> › <a href="{_section_path(article.section)}">{_text(words.section(article.section))}</a></nav>
<article class="{look.story}"{micro}>
<header>
<p class="kicker">{_text(words.section(article.section))}</p>
<h1{name}>{_text(article.title)}</h1>
<p class="{look.standfirst}">{_text(article.standfirst)}</p>
{_byline(printed, words, look)}
{_dates(printed, words, look)}
{_share(words)}
</header>
{_figure(printed, words)}
{_player(printed, words)}
<div class="{look.body}"{' itemprop="articleBody"' if micro else ""}>
{_body(site, printed, words, look)}
</div>
{_paywall(words) if article.kind == "paywall" else ""}
{_tags(printed, words)}
</article>
{_newsletter(words)}
{_comments(words)}
{_list(words.related, site.related(printed), "related")}
</main>
{_list(words.most_read, _most_read(site), "most-read", "aside") if look.aside else ""}"""
    return _page(site, words, article.title, main, head=_facts(site, printed, look))


def front_page(site: Site) -> str:
    """The home page: a lead, then every story that is out."""
    words = phrases_for(site.publisher.language)
    lead, rest = site.printed[:FRONT_LEAD], site.printed[FRONT_LEAD:]
    main = f"""<main id="main" class="front">
<p class="today">{words.day(site.started)}</p>
{"".join(_card(p, words, "lead", picture=True) for p in lead)}
<div class="stories">
{"".join(_card(p, words, "card") for p in rest)}
</div>
{_newsletter(words)}
</main>
{_list(words.most_read, _most_read(site), "most-read", "aside")}"""
    head = f'<meta name="description" content="{_text(site.publisher.motto)}">\n<meta property="og:type" content="website">'
    return _page(site, words, site.publisher.name, main, head=head + _canonical(site.home_page))


def section_page(site: Site, section: str) -> str:
    """The stories of one section."""
    words = phrases_for(site.publisher.language)
    cards = "".join(_card(p, words, "card") for p in site.printed if p.article.section == section)
    main = f'<main id="main" class="front"><h1>{_text(words.section(section))}</h1>\n<div class="stories">{cards}</div></main>'
    return _page(site, words, words.section(section), main, head=_canonical(site.origin + _section_path(section)))


def search_page(site: Site, query: str) -> str:
    """The stories whose title holds every word of the query."""
    words, asked = phrases_for(site.publisher.language), query.lower().split()
    found = [p for p in site.printed if asked and all(word in p.article.title.lower() for word in asked)]
    form = f'<form action="/search"><input name="q" value="{_text(query)}"> <button>{words.search}</button></form>'
    cards = "".join(_card(p, words, "card") for p in found)
    main = f'<main id="main" class="front"><h1>{words.search}</h1>{form}<div class="stories">{cards}</div></main>'
    return _page(site, words, words.search, main, head='<meta name="robots" content="noindex">')


def consent_page(site: Site, printed: Printed) -> str:
    """The wall that stands before an article until its visitor has answered; it holds none of the article's text."""
    words = phrases_for(site.publisher.language)
    main = f"""<main id="main" class="consent-wall" role="dialog" aria-labelledby="wall">
<h1 id="wall">{words.consent}</h1>
<p>{words.consent_text}</p>
<form method="get" action="/consent"><input type="hidden" name="to" value="{_text(printed.path)}">
<button name="answer" value="all">{words.consent_yes}</button> <button name="answer" value="some">{words.consent_options}</button></form>
<p><a href="/about">{words.terms[1]}</a></p>
</main>"""
    return _page(site, words, words.consent, main, head='<meta name="robots" content="noindex">', bare=True)


def about_page(site: Site) -> str:
    """Who writes here and who owns it."""
    words, publisher = phrases_for(site.publisher.language), site.publisher
    main = f"""<main id="main"><h1>{words.about}</h1>
<p>{_text(publisher.name)} · {_text(publisher.place)}</p><p>{_text(publisher.motto)}</p>
<p>{words.owned_by} {_text(publisher.owner)}.</p></main>"""
    return _page(site, words, words.about, main)


def missing_page(site: Site) -> str:
    """What is shown where there is nothing."""
    words = phrases_for(site.publisher.language)
    main = f'<main id="main"><h1>{words.not_found}</h1><p>{words.not_found_text}</p><p><a href="/">{words.home}</a></p></main>'
    return _page(site, words, words.not_found, main, head='<meta name="robots" content="noindex">')


def body_html(printed: Printed) -> str:
    """The body's own markup, without surroundings, as full feeds carry it."""
    return "\n".join(_block(block) for block in printed.article.body)


# The frame around everything


def _page(site: Site, words: Phrases, title: str, main: str, head: str = "", bare: bool = False) -> str:
    publisher = site.publisher
    direction = "rtl" if publisher.language == "ar" else "ltr"
    name = title if title == publisher.name else f"{title} | {publisher.name}"
    feed = FEED_TYPES[publisher.feed]
    return f"""<!DOCTYPE html>
<html lang="{publisher.language}" dir="{direction}">
<head>
<meta charset="utf-8">
<title>{_text(name)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="og:site_name" content="{_text(publisher.name)}">
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="{feed}" title="{_text(publisher.name)}" href="{site.feed_path}">
{head}
</head>
<body class="{publisher.template}">
<a class="skip" href="#main">{words.skip}</a>
{"" if bare else _masthead(site, words)}
<div class="columns">
{main}
</div>
{_footer(site, words)}
</body>
</html>
"""


def _masthead(site: Site, words: Phrases) -> str:
    links = "".join(
        f'<li><a href="{_section_path(name)}">{_text(words.section(name))}</a></li>' for name in site.sections
    )
    return f"""<header class="masthead">
<p class="tools"><a href="/search">{words.search}</a> <a href="/account/sign-in">{words.sign_in}</a></p>
<p class="nameplate"><a href="/">{_text(site.publisher.name)}</a></p>
<p class="motto">{_text(site.publisher.motto)}</p>
<nav class="sections"><ul><li><a href="/">{words.home}</a></li>{links}</ul></nav>
</header>"""


def _footer(site: Site, words: Phrases) -> str:
    links = " · ".join(f'<a href="/about">{_text(term)}</a>' for term in (words.about, *words.terms))
    publisher = site.publisher
    return f"""<footer class="site-footer">
<p>{links}</p>
<p>© {site.started.year} {_text(publisher.name)}. {words.owned_by} {_text(publisher.owner)}. {words.rights}</p>
</footer>"""


# The parts of an article


def _byline(printed: Printed, words: Phrases, look: Look) -> str:
    agency = printed.article.byline_agency
    if not printed.byline:
        return ""
    micro = ' itemprop="author"' if "microdata" in look.facts else ""
    names = words.joined.join(f'<span{micro} class="name">{_text(name)}</span>' for name in printed.byline)
    source = f' <span class="agency">({_text(agency)})</span>' if agency and agency not in printed.byline else ""
    return f'<p class="{look.byline}">{words.by} {names}{source}</p>'


def _dates(printed: Printed, words: Phrases, look: Look) -> str:
    mark = _time_element if look.times == "time" else _time_words
    micro = "microdata" in look.facts
    told = f"{words.published} {mark(printed, words, False, micro)}"
    if printed.updated:
        told += f" · {words.updated} {mark(printed, words, True, micro)}"
    return f'<p class="dates">{told}</p>'


def _time_element(printed: Printed, words: Phrases, update: bool, micro: bool) -> str:
    moment = printed.changed if update else printed.published
    role = ' itemprop="dateModified"' if update else ' itemprop="datePublished"'
    return f'<time datetime="{moment.isoformat()}"{role if micro else ""}>{words.time(moment)}</time>'


def _time_words(printed: Printed, words: Phrases, update: bool, micro: bool) -> str:
    return f'<span class="date">{words.time(printed.changed if update else printed.published)}</span>'


def _share(words: Phrases) -> str:
    return f'<ul class="share">{"".join(f"<li><button type=button>{word}</button></li>" for word in words.share)}</ul>'


def _figure(printed: Printed, words: Phrases) -> str:
    subject = printed.article.image
    if not subject or printed.is_film:
        return ""
    return f"""<figure class="lead-image"><img src="/pictures/{picture_name(subject)}" width="{WIDTH}" height="{HEIGHT}" alt="{_text(subject)}">
<figcaption>{_text(subject[:1].upper() + subject[1:])}. <span class="credit">{words.picture_by}: {_text(printed.publisher.name)}</span></figcaption></figure>"""


def _player(printed: Printed, words: Phrases) -> str:
    if not printed.recording_url:
        return ""
    if printed.is_film:
        poster = f' poster="{printed.picture_url}"' if printed.picture_url else ""
        return f'<div class="player"><p>{words.watch}</p><video controls preload="none"{poster} src="{printed.recording_url}"></video></div>'
    return f'<div class="player"><p>{words.listen}</p><audio controls preload="none" src="{printed.recording_url}"></audio></div>'


def _body(site: Site, printed: Printed, words: Phrases, look: Look) -> str:
    parts = [_block(block) for block in printed.article.body]
    if look.interrupts and len(parts) > READ_ALSO_AFTER + 2 and printed.article.kind != "paywall":
        parts.insert(READ_ALSO_AFTER, _interruption(site, printed, words))
    if printed.updated and printed.article.change_note:
        parts.append(f'<p class="change-note"><em>{words.note}: {_text(printed.article.change_note)}</em></p>')
    return "\n".join(parts)


def _interruption(site: Site, printed: Printed, words: Phrases) -> str:
    advert = f'<div class="advert" role="complementary"><small>{words.advertisement}</small><p>{words.advert}</p></div>'
    other = next(iter(site.related(printed)), None)
    if other is None:
        return advert
    return f'{advert}\n<div class="read-also">{words.read_also}: <a href="{other.url}">{_text(other.article.title)}</a></div>'


def _block(block: Block) -> str:
    lines = [_text(line) for line in block.lines]
    if block.kind == "list":
        return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    mark = {"subhead": "<h2>{}</h2>", "quote": "<blockquote><p>{}</p></blockquote>"}.get(block.kind, "<p>{}</p>")
    return mark.format(lines[0])


def _paywall(words: Phrases) -> str:
    return f'<aside class="paywall"><h2>{words.paywall}</h2><p>{words.paywall_call}</p><p><a href="/account/subscribe">{words.subscribe}</a></p></aside>'


def _tags(printed: Printed, words: Phrases) -> str:
    if not printed.article.tags:
        return ""
    links = " ".join(f'<a rel="tag" href="/search?q={_text(tag)}">{_text(tag)}</a>' for tag in printed.article.tags)
    return f'<p class="tags">{words.tags}: {links}</p>'


def _newsletter(words: Phrases) -> str:
    return f"""<aside class="newsletter"><h2>{words.newsletter}</h2><p>{words.newsletter_call}</p>
<form action="/account/newsletter" method="post"><label>{words.address} <input type="email" name="email"></label> <button>{words.subscribe}</button></form></aside>"""


def _comments(words: Phrases) -> str:
    return f'<section class="comments"><h2>{words.comments}</h2><p>{words.comments_call} <a href="/account/sign-in">{words.sign_in}</a></p></section>'


def _list(heading: str, printed: Iterable[Printed], style: str, element: str = "section") -> str:
    links = "".join(f'<li><a href="{p.url}">{_text(p.article.title)}</a></li>' for p in printed)
    return f'<{element} class="{style}"><h2>{heading}</h2><ol>{links}</ol></{element}>' if links else ""


def _card(printed: Printed, words: Phrases, style: str, picture: bool = False) -> str:
    article = printed.article
    image = (
        f'<img src="/pictures/{picture_name(article.image)}" alt="" width="{WIDTH}" height="{HEIGHT}">'
        if picture and article.image
        else ""
    )
    return f"""<section class="{style}">{image}
<p class="kicker">{_text(words.section(article.section))}</p>
<h2><a href="{printed.url}">{_text(article.title)}</a></h2>
<p>{_text(article.standfirst)}</p>
<p class="dates">{words.time(printed.published)}</p></section>"""


def _most_read(site: Site) -> tuple[Printed, ...]:
    return tuple(sorted(site.printed, key=lambda p: p.guid[::-1])[:LATEST])


# The facts for machines


def _facts(site: Site, printed: Printed, look: Look) -> str:
    kinds = look.facts if printed.article.kind != "paywall" else tuple(dict.fromkeys((*look.facts, "json-ld")))
    lines = [_canonical(printed.url), f'<meta name="description" content="{_text(printed.article.standfirst)}">']
    lines += [FACTS[kind](site, printed) for kind in kinds]
    return "\n".join(line for line in lines if line)


def _canonical(url: str) -> str:
    return f'\n<link rel="canonical" href="{url}">'


def _opengraph(site: Site, printed: Printed) -> str:
    article = printed.article
    facts = [
        ("og:type", "article"),
        ("og:title", article.title),
        ("og:url", printed.url),
        ("og:description", article.standfirst),
        ("og:image", printed.picture_url),
        ("article:published_time", printed.published.isoformat()),
        ("article:modified_time", printed.updated.isoformat() if printed.updated else ""),
        ("article:section", article.section),
        *(("article:tag", tag) for tag in article.tags),
    ]
    return "\n".join(f'<meta property="{name}" content="{_text(value)}">' for name, value in facts if value)


def _meta(site: Site, printed: Printed) -> str:
    facts = [
        ("author", ", ".join(printed.byline)),
        ("date", printed.published.isoformat()),
        ("last-modified", printed.updated.isoformat() if printed.updated else ""),
        ("keywords", ", ".join(printed.article.tags)),
        ("twitter:image", printed.picture_url),
    ]
    return "\n".join(f'<meta name="{name}" content="{_text(value)}">' for name, value in facts if value)


def _json_ld(site: Site, printed: Printed) -> str:
    return _script({"@context": "https://schema.org", **_news_article(site, printed)})


def _graph(site: Site, printed: Printed) -> str:
    page = {"@type": "WebPage", "@id": printed.url, "url": printed.url, "name": printed.article.title}
    publisher = {"@type": "NewsMediaOrganization", "@id": site.home_page, "name": site.publisher.name}
    return _script({"@context": "https://schema.org", "@graph": [page, publisher, _news_article(site, printed)]})


def _news_article(site: Site, printed: Printed) -> dict[str, Any]:
    article, paid = printed.article, printed.article.kind == "paywall"
    facts: dict[str, Any] = {
        "@type": "OpinionNewsArticle" if article.kind == "opinion" else "NewsArticle",
        "headline": article.title,
        "description": article.standfirst,
        "url": printed.url,
        "mainEntityOfPage": printed.url,
        "inLanguage": site.publisher.language,
        "datePublished": printed.published.isoformat(),
        "dateModified": printed.changed.isoformat(),
        "author": [_author(name, name == article.byline_agency) for name in printed.byline],
        "publisher": {"@type": "NewsMediaOrganization", "name": site.publisher.name, "url": site.home_page},
        "articleSection": article.section,
        "isAccessibleForFree": not paid,
    }
    if printed.picture_url:
        facts["image"] = {"@type": "ImageObject", "url": printed.picture_url, "width": WIDTH, "height": HEIGHT}
    if paid:
        facts["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
    return facts


def _author(name: str, agency: bool) -> dict[str, str]:
    return {"@type": "Organization" if agency else "Person", "name": name}


def _nothing(site: Site, printed: Printed) -> str:
    """Microdata stands in the body itself."""
    return ""


FACTS: dict[str, Callable[[Site, Printed], str]] = {
    "opengraph": _opengraph,
    "meta": _meta,
    "json-ld": _json_ld,
    "graph": _graph,
    "microdata": _nothing,
}


def _script(facts: dict[str, Any]) -> str:
    """JSON-LD in a script; `<` is escaped, so that no text can end the script."""
    text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _section_path(section: str) -> str:
    return f"/section/{section}"


def _text(value: str) -> str:
    return escape(value, quote=True)
