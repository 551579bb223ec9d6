"""How fast wrong passwords are tried: tries are slowed down, and nobody is locked out.

A try is paid for from budgets that fill up again. A browser in which this member signed in before
has a budget of its own, which nobody else can use up. All other tries share those of their network,
as the proxy names it, and of the account. All is in memory, and no address is kept (see
``core/rate_limits.py``).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from math import ceil

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase

from middleground.core.rate_limits import address_in, network_of

_numbers = Signer(salt="middleground.device-number")
DEVICE_COOKIE = "__Host-known-device"
DEVICE_SECONDS = 180 * 24 * 3600
MOST_BUDGETS = 100_000  # the oldest are dropped first


@dataclass(frozen=True, slots=True)
class Pace:
    """``at_once`` tries, and one more every ``seconds``."""

    at_once: int
    seconds: float


DEVICE = Pace(20, 15)
ACCOUNT_IN_NETWORK = Pace(5, 30)
ACCOUNT = Pace(50, 5)
NETWORK = Pace(10, 6)
UNNAMED_NETWORKS = Pace(60, 1)  # all visitors whom the proxy does not tell apart


class Budgets:
    """Which tries are paid for. A budget is the time at which all of it is free again."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def pay(self, paces: dict[str, Pace]) -> int:
        """Pay for a try from all these budgets; or return the seconds until that is possible."""
        now = time.monotonic()
        with self._lock:
            wait = max(self._wait(key, pace, now) for key, pace in paces.items())
            if wait > 0:
                return ceil(wait)
            for key, pace in paces.items():
                full_at = max(self._full_at.pop(key, 0.0), now)
                self._full_at[key] = full_at + pace.seconds
            while len(self._full_at) > MOST_BUDGETS:
                self._full_at.popitem(last=False)
        return 0

    def give_back(self, paces: dict[str, Pace]) -> None:
        """The password was right, so the try costs nothing."""
        with self._lock:
            for key, pace in paces.items():
                if key in self._full_at:
                    self._full_at[key] -= pace.seconds

    def reset(self) -> None:
        """Delete all budgets (for tests)."""
        with self._lock:
            self._full_at.clear()

    def _wait(self, key: str, pace: Pace, now: float) -> float:
        return self._full_at.get(key, 0.0) - now - (pace.at_once - 1) * pace.seconds


budgets = Budgets()


def paces_of(request: HttpRequest, login: str, member_id: int | None) -> dict[str, Pace]:
    """The budgets from which a try with this address of a member is paid."""
    device = known_device(request, member_id)
    if device:
        return {f"device {device}": DEVICE}
    account, network = login.lower(), network_name(request)
    everyone = NETWORK if network else UNNAMED_NETWORKS
    return {
        f"network {network}": everyone,
        f"account {account} in {network}": ACCOUNT_IN_NETWORK,
        f"account {account}": ACCOUNT,
    }


def paces_of_return(request: HttpRequest) -> dict[str, Pace]:
    """The budgets from which the return from a sign-in service is paid, and given back if it is
    taken. None of them belongs to an account or a service, or others could use it up.
    """
    cookie = request.COOKIES.get(DEVICE_COOKIE, "")
    if is_from_here(cookie):
        return {f"device {cookie.partition('.')[0]}": DEVICE}
    network = network_name(request)
    return {f"network {network}": NETWORK if network else UNNAMED_NETWORKS}


def network_name(request: HttpRequest) -> str:
    """The truncated network of a request; empty if nobody names it, as behind most proxies."""
    names = {name.lower(): value for name, value in request.headers.items()}
    return network_of(address_in(names, request.META.get("REMOTE_ADDR"))) or ""


def known_device(request: HttpRequest, member_id: int | None) -> str:
    """The number of the browser if this member signed in with it before, otherwise empty."""
    cookie = request.COOKIES.get(DEVICE_COOKIE, "")
    if member_id is None or not is_device_of(cookie, member_id):
        return ""
    return cookie.partition(".")[0]


def is_device_of(cookie: str, member_id: int) -> bool:
    """Whether this member signed in with the browser that has this cookie."""
    number, _, signature = cookie.partition(".")
    return compare_digest(signature.encode(), _signature(member_id, number).encode())


def is_from_here(cookie: str) -> bool:
    """Whether some member signed in with the browser that has this cookie."""
    with suppress(BadSignature):
        _numbers.unsign(cookie.partition(".")[0])
        return True
    return False


def know_device(request: HttpRequest, response: HttpResponseBase, member_id: int) -> None:
    """Let the browser prove that this member used it. Nothing is stored here."""
    number = known_device(request, member_id) or _numbers.sign(secrets.token_urlsafe(12))
    response.set_cookie(
        DEVICE_COOKIE,
        f"{number}.{_signature(member_id, number)}",
        max_age=DEVICE_SECONDS,
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def _signature(member_id: int, number: str) -> str:
    return Signer(salt="middleground.device").signature(f"{member_id} {number}")
