"""Keeps public pages in memory while nothing has changed; never a signed-in reader's page, never one with a cookie in it.

A view opts in with `@public`. A page is kept under its address and what shapes it (language, theme, edition), together
with the store's data version, which is asked for at most once a second: a page is never older than that second, except
in what the version does not see (relative times, publishers' facts), which is bounded by `page_cache_seconds`.

Public pages hold no secret, so compressing them betrays nothing (BREACH); the pages of signed-in readers are compressed
by Django's GZipMiddleware, which pads them at random, and Django masks its CSRF tokens anew on each page.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation

from octavo.store import queries
from octavo.web import preferences

# How often the store is asked whether something has changed, in seconds.
VERSION_EVERY = 1.0
MOST_PAGES = 2_000
MOST_BYTES = 64 * 1024 * 1024
# A front page of 41 kB: 9.6 kB in 0.97 ms at level 6, 10.4 kB in 0.26 ms at level 3, 10.8 kB in 0.17 ms at level 2.
GZIP_LEVEL = 2
# Shorter answers gain nothing from compression.
WORTH_COMPRESSING = 200
# A visitor who carries one of these may get a page of their own.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")

Key = tuple[str, ...]
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Marks a view whose page is the same for every visitor of one language, theme and edition."""

    @functools.wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.may_be_kept = True  # type: ignore[attr-defined]
        return response

    return marked


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A whole answer, plain and compressed, and the data version that it shows."""

    version: Any
    made_at: float
    etag: str
    headers: dict[str, str]
    plain: bytes
    compressed: bytes

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.plain) + len(self.compressed)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """This page as an answer to one request."""
        if self.etag in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers={"ETag": self.etag, "Vary": self.headers.get("Vary", "")})
        is_compressed = bool(self.compressed) and accepts_gzip(request)
        body = self.compressed if is_compressed else self.plain
        response = HttpResponse(body, headers={**self.headers, "Content-Length": str(len(body))})
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class Shelf:
    """The kept pages of this process, the longest unused thrown out first. Safe among threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._version: Any = None
        self._asked_at = float("-inf")

    def version(self) -> Any:
        """The store's data version, at most a second old."""
        now = time.monotonic()
        if now - self._asked_at >= VERSION_EVERY:
            self._version, self._asked_at = queries.data_version(), now
        return self._version

    def find(self, key: Key, lifetime: float) -> KeptPage | None:
        """The page of a key while it is still right."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or time.monotonic() - page.made_at > lifetime:
                return None
            self._pages.move_to_end(key)
        return page if page.version == self.version() else None

    def keep(self, key: Key, page: KeptPage) -> None:
        """Puts a page on the shelf and throws out what no longer fits."""
        with self._lock:
            self._take(key)
            self._pages[key] = page
            self._bytes += page.size
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                self._take(next(iter(self._pages)))

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0
            self._asked_at = float("-inf")

    def _take(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= page.size if page else 0


shelf = Shelf()


class PageCache:
    """Answers from the shelf where it can, and fills it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The kept page, or a fresh one."""
        key, lifetime = key_of(request), settings.OCTAVO.page_cache_seconds
        if key is None:
            return kept_by_nobody_else(request, self.answer(request))
        request.get_host()  # refuses hosts that are not ours, as a fresh page would
        if lifetime > 0 and (page := shelf.find(key, lifetime)):
            return page.answer(request)
        # The version before the page is made: what changes meanwhile makes it old at once.
        version = shelf.version() if lifetime > 0 else None
        response = self.answer(request)
        if not can_keep(response):
            return response
        page = kept(response, version)
        if lifetime > 0:
            shelf.keep(key, page)
        return page.answer(request)


def kept_by_nobody_else(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer to somebody who may be known, which no proxy between may keep unless the view says that all may."""
    if any(name in request.COOKIES for name in PERSONAL_COOKIES):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def key_of(request: HttpRequest) -> Key | None:
    """What a public page depends on; None for a request that must not be answered from the shelf."""
    if request.method not in ("GET", "HEAD") or any(name in request.COOKIES for name in PERSONAL_COOKIES):
        return None
    return (
        request.method,
        request.get_full_path(),
        translation.get_language_from_request(request),
        preferences.theme(request),
        str(preferences.edition(request)),
    )


def can_keep(response: HttpResponse) -> bool:
    """Whether an answer is a public page, whole and without a cookie in it."""
    is_whole = response.status_code == 200 and not response.streaming
    return is_whole and getattr(response, "may_be_kept", False) and not response.cookies


def kept(response: HttpResponse, version: Any) -> KeptPage:
    """An answer as it is kept."""
    plain = response.content
    etag = f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"'
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", "no-cache")  # browsers keep it and ask each time
    vary = {name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()}
    response.headers["Vary"] = ", ".join(sorted(vary | {"Accept-Encoding", "Accept-Language", "Cookie"}))
    compressed = gzip.compress(plain, GZIP_LEVEL, mtime=0) if len(plain) >= WORTH_COMPRESSING else b""
    return KeptPage(version, time.monotonic(), etag, dict(response.headers.items()), plain, compressed)


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the visitor's browser takes gzip."""
    return "gzip" in request.headers.get("Accept-Encoding", "")
