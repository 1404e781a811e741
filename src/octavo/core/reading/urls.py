"""Decides when two addresses name one page; it only reads their letters and never asks the network.

`normalise` gives the address that is stored and fetched: the same page by RFC 3986 6.2.2, without marks of campaigns.
`identity_key` gives what is compared: it also forgets http or https, www, mobile and AMP forms. Neither drops a part
of the query that could name the article.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

import idna


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WEB_SCHEMES = ("http", "https")
DEFAULT_PORTS = {"http": 80, "https": 443}
# Longer addresses are attacks or accidents; RFC 9110 4.1 asks to support 8,000 octets at least.
LONGEST = 8_000

# Parameters that tell where a reader came from and never which article is meant.
TRACKING = _words(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok "
    "_hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_enc_id oly_anon_id rb_clickid s_cid ncid "
    "cmpid xtor xts smid smtyp ref_src ref_url srnd sref traffic_source taid ocid wt_mc wt_zmc wt_rss __twitter_impression "
    "ftag ftcamp _ga _gl feedtype partnerid rss_id pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid"
)
TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mtm_", "piwik_", "hsa_", "stm_", "fb_", "ga_", "itm_")
# Parameters that tell it only where their value says so: `ref=rss`, `from=twitter`; `ref=3417` may be the article.
TELLTALE = _words("ref from source src cmp maca partner campaign via rss output_from ito icid")
TELLTALE_VALUE = re.compile(
    r"(?i)(?:^|[^a-z])(?:rss|feed|atom|twitter|facebook|social|newsletter|homepage|share|whatsapp|telegram)"
)
SESSIONS = frozenset(("phpsessid", "jsessionid", "aspsessionid"))
AMP_PARAMETERS = frozenset(("amp", "outputtype", "isamp", "amp_js_v", "usqp"))
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml|cfm)$", re.IGNORECASE)
SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)
FRONT_LABELS = ("www", "m", "mobile", "amp")
NUMBERED_WWW = re.compile(r"www\d{1,2}$")
AMP_CACHE = re.compile(r"/(?:[a-z]/)*(?:s/)?(?P<host>[^/]+\.[^/]+)(?P<path>/.*)?$")

# Hosts whose addresses carry, or hide, the address of the page that is meant.
REDIRECTORS = _words(
    "feedproxy.google.com feeds.feedburner.com rss.feedsportal.com feedsportal.com news.google.com t.co bit.ly dlvr.it "
    "ift.tt trib.al ow.ly buff.ly tinyurl.com goo.gl lnkd.in l.facebook.com lm.facebook.com out.reddit.com redd.it "
    "feeds.reuters.com feeds.feedblitz.com p.feedblitz.com rss.app go.skimresources.com click.linksynergy.com"
)
TARGET_PARAMETERS = ("url", "u", "q", "target", "dest", "to")
REDIRECT_PATHS = re.compile(r"^/(?:url|l\.php|redirect|out|away)(?:/|$)", re.IGNORECASE)

_UNRESERVED = re.compile(r"%(2D|2E|5F|7E|3[0-9]|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]|[^\x00-\x7f]")
# What nearly every feed writes: an absolute address that needs no repair.
_WELL_WRITTEN = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!#-;=?-\[\]_a-z~]{0,4000})?$"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff]+")


def is_web_address(url: str) -> bool:
    """Whether an address is http or https and names a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in WEB_SCHEMES and bool(parts.hostname) and len(url) <= LONGEST
    except ValueError:
        return False


def resolve(base: str, link: str) -> str:
    """An absolute web address for a link found at `base`, tidied; '' where it is none (javascript:, data:, mailto: ...)."""
    link = link.strip()
    if _WELL_WRITTEN.match(link):
        return link
    link = _CONTROLS.sub("", link)
    if not link or len(link) > LONGEST:
        return ""
    try:
        joined = link if link.startswith(("https://", "http://")) else urljoin(base, link)
    except ValueError:
        return ""
    if not is_web_address(joined):
        return ""
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), joined) if _UNSAFE.search(joined) else joined


@lru_cache(maxsize=4096)
def normalise(url: str) -> str:
    """The address to store and fetch: RFC 3986 6.2.2 and 6.2.3, no fragment, no campaign marks, no session.

    An address that cannot be read comes back as it is.
    """
    try:
        parts = urlsplit(_CONTROLS.sub("", url.strip()).replace("&amp;", "&"))
        host = _authority(parts)
    except ValueError:
        return url
    if parts.scheme.lower() not in WEB_SCHEMES or not host:
        return url
    path = _percent(SESSION_PATH.sub("", _without_dots(parts.path)) or "/")
    query = "&".join(piece for piece in parts.query.split("&") if piece and not is_tracking(*_pair(piece)))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme.lower(), host, path, _percent(query), fragment))


