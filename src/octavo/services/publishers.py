"""Finds or makes the publisher that a feed belongs to: two feeds of one site have one publisher."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from octavo.core.reading.urls import identity_key, is_web_address
from octavo.store.models import Article, Feed, Publisher

SLUG_LENGTH = 80
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list says of a publisher; empty where it says nothing."""

    name: str = ""
    home_page: str = ""
    country: str = ""
    language: str = ""
    owner: str = ""
    medium: str = ""
    is_demo: bool = False


def site_key(url: str) -> str:
    """The host, and the port where it is not the usual one, by which feeds of one site are told; '' where there is none."""
    return identity_key(url).partition("/")[0][:255] if is_web_address(url) else ""


def publisher_for(facts: Facts, feed_url: str) -> Publisher:
    """The publisher of the home page's site (or, where none is told, of the feed's own), made where there is none."""
    key = site_key(facts.home_page) or site_key(feed_url)
    known = one_of(list(Publisher.objects.filter(site_key=key, is_demo=facts.is_demo).order_by("id")), facts)
    if known is not None:
        return fill(known, facts)
    name = (facts.name.strip() or key)[:NAME_LENGTH]
    return Publisher.objects.create(
        slug=free_slug(name),
        name=name,
        home_page=facts.home_page[:2000],
        site_key=key,
        country=facts.country[:2].upper(),
        language=facts.language[:16],
        owner=facts.owner[:200],
        medium=facts.medium[:40],
        is_demo=facts.is_demo,
    )


def one_of(known: Sequence[Publisher], facts: Facts) -> Publisher | None:
    """Which of a site's publishers is meant: that of the name, else the first whose language is not another one.

    A broadcaster's services in two languages share a site and are two publishers.
    """
    named = next((publisher for publisher in known if facts.name and publisher.name == facts.name), None)
    speaks = (p for p in known if not (p.language and facts.language and p.language != facts.language))
    return named or next(speaks, None)


def of_sites(urls: Iterable[str], own: Publisher) -> dict[str, Publisher]:
    """The known publishers of the sites that addresses lie on, other than `own`'s, by site; one query.

    So an article that an aggregator's feed names first still belongs to who wrote it, where that publisher is known. A
    site that several publishers share tells nothing.
    """
    sites = {site for url in urls if (site := site_key(url)) and site != own.site_key}
    if not sites:
        return {}
    found: dict[str, list[Publisher]] = {}
    for publisher in Publisher.objects.filter(site_key__in=sites, is_demo=own.is_demo):
        found.setdefault(publisher.site_key, []).append(publisher)
    return {site: named[0] for site, named in found.items() if len(named) == 1}


def fill(publisher: Publisher, facts: Facts) -> Publisher:
    """Adds what was not known of a publisher; what is known stays."""
    told = {"home_page": facts.home_page, "country": facts.country.upper(), "language": facts.language}
    told |= {"owner": facts.owner, "medium": facts.medium}
    news = {name: value for name, value in told.items() if value and not getattr(publisher, name)}
    for name, value in news.items():
        setattr(publisher, name, value)
    if news:
        publisher.save(update_fields=list(news))
    return publisher


def free_slug(name: str) -> str:
    """A slug that no publisher has."""
    base = slugify(name, allow_unicode=True)[: SLUG_LENGTH - 6] or "publisher"
    taken = set(Publisher.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def settle(feed: Feed, home_page: str) -> None:
    """Gives a feed whose publisher's home page was unknown its real publisher, once the feed tells of its home page."""
    publisher, key = feed.publisher, site_key(home_page)
    if publisher.home_page or not key:
        return
    other = Publisher.objects.filter(site_key=key, is_demo=publisher.is_demo).exclude(pk=publisher.pk).first()
    if other is None:
        publisher.home_page, publisher.site_key = home_page[:2000], key
        publisher.save(update_fields=["home_page", "site_key"])
        return
    feed.publisher = other
    feed.save(update_fields=["publisher"])
    Article.objects.filter(feed=feed, publisher=publisher).update(publisher=other)
    drop_if_empty(publisher)


def drop_if_empty(publisher: Publisher) -> None:
    """Removes a publisher without feeds and articles."""
    if not publisher.feeds.exists() and not publisher.articles.exists():
        publisher.delete()
