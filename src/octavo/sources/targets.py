"""Reads an address strictly, so that every spelling of a host ends as one host. It never resolves or connects."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

from octavo.sources.refusals import Reason, Refusal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 8000
MAX_HOST = 253
DEFAULT_PORTS = {"http": 80, "https": 443}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PARTS = re.compile(r"//([^/?#\\]*)([^?#]*)(\?[^#]*)?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Left as written in a path or query; everything else is percent-encoded.
_SAFE = "/%:?@!$&'()*+,;=~[]|"
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. `host` is ASCII, lower case, without a dot at its end; IPv6 without brackets.

    `address` is set where the host is a literal address in any spelling. `path` holds the query too.
    """

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address in the spelling that is sent."""
        return self.origin + self.path

    @property
    def host_key(self) -> str:
        """What manners are kept for: host and port; http and https on their own ports are one host."""
        return self.authority


def parse_target(url: str) -> Target:
    """An http or https address, taken apart. Raises Refusal (url, scheme) on everything else.

    The host follows the URL Standard's host parser: IDNA to ASCII (which folds full-width digits), and what ends in a
    number must be an IPv4 address (`127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1` are 127.0.0.1). User names and
    percent signs in the host are refused: no honest feed needs them.
    """
    url = url.strip()
    if not url or len(url) > MAX_URL or _CONTROL.search(url):
        raise Refusal(Reason.URL, "The address is empty, too long or holds control characters", url[:MAX_URL])
    scheme = _scheme(url)
    parts = _PARTS.match(url, len(scheme) + 1)
    if parts is None:
        raise Refusal(Reason.URL, "The address names no host", url)
    host, port = _authority(parts[1], url)
    address = _literal(host, url)
    path = _without_dots(_encode(parts[2].replace("\\", "/") or "/")) + _encode(parts[3] or "")
    return Target(scheme, str(address) if address else host, port or DEFAULT_PORTS[scheme], path, address)


def join_target(base: Target, location: str) -> Target:
    """Where a Location header leads from `base`. Raises Refusal."""
    try:
        return parse_target(urljoin(base.url, location.strip()))
    except ValueError:
        raise Refusal(Reason.URL, "The publisher redirects to an address that cannot be read", base.url) from None


def host_key(url: str) -> str:
    """The key of the host that an address leads to; raises Refusal where it cannot be read."""
    return parse_target(url).host_key


def _scheme(url: str) -> str:
    match = _SCHEME.match(url)
    scheme = match[1].lower() if match else ""
    if scheme not in DEFAULT_PORTS:
        raise Refusal(Reason.SCHEME, f"The address begins with {scheme or 'no scheme'}", url)
    return scheme


def _authority(written: str, url: str) -> tuple[str, int]:
    """Host in its final spelling (an IPv6 host still in brackets), and port, 0 where none is written."""
    if "@" in written:
        raise Refusal(Reason.URL, "The address carries a user name; credentials are not sent", url)
    host, port = _split_port(written)
    if port and (not (port.isascii() and port.isdigit()) or not 0 < int(port[:6]) < 65536):
        raise Refusal(Reason.URL, "The address names a port that does not exist", url)
    return _host(host, url), int(port or 0)


def _split_port(written: str) -> tuple[str, str]:
    if written.startswith("["):
        host, bracket, rest = written.partition("]")
        return host + bracket, rest.removeprefix(":") if rest.startswith(":") or not rest else "invalid"
    host, _, port = written.partition(":")
    return host, port


def _host(written: str, url: str) -> str:
    if written.startswith("[") and written.endswith("]"):
        return written
    host = written.lower() if written.isascii() else _to_ascii(written, url)
    host = host.removesuffix(".")
    if not host or len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise Refusal(Reason.URL, "The address names a host that cannot exist", url)
    return host


def _to_ascii(written: str, url: str) -> str:
    try:
        return idna.encode(written, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise Refusal(Reason.URL, "The address names a host that cannot exist", url) from None


def _literal(host: str, url: str) -> Address | None:
    """The address that a host is by itself; None for a name."""
    try:
        if host.startswith("["):
            return plain_address(str(ipaddress.IPv6Address(host.removeprefix("[").removesuffix("]"))))
        last = host.rpartition(".")[2]
        return _inet_aton(host) if _NUMBER.fullmatch(last) else None
    except ValueError:
        raise Refusal(Reason.URL, "The address names a host that looks like a number and is none", url) from None


def plain_address(written: str) -> Address:
    """An address in its plain spelling: IPv4-mapped IPv6 becomes the IPv4 that it is. Raises ValueError."""
    if "%" in written:
        raise ValueError("addresses with a zone belong to this machine")
    address = ipaddress.ip_address(written)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _inet_aton(host: str) -> ipaddress.IPv4Address:
    """An IPv4 address of one to four numbers, decimal, octal or hexadecimal (URL Standard, IPv4 parser)."""
    numbers = [_number(part) for part in host.split(".")]
    *high, last = numbers
    if len(numbers) > 4 or any(number > 255 for number in high) or last >= 256 ** (4 - len(high)):
        raise ValueError(host)
    return ipaddress.IPv4Address(last + sum(number << (24 - 8 * place) for place, number in enumerate(high)))


def _number(part: str) -> int:
    if not _NUMBER.fullmatch(part) or len(part) > 40:
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part)


def _encode(written: str) -> str:
    return quote(written.encode("utf-8", "surrogateescape" if _is_escaped(written) else "replace"), safe=_SAFE)


def _is_escaped(written: str) -> bool:
    """Whether lone surrogates are octets that a header held (U+DC80 to U+DCFF), which can be written back."""
    return all(not "\ud800" <= character <= "\udfff" or "\udc80" <= character <= "\udcff" for character in written)


def _without_dots(path: str) -> str:
    """A path without `.` and `..` segments (RFC 3986, 5.2.4), so that robots rules see what the server will."""
    if not _DOT_SEGMENT.search(path):
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
    ends_in_dots = re.sub("%2e", ".", segments[-1], flags=re.IGNORECASE) in (".", "..")
    return "/" + "/".join(kept) + ("/" if ends_in_dots and kept else "")
