"""Reads the body of a request in the event loop, before a thread of Django's is taken.

a2wsgi reads bodies inside its few threads, so a handful of senders that pause in the middle of a
body stopped all pages. Here a body that waits costs a connection and some memory, and no thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from middleground.core.bodies.refused import TOO_BIG, TOO_MANY, TOO_SLOW, send_page

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Spool = SpooledTemporaryFile[bytes]
IsSignedIn = Callable[[bytes], bool]  # of the Cookie header; called in a thread

PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how slow and how many the bodies may be."""

    small: int = 100_000  # bytes; no form of the public is nearly as long
    large: int = 3_000_000  # bytes, of staff who are signed in: they import files of 1 MB
    in_memory: int = 100_000  # bytes; a longer body lies in a file that has no name
    first_seconds: float = 20.0
    bytes_per_second: int = 1_000  # after the first seconds, on the average
    at_once: int = 1_000
    large_at_once: int = 20


@dataclass(frozen=True, slots=True)
class _TooMuch(Exception):
    """A body that is not read to its end, and the page that says why."""

    why: str


class _Gone(Exception):
    """The sender closed the connection."""


class BodyFront:
    """Gives the application a request whose body has arrived whole, or answers in its place."""

    def __init__(
        self,
        app: App,
        folder: Path,
        is_signed_in: IsSignedIn,
        limits: Limits | None = None,
        never_on_disk: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        """``never_on_disk``: whether bodies that go to a path stay in memory, however long."""
        self._app = app
        self._never_on_disk = never_on_disk
        self._folder = folder
        self._is_signed_in = is_signed_in
        # One thread: who invents cookies makes others who do so wait, and no page.
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="large-bodies")
        self._limits = limits or Limits()
        self._reading = 0
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        most = 0 if self._never_on_disk(scope["path"]) else self._limits.in_memory  # 0: any length
        with SpooledTemporaryFile(most, dir=str(self._folder)) as spool:
            try:
                length = await self._read(headers, receive, spool)
            except _TooMuch as refused:
                await send_page(send, headers, refused.why)
                return
            except _Gone:
                return
            spool.seek(0)
            await self._app(scope, _replayed(spool, length, receive), send)

    async def _read(self, headers: dict[bytes, bytes], receive: Receive, spool: Spool) -> int:
        """Read the body into the spool and return its length. Raises ``_TooMuch``, ``_Gone``."""
        if self._reading >= self._limits.at_once:
            raise _TooMuch(TOO_MANY)
        self._reading += 1
        body = _Arriving(self._limits)
        try:
            if int(headers.get(b"content-length", b"0")) > self._limits.large:
                raise _TooMuch(TOO_BIG)
            if int(headers.get(b"content-length", b"0")) > self._limits.small:
                await self._begin_large(body, headers)
            more = True
            while more:
                part, more = await body.next_part(receive)
                if body.length > self._limits.small and not body.is_large:
                    await self._begin_large(body, headers)
                spool.write(part)  # a large one is a file from here on
        finally:
            self._reading -= 1
            self._large -= body.is_large
        return body.length

    async def _begin_large(self, body: _Arriving, headers: dict[bytes, bytes]) -> None:
        """Count one more large body, of somebody who is signed in. Raises ``_TooMuch``."""
        ask = partial(self._is_signed_in, headers.get(b"cookie", b""))
        if not await asyncio.get_running_loop().run_in_executor(self._asking, ask):
            raise _TooMuch(TOO_BIG)
        if self._large >= self._limits.large_at_once:
            raise _TooMuch(TOO_MANY)
        self._large += 1
        body.is_large = True


class _Arriving:
    """A body of which a part has arrived."""

    def __init__(self, limits: Limits) -> None:
        self.length = 0
        self.is_large = False
        self._limits = limits
        self._began = time.monotonic()

    async def next_part(self, receive: Receive) -> tuple[bytes, bool]:
        """Return the next part and whether there are more. Raises ``_TooMuch``, ``_Gone``."""
        allowed = self._limits.first_seconds + self.length / self._limits.bytes_per_second
        left = self._began + allowed - time.monotonic()
        try:
            async with asyncio.timeout(left):
                message = await receive()
        except TimeoutError:
            raise _TooMuch(TOO_SLOW) from None
        if message["type"] != "http.request":
            raise _Gone
        part = message.get("body", b"")
        self.length += len(part)
        if self.length > self._limits.large:
            raise _TooMuch(TOO_BIG)
        return part, bool(message.get("more_body"))


def _replayed(spool: Spool, length: int, receive: Receive) -> Receive:
    """A ``receive`` that gives the body from the spool, and then what the connection says."""
    left = length
    given = False

    async def replay() -> MutableMapping[str, Any]:
        nonlocal left, given
        if given:
            return await receive()
        part = spool.read(PIECE)
        left -= len(part)
        given = left <= 0
        return {"type": "http.request", "body": part, "more_body": not given}

    return replay
