"""Rate limits of requests, counted in memory only.

A participant whose token (cookie) was seen before is limited by this token alone, so that a busy
few never lock out a congregation, a barracks or a Tor exit, where many share one address. Only
new tokens count against the limit of their network.

Of an address, only a keyed hash of its truncated form is kept. The key is random for each process
and never stored.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings

MOST_COUNTERS = 500_000  # about 100 MB; the oldest are dropped first


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``requests`` in a window of ``seconds``, which the first request starts."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class RateLimit:
    """``each``: requests of one token. ``new_tokens``: requests of new tokens of one network."""

    each: Limit
    new_tokens: Limit


MINUTE, HOUR = 60, 3600
# Generous, so that participants do not reach them. docs/hosting.md lists them.
RATES: Mapping[str, RateLimit] = {
    "vote": RateLimit(Limit(600, MINUTE), Limit(6000, HOUR)),
    "code": RateLimit(Limit(30, 10 * MINUTE), Limit(300, 10 * MINUTE)),
    "write": RateLimit(Limit(60, HOUR), Limit(300, HOUR)),
    "react": RateLimit(Limit(600, HOUR), Limit(3000, HOUR)),
    "doubt": RateLimit(Limit(30, HOUR), Limit(300, HOUR)),
    # Of "follow" a token is an e-mail address: that nobody fills a stranger's mailbox.
    "follow": RateLimit(Limit(6, 24 * HOUR), Limit(60, HOUR)),
    # Of "preview" a token is the link: passwords tried at it, from wherever.
    "preview": RateLimit(Limit(30, 10 * MINUTE), Limit(300, 10 * MINUTE)),
    "search": RateLimit(Limit(60, MINUTE), Limit(300, MINUTE)),
    "confirm": RateLimit(Limit(60, HOUR), Limit(300, HOUR)),
}
SEEN_SECONDS = HOUR  # a token that was seen within this time is not new


class Counters:
    """Counters of fixed windows, in memory."""

    def __init__(self) -> None:
        # Length of the window → key → (count, end on the monotonic clock), oldest first.
        self._windows: dict[int, OrderedDict[str, tuple[int, float]]] = {}
        self._lock = threading.Lock()

    def increment(self, key: str, seconds: int) -> int:
        """Count a request in the key's window, or start one; return the new count."""
        now = time.monotonic()
        with self._lock:
            window = self._windows.setdefault(seconds, OrderedDict())
            count, end = window.get(key, (0, 0.0))
            if end <= now:
                window.pop(key, None)
                _drop_oldest(window, now)
                count, end = 0, now + seconds
            window[key] = (count + 1, end)
            return count + 1

    def seconds_left(self, key: str, seconds: int) -> float:
        """Seconds until the key's window ends; 0 if there is none."""
        with self._lock:
            window = self._windows.get(seconds)
            end = window[key][1] if window and key in window else 0.0
        return max(0.0, end - time.monotonic())

    def reset(self) -> int:
        """Delete all counters; return how many there were."""
        with self._lock:
            count = sum(map(len, self._windows.values()))
            self._windows.clear()
        return count


def _drop_oldest(window: OrderedDict[str, tuple[int, float]], now: float) -> None:
    """Drop up to two expired counters per new one, so that expired counters never pile up."""
    for _ in range(2):
        if not window:
            return
        oldest = next(iter(window))
        if window[oldest][1] > now and len(window) < MOST_COUNTERS:
            return
        del window[oldest]


_key = secrets.token_bytes(32)
_counters = Counters()


def seconds_to_wait(what: str, token: bytes | None, address: str | None) -> int:
    """Count a request; return 0 if it is allowed, else the seconds until the next one is.

    If ``address`` is None, because it is not known, only tokens are limited.
    """
    rate = RATES[what]
    seen = ""
    if token is not None:
        mine = _hashed(b"token", token)
        if wait := _wait(rate.each, f"{what} {mine}"):
            return wait
        seen = f"{what} seen {mine}"
        if _counters.seconds_left(seen, SEEN_SECONDS):
            return 0
    network = network_of(address)
    if network is not None:
        theirs = _hashed(b"network", network.encode())
        if wait := _wait(rate.new_tokens, f"{what} {theirs}"):
            return wait
    if seen:
        _counters.increment(seen, SEEN_SECONDS)
    return 0


def _wait(limit: Limit, key: str) -> int:
    """Count a request; return 0 within the limit, else the seconds until the window ends."""
    if _counters.increment(key, limit.seconds) <= limit.requests:
        return 0
    return max(1, ceil(_counters.seconds_left(key, limit.seconds)))


def network_of(address: str | None) -> str | None:
    """Return the network of an address: /24 of IPv4, /48 of IPv6.

    None for addresses of this machine and private ones: they belong to a proxy or a whole house.
    """
    try:
        known = ip_address((address or "").strip())
    except ValueError:
        return None
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    if not known.is_global:
        return None
    kept = 6 if isinstance(known, IPv6Address) else 3
    return known.packed[:kept].hex()


def address_in(headers: Mapping[str, str], peer: str | None) -> str | None:
    """Return the address of a request: from the header that the proxy sets, else ``peer``.

    The names in ``headers`` are lower case. If a proxy on this machine sets no header, ``peer`` is
    the proxy, and ``network_of`` gives None.
    """
    if settings.NETWORK_HEADER:
        return headers.get(settings.NETWORK_HEADER)
    return peer


def reset() -> None:
    """Delete all counters (for tests)."""
    _counters.reset()


def _hashed(kind: bytes, value: bytes) -> str:
    return blake2b(value, key=_key, digest_size=12, person=kind).hexdigest()