@lru_cache(maxsize=4096)
def identity_key(url: str) -> str:
    """What two addresses of one page have in common: `host/path?query`, without a scheme.

    Equal keys mean the same page; the reverse need not hold. Query parameters are put in order; the case of the path
    is kept, since servers tell it apart.
    """
    try:
        parts = urlsplit(normalise(unwrap(url)))
    except ValueError:
        return url.strip()
    if not parts.netloc:
        return url.strip()
    host, path = _front_stripped(parts.netloc), _without_amp(parts.path)
    path = re.sub(r"(?<!:)/{2,}", "/", path)
    path = INDEX_PAGE.sub("/", path).rstrip("/")
    query = "&".join(sorted(p for p in parts.query.split("&") if p and not _is_amp(*_pair(p))))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{path or '/'}{'?' + query if query else ''}{fragment}"


def is_home_page(url: str) -> bool:
    """Whether an address is a site's own front page, which is never one article's address."""
    _, _, rest = identity_key(url).partition("/")
    return not rest


def host_of(url: str) -> str:
    """The host of an address in lower case without www; '' where there is none."""
    try:
        return _front_stripped((urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def unwrap(url: str) -> str:
    """The address that a redirector or an AMP cache spells out within its own; otherwise the address itself."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    if host.endswith(".cdn.ampproject.org") or (
        host.removeprefix("www.").startswith("google.") and parts.path.startswith("/amp/")
    ):
        return _amp_cached(parts) or url
    is_known = host.removeprefix("www.") in REDIRECTORS or host.removeprefix("www.").startswith("google.")
    if is_known or REDIRECT_PATHS.match(parts.path):
        target = _spelled_out(parts.query)
        # Another site's `/redirect?url=` may lead anywhere; it only counts where it leads to the same site.
        if target and (is_known or host_of(target) == host_of(url)):
            return target
    return url


@lru_cache(maxsize=4096)
def is_tracking(name: str, value: str) -> bool:
    """Whether a query parameter only says where a reader came from."""
    name = name.lower()
    if name in TRACKING or name in SESSIONS or name.startswith(TRACKING_PREFIXES):
        return True
    return name in TELLTALE and bool(TELLTALE_VALUE.search(value))


def _authority(parts: SplitResult) -> str:
    """Host in lower case and ASCII, and the port where it is not the scheme's own; ValueError where it cannot be."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if port is None or port == DEFAULT_PORTS.get(parts.scheme.lower()) else f"{host}:{port}"


def _without_dots(path: str) -> str:
    """A path with its `.` and `..` resolved (RFC 3986 5.2.4)."""
    return urlsplit(urljoin("http://host/", path.lstrip("/") or "/")).path if "/." in path else path


def _percent(text: str) -> str:
    """Percent signs in one spelling: unreserved characters bare, hexadecimal in capitals, the unsafe encoded."""
    if "%" in text:
        text = _UNRESERVED.sub(lambda found: unquote(found[0]), text)
        text = _PERCENT.sub(lambda found: found[0].upper(), text)
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), text) if _UNSAFE.search(text) else text


def _pair(piece: str) -> tuple[str, str]:
    """Name and value of one part of a query."""
    name, _, value = piece.partition("=")
    return name, value


def _is_amp(name: str, value: str) -> bool:
    return name.lower() in AMP_PARAMETERS and value.lower() in ("", "1", "true", "amp", "0.1", "mq331aqcaq==")


def _front_stripped(host: str) -> str:
    """A host without www, m, mobile and amp in front, as long as a name with a dot is left."""
    while True:
        label, _, rest = host.partition(".")
        if "." not in rest or not (label in FRONT_LABELS or NUMBERED_WWW.match(label)):
            return host
        host = rest


def _without_amp(path: str) -> str:
    """The path of the page that an AMP page doubles."""
    if path.startswith("/amp/") and len(path) > len("/amp/"):
        return path[len("/amp") :]
    for ending, kept in ((".amp.html", ".html"), (".amp", ""), ("/amp", ""), ("/amp/", "")):
        if path.endswith(ending) and _names_an_article(path.removesuffix(ending)):
            return path.removesuffix(ending) + kept
    return path


def _names_an_article(path: str) -> bool:
    """Whether the last part of a path looks like an article's: it has a number or several words.

    `/guitars/amp` is a page about amplifiers; `/2026/11/a-bridge-reopens/amp` is another form of an article.
    """
    return bool(re.search(r"\d|-", path.rstrip("/").rpartition("/")[2]))


def _amp_cached(parts: SplitResult) -> str:
    """The publisher's address in an address of an AMP cache."""
    path = parts.path.removeprefix("/amp") if parts.path.startswith("/amp/") else parts.path
    found = AMP_CACHE.match(path)
    if not found:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"https://{found['host']}{found['path'] or '/'}{query}"


def _spelled_out(query: str) -> str:
    """The web address among the values of a query."""
    for name, value in parse_qsl(query, max_num_fields=None):
        if name.lower() in TARGET_PARAMETERS and is_web_address(value):
            return value
    return ""
