"""Reading files from one web host: one connection, no redirects, size limits, pauses on request."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from middleground import __version__

TRIES = 4
LONGEST_PAUSE = 60.0
SECONDS = 30.0  # timeout without a byte received
CHUNK = 1 << 16


class CannotCopy(Exception):
    """The files cannot be fetched; the message says why, and what to do."""


class HttpSource:
    """The folder at ``address``, and the number of bytes that may still be read from it.

    Raises ``CannotCopy`` for an address that is not http or https.
    """

    def __init__(
        self, address: str, most_bytes: int, pause: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CannotCopy(f"{address} is no web address: it begins with https://")
        self.address = f"{parts.scheme}://{parts.netloc}"
        self.folder = parts.path.rstrip("/") + "/"
        self._pause, self._left = pause, most_bytes
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            secure = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=SECONDS, context=secure
            )
        else:
            self._connection = http.client.HTTPConnection(
                parts.hostname, parts.port, timeout=SECONDS
            )

    def get(self, path: str, most: int, folder: str | None = None) -> bytes | None:
        """Fetch a file of at most ``most`` bytes; None if it is missing. Raises ``CannotCopy``.

        ``folder``: the path of another folder of the same host.
        """
        place = (folder or self.folder) + quote(path)
        for tried in range(TRIES):
            wait = float(2**tried)
            try:
                answer = self._ask(place)
                if answer.status in {429, 503}:
                    wait = _asked_pause(answer, wait)
                    answer.read()
                else:
                    return self._body(answer, path, most)
            except (OSError, http.client.HTTPException) as problem:
                self._connection.close()
                if tried == TRIES - 1:
                    raise CannotCopy(f"{self.address} cannot be reached: {problem}.") from problem
            if tried < TRIES - 1:
                self._pause(wait)
        raise CannotCopy(f"{self.address} is too busy. Try again later: the copy goes on.")

    def beside(self, path: str, most: int) -> bytes | None:
        """Fetch a file of the site that has the log at its ``ledger/``; None if it is missing."""
        site = self.folder.removesuffix("ledger/")
        return None if site == self.folder else self.get(path, most, site)

    def __enter__(self) -> HttpSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _ask(self, place: str) -> http.client.HTTPResponse:
        headers = {
            "User-Agent": f"middleground-verify/{__version__}",
            "Accept": "*/*",
            "Accept-Language": "en",  # of the site's pages
        }
        self._connection.request("GET", place, headers=headers)
        return self._connection.getresponse()

    def _body(self, answer: http.client.HTTPResponse, path: str, most: int) -> bytes | None:
        if answer.status in {404, 410}:
            self._read(answer, path, most)
            return None
        if 300 <= answer.status < 400:
            place = answer.headers.get("Location", "elsewhere")
            raise CannotCopy(f"{path} is said to be at {place}. Give the address where it lies.")
        if answer.status != 200:
            raise CannotCopy(f"{self.address} answered {answer.status} for {path}.")
        return self._read(answer, path, most)

    def _read(self, answer: http.client.HTTPResponse, path: str, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := answer.read(CHUNK):
            size += len(part)
            self._left -= len(part)
            if size > most:
                raise CannotCopy(f"{path} has more than {most} bytes, more than such a file can.")
            if self._left < 0:
                raise CannotCopy("The log is larger than you allowed; see --most-megabytes.")
            parts.append(part)
        return b"".join(parts)


def _asked_pause(answer: http.client.HTTPResponse, otherwise: float) -> float:
    """Return the seconds in Retry-After, with a maximum; a date there is ignored."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_PAUSE) if asked.isdecimal() else otherwise
