"""Which addresses the server may connect to on behalf of a page: only public ones, for the web.

Pure. Whoever writes a source's address, or answers a redirect, chooses where this machine connects.
So nothing of the host's own network may be reachable: neither by a number, nor by a name that leads
there, nor by a name that leads elsewhere once it has been checked.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2_000
# Only these hold addresses of the public internet; of IPv6, nothing else is assigned.
_GLOBAL_6 = ipaddress.ip_network("2000::/3")
# Within them: what embeds or tunnels an IPv4 address, documentation, and protocols' own.
_NOT_6 = [
    ipaddress.ip_network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]  # fmt: skip
_NOT_4 = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip


class NotAllowed(Exception):
    """Nothing is asked there."""


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public internet that belongs to a single machine."""
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_4)
    if address.scope_id is not None or address not in _GLOBAL_6:
        return False
    return address.is_global and not any(address in network for network in _NOT_6)


@dataclass(frozen=True, slots=True)
class Guard:
    """What is allowed. Only tests allow anything else than the defaults, as parameters."""

    is_allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] = field(default=frozenset(PORTS.values()))
    look_up: Callable[..., Sequence[Any]] = socket.getaddrinfo


@dataclass(frozen=True, slots=True)
class Target:
    """A web address, taken apart as it is asked for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target_of(address: str, guard: Guard) -> Target:
    """Take the address apart. Raises ``NotAllowed`` for what is not asked for."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("no web address") from None
    if parts.scheme not in PORTS or not host or len(address) > LONGEST:
        raise NotAllowed("no web address")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("a name or password in it")
    if port is None:
        port = PORTS[parts.scheme]
    if port not in guard.ports:
        raise NotAllowed("another port")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
    return Target(parts.scheme, _ascii(host), port, f"{path}?{query}" if query else path)


def _ascii(host: str) -> str:
    if ":" in host:
        return host  # IPv6
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAllowed("no host") from None
    if not all(letter.isalnum() or letter in "-._" for letter in name):
        raise NotAllowed("no host")
    return name


def number_of(target: Target, guard: Guard) -> str:
    """The IP address to connect to. All that the name leads to must be allowed.

    The caller connects to this very number: a second look-up could lead elsewhere. Raises
    ``NotAllowed`` and ``socket.gaierror``.
    """
    found = guard.look_up(target.host, target.port, type=socket.SOCK_STREAM)
    numbers = [str(each[4][0]) for each in found]
    if not numbers or not all(guard.is_allowed(number) for number in numbers):
        raise NotAllowed("not in the public internet")
    return numbers[0]
