"""Which network addresses the door may connect to. It never opens a connection for content.

Refused is everything that is not globally routable, and every IPv6 form that carries an IPv4 address inside (NAT64,
6to4, Teredo, IPv4-compatible), since the address inside may be anybody's. IPv4-mapped ones count as the IPv4 they are.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult

from octavo.sources.refusals import Reason, Refusal
from octavo.sources.targets import Address, plain_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Asks for the addresses of a name: (name, port) to written addresses. Raises OSError where there are none.
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

# IANA's special-purpose registry, and what ipaddress.is_global lets through: shared space, relays, Azure's host.
NOT_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only global unicast is public; what lies outside it (NAT64, IPv4-compatible, fec0::/10, ULA …) needs no list.
GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
# An allowance for these still looks at the IPv4 address inside, so that NAT64 opens no way into private networks.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

NAME_THREADS = 16
NAME_LIFETIME = 60.0  # seconds that a name's addresses are remembered
MAX_NAMES = 5000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A network that may be reached although it is not public; on some ports only, or on all where none is named."""

    network: Network
    ports: frozenset[int] = frozenset()

    def covers(self, address: Address, port: int) -> bool:
        """Whether the allowance speaks for an address and port."""
        return (
            address.version == self.network.version
            and address in self.network
            and (not self.ports or port in self.ports)
        )


def network_of(written: str) -> Network:
    """A network as settings write it; 127.0.1.0/24, or a single address. Raises ValueError."""
    return ipaddress.ip_network(written)


def is_public(address: Address) -> bool:
    """Whether an address is globally routable unicast, with nothing else hidden in it."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in GLOBAL_UNICAST_V6 and not any(address in network for network in NOT_PUBLIC_V6)


class Vetting:
    """The decision on addresses: public ones, and those that an allowance covers."""

    def __init__(self, allowances: Iterable[Allowance] = ()) -> None:
        self.allowances = tuple(allowances)

    def permits(self, address: Address, port: int) -> bool:
        """Whether the door may connect to this address and port."""
        return is_public(address) or self.is_allowed(address, port)

    def is_allowed(self, address: Address, port: int) -> bool:
        """Whether an allowance covers an address that is not public."""
        if not any(allowance.covers(address, port) for allowance in self.allowances):
            return False
        if isinstance(address, ipaddress.IPv6Address) and address in NAT64:
            return self.permits(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), port)
        return True

    def check(self, address: Address, port: int, url: str = "") -> None:
        """Raises Refusal (address) where the door may not connect."""
        if not self.permits(address, port):
            raise Refusal(Reason.ADDRESS, f"{address} is not a public address", url)

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """A socket for one address: the last gate, through which every connection of the door goes."""
        family, kind, protocol, _, address = info
        self.check(plain_address(str(address[0])), int(address[1]))
        return socket.socket(family, kind, protocol)


class SystemNames:
    """Asks the system's resolver, in threads of its own: a slow name server delays only those that ask it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(NAME_THREADS, thread_name_prefix="names")

    async def __call__(self, name: str, port: int) -> Sequence[str]:
        """The addresses of a name, in the system's order of preference."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._ask, name, port)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    @staticmethod
    def _ask(name: str, port: int) -> Sequence[tuple[Any, ...]]:
        # A dot at the end: the name is whole, and the search domains of this machine are not tried. A single label
        # (a machine of the local network, by an allowance) is looked up as it is.
        whole = name + "." if "." in name else name
        return socket.getaddrinfo(whole, port, type=socket.SOCK_STREAM)

    def close(self) -> None:
        """Lets the threads go; a lookup that hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class VettedResolver(AbstractResolver):
    """Names to vetted addresses. Of a name with public and private addresses only the permitted ones are used.

    The connection goes to the addresses returned here, so a private one beside them cannot be reached; and a stray
    private record, or the NAT64 twin that an IPv6 network adds, costs no honest publisher its readers.
    """

    def __init__(self, vetting: Vetting, lookup: Lookup) -> None:
        self._vetting = vetting
        self._lookup = lookup
        self._known: dict[tuple[str, int], tuple[float, list[Address]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The permitted addresses of a name. Raises Refusal (address) where there are only others, OSError for none."""
        addresses = await self._addresses(host, port)
        permitted = [address for address in addresses if self._vetting.permits(address, port)]
        if not permitted:
            shown = ", ".join(str(address) for address in addresses[:3])
            raise Refusal(Reason.ADDRESS, f"{host} leads to {shown or 'no address'}, which is not public")
        return [_result(host, port, address) for address in permitted]

    async def _addresses(self, host: str, port: int) -> list[Address]:
        known = self._known.get((host, port))
        if known and known[0] > time.monotonic():
            return known[1]
        addresses = [plain_address(written.partition("%")[0]) for written in await self._lookup(host, port)]
        if len(self._known) >= MAX_NAMES:
            self._known.clear()
        self._known[host, port] = (time.monotonic() + NAME_LIFETIME, addresses)
        return addresses

    async def close(self) -> None:
        """Nothing is held here."""


def _result(host: str, port: int, address: Address) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=str(address),
        port=port,
        family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
