"""Answers of Django are taken whole, so that nobody who reads slowly keeps one of its threads.

a2wsgi passes a file on in pieces, from the thread that opened it, as fast as the visitor reads.
Here the thread hands the open file over and is free; the event loop sends the pieces.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from middleground.core.connections.watch import Watch

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PIECE = 65_536
READERS = 2  # threads: a disk that does not answer holds up files, and no page
FILE = "middleground.file"


class OpenFile(Protocol):
    """What Django gives to the server's ``wsgi.file_wrapper``."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class HandedFile:
    """The server's ``wsgi.file_wrapper``: a file that is handed over without being read."""

    def __init__(self, file: OpenFile, block_size: int = PIECE) -> None:  # noqa: ARG002
        self.file = file


def handing_files_over(wsgi: Wsgi) -> Wsgi:
    """The same WSGI application, but files are put into the scope instead of being read."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.file_wrapper"] = HandedFile
        answer = wsgi(environ, start_response)
        if isinstance(answer, HandedFile):
            environ["asgi.scope"][FILE] = answer.file
            return []
        return answer

    return application


class WholeAnswers:
    """Lets the application answer to its end, then sends the answer as fast as it is read.

    The watch counts the files that are being sent, since each is open beside its connection.
    """

    def __init__(self, app: App, watch: Watch) -> None:
        self._app = app
        self._watch = watch
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="files")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        try:
            await self._app(scope, receive, keep)
            file = scope.get(FILE)
            if file is None:
                for message in answer:
                    await send(message)
                return
            with self._watch.sending_a_file():
                for message in answer[:-1]:
                    await send(message)
                await self._send_file(scope, file, receive, send)
        finally:
            if file := scope.pop(FILE, None):
                file.close()

    async def _send_file(self, scope: Scope, file: OpenFile, receive: Receive, send: Send) -> None:
        """Send the file, unless the visitor goes away, of which ``send`` says nothing."""
        read = partial(asyncio.get_running_loop().run_in_executor, self._readers, file.read, PIECE)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            while scope["method"] != "HEAD" and not gone.done() and (piece := await read()):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
