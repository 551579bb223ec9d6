"""Whether visitors come by another address than ``MIDDLEGROUND_ORIGIN`` names, told to the host.

It is the first mistake of every installation: pages or forms are refused, and only the server knows
why. What is noted is the address by which the site was asked for, and never whose browser asked.
Programs that try names at random ask once or twice, so a few visits are needed before it is told.
Anybody can ask by any name, so it is never told as what the host must set.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

logger = logging.getLogger(__name__)

FILE = "other-address.json"
SETTING = "MIDDLEGROUND_ORIGIN"
TOLD_AFTER = 3  # visits
MOST_ADDRESSES = 20
_NAME = r"(?:(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
_HOST = re.compile(_NAME)
_ORIGIN = re.compile(rf"https?://({_NAME})")


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """``seen``: the address by which visitors ask, as far as the server is told."""

    seen: str
    times: int

    @property
    def advice(self) -> str:
        """What is wrong, and which value to put."""
        parts, wanted = urlsplit(self.seen), urlsplit(settings.ORIGIN)
        if _is_internal(parts.hostname or "") and not _is_internal(wanted.hostname or ""):
            return (
                "The proxy does not pass on the name that visitors ask for. Let it send the header"
                f" Host with {wanted.netloc} (see “The proxy” in docs/hosting.md)."
            )
        if parts.netloc == wanted.netloc and parts.scheme == "http":
            return "Visitors come without https. Let the proxy send them on to https."
        return (
            f"If that is your address, set {SETTING}={self.seen} and start the server again. If it"
            " is not, set nothing: anybody can ask by any name. If it is an old name of yours, send"
            f" its visitors on to {settings.ORIGIN}."
        )


class OtherAddresses:
    """What this process has seen, and the file by which the doctor learns of it."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}  # in the order of the last visit
        self._lock = threading.Lock()

    def note(self, seen: str) -> None:
        with self._lock:
            times = self._times.pop(seen, 0) + 1
            if len(self._times) >= MOST_ADDRESSES:  # the rarest goes, and of these the oldest
                del self._times[min(self._times, key=self._times.__getitem__)]
            self._times[seen] = times  # the latest stands last
        if times == TOLD_AFTER or (times > TOLD_AFTER and times in _TOLD_AGAIN):
            self._tell(OtherAddress(seen, times))

    def _tell(self, found: OtherAddress) -> None:
        logger.error(
            "Visitors came to %s %d times and were refused, since %s is %s. %s",
            found.seen,
            found.times,
            SETTING,
            settings.ORIGIN,
            found.advice,
        )
        with suppress(OSError):
            _file().write_text(json.dumps({"seen": found.seen, "times": found.times}))

    def forget(self) -> None:
        """Begin anew, since a start may follow on a mended setting."""
        with self._lock:
            self._times.clear()
        with suppress(OSError):
            _file().unlink(missing_ok=True)


_TOLD_AGAIN = {10**power for power in range(1, 8)}
# One per process. Tests empty it.
other_addresses = OtherAddresses()


def told_other_address() -> OtherAddress | None:
    """What a server of this installation has seen since it started."""
    try:
        found = json.loads(_file().read_text())
        return OtherAddress(str(found["seen"]), int(found["times"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_asked_by_other_address(request: HttpRequest) -> bool:
    """Whether a browser came by an address that is not this site's; it is then noted.

    A form of another site names that site in ``Origin``, and not the one that it was sent to.
    """
    host = request.META.get("HTTP_HOST", "").lower()
    if not _HOST.fullmatch(host):
        return False
    origin = request.headers.get("Origin", "").lower()
    if origin and origin != settings.ORIGIN.lower():
        named = _ORIGIN.fullmatch(origin)
        if named is None or named[1] != host:
            return False
        other_addresses.note(origin)
        return True
    with suppress(DisallowedHost):
        request.get_host()
        return False
    if _is_browser(request):
        # The scheme as the settings have it, since only a proxy knows that of the visitor.
        other_addresses.note(f"{urlsplit(settings.ORIGIN).scheme}://{host}")
    return True


def _is_browser(request: HttpRequest) -> bool:
    return "Accept-Language" in request.headers and "text/html" in request.headers.get("Accept", "")


def _is_internal(host: str) -> bool:
    """A name or number that no visitor types: of this machine, a private network or a container."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def _file() -> Path:
    return Path(settings.DATA) / FILE
