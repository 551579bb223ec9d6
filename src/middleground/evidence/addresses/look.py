"""Looks at one address: redirects by hand, first HEAD, then GET."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from urllib.parse import urldefrag, urljoin

from middleground.evidence.addresses.asking import Asking, WebAnswer, ask
from middleground.evidence.addresses.guard import NotAllowed, Target, target_of

MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_BUSY = {429, 503}


class Found(Enum):
    """What came of a look."""

    ANSWERS = "answers"
    FAILS = "fails"  # a web server answered, and the page is not there
    SILENT = "silent"  # none answered; perhaps this machine cannot reach out
    BUSY = "busy"  # it asks to come later
    REFUSED = "refused"  # the guard lets nobody look there


HEARD = {Found.ANSWERS, Found.FAILS, Found.BUSY}


@dataclass(frozen=True, slots=True)
class AddressLook:
    """What was found, and for how many seconds the server asks to be left alone."""

    found: Found
    wait: int = 0


def look_at(address: str, asking: Asking, now: datetime) -> AddressLook:
    """Ask the address with HEAD, and with GET if that does not succeed: some refuse HEAD."""
    look = _look(address, "HEAD", asking, now)
    if look.found is not Found.FAILS:
        return look
    return _look(address, "GET", asking, now)


def _look(address: str, method: str, asking: Asking, now: datetime) -> AddressLook:
    try:
        for _step in range(MOST_REDIRECTS + 1):
            target = target_of(address, asking.guard)
            answer = ask(asking, method, target)
            if answer.status not in _REDIRECTS or not answer.location:
                return _judge(answer, method, now)
            address = _next(target, answer)
    except NotAllowed:
        return AddressLook(Found.REFUSED)
    except (OSError, ValueError, http.client.HTTPException):
        # No such name, no route, no time, no certificate: a firewall of this machine's own network
        # looks like each of them.
        return AddressLook(Found.SILENT)
    return AddressLook(Found.FAILS)  # it leads nowhere


def _next(target: Target, answer: WebAnswer) -> str:
    try:
        return urldefrag(urljoin(target.address, answer.location)).url
    except ValueError:
        raise NotAllowed("no web address") from None


def _judge(answer: WebAnswer, method: str, now: datetime) -> AddressLook:
    """Whoever says "not to you" is there; what readers see, a program cannot tell."""
    if answer.status in _BUSY and (answer.status == 429 or answer.retry_after):
        return AddressLook(Found.BUSY, _seconds(answer.retry_after, now))
    if answer.status in _GONE or answer.status >= 500 or answer.status in _REDIRECTS:
        return AddressLook(Found.FAILS)
    if method == "HEAD" and answer.status >= 400:
        return AddressLook(Found.FAILS)  # asked again with GET
    return AddressLook(Found.ANSWERS)


def _seconds(retry_after: str, now: datetime) -> int:
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:9])
    try:
        when = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):  # no date, or a number that none can have
        return 0
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0, int((when - now).total_seconds()))
