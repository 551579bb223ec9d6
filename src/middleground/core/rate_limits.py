"""How often somebody may ask: counted in memory, and forgotten with the process.

Tokens come first. Whoever has taken part already is limited by their own cookie alone, so that a
congregation, a barracks or a Tor exit, where many share one address, is never locked out by the
busy few. Only tokens that were not seen before draw on the budget of their network.

Nothing is kept of an address but a hash of its truncated form, under a key that this process made
and never writes down.
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
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

MOST_COUNTERS = 500_000  # about 100 MB; the oldest go first


@dataclass(frozen=True, slots=True)
class Rate:
    """``each``: requests of one token. ``newcomers``: tokens of one network seen first."""

    each: RateLimitItem
    newcomers: RateLimitItem


# Generous: people are not to meet them. docs/hosting.md names them.
RATES: Mapping[str, Rate] = {
    "vote": Rate(parse("600 per minute"), parse("6000 per hour")),
    "code": Rate(parse("30 per 10 minutes"), parse("300 per 10 minutes")),
    "write": Rate(parse("60 per hour"), parse("300 per hour")),
    "confirm": Rate(parse("60 per hour"), parse("300 per hour")),
}
_SEEN = parse("1 per hour")


class Counters(Storage):
    """Counters of fixed windows. The library's own look through all keys from a timer thread,
    which with many participants takes more time than their votes."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        # By length of the window, oldest first: key → (count, end on the monotonic clock).
        self._windows: dict[int, OrderedDict[str, tuple[int, float]]] = {}
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.monotonic()
        with self._lock:
            window = self._windows.setdefault(int(expiry), OrderedDict())
            count, end = window.get(key, (0, 0.0))
            if end <= now:
                window.pop(key, None)
                _drop_oldest(window, now)
                count, end = 0, now + expiry
            window[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        now = time.monotonic()
        found = [window[key] for window in self._windows.values() if key in window]
        return next((count for count, end in found if end > now), 0)

    def get_expiry(self, key: str) -> float:
        found = [window[key][1] for window in self._windows.values() if key in window]
        return time.time() + max([*found, time.monotonic()]) - time.monotonic()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            count = sum(map(len, self._windows.values()))
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        with self._lock:
            for window in self._windows.values():
                window.pop(key, None)


def _drop_oldest(window: OrderedDict[str, tuple[int, float]], now: float) -> None:
    """Two that are over for each that comes, so that what is over never piles up."""
    for _ in range(2):
        if not window:
            return
        oldest = next(iter(window))
        if window[oldest][1] > now and len(window) < MOST_COUNTERS:
            return
        del window[oldest]


_key = secrets.token_bytes(32)
_counters = Counters()
_limiter = FixedWindowRateLimiter(_counters)


def seconds_to_wait(what: str, token: bytes | None, address: str | None) -> int:
    """0 where the request may go on, else the seconds until the next may.

    ``address`` may be None where it is not known; then only tokens are limited.
    """
    rate = RATES[what]
    if token is not None:
        mine = _hashed(b"token", token)
        if not _limiter.hit(rate.each, what, mine):
            return _left(rate.each, what, mine)
        if not _limiter.test(_SEEN, what, mine):
            return 0
    network = network_of(address)
    if network is not None:
        theirs = _hashed(b"network", network.encode())
        if not _limiter.hit(rate.newcomers, what, theirs):
            return _left(rate.newcomers, what, theirs)
    if token is not None:
        _limiter.hit(_SEEN, what, mine)
    return 0


def network_of(address: str | None) -> str | None:
    """The network of an address: /24 of IPv4, /48 of IPv6.

    None of this machine's own and of private ones: behind them stands a proxy, or a whole house.
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
    """Where a request comes from: the header that the proxy sets, or else the other end.

    ``headers`` have small letters. Behind a proxy on this machine that sets none, the other end is
    the proxy, and nothing is known.
    """
    if settings.NETWORK_HEADER:
        return headers.get(settings.NETWORK_HEADER)
    return peer


def forget() -> None:
    """Be as after a restart (for tests)."""
    _counters.reset()


def _left(item: RateLimitItem, *names: str) -> int:
    reset = _limiter.get_window_stats(item, *names).reset_time
    return max(1, ceil(reset - time.time()))


def _hashed(kind: bytes, value: bytes) -> str:
    return blake2b(value, key=_key, digest_size=12, person=kind).hexdigest()
