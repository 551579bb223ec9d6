"""uvicorn's HTTP protocol, whose connections are watched."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from middleground.core.connections.watch import Owes, Watch

_BEFORE_A_REQUEST = frozenset({Owes.NEXT, Owes.HEAD})
TOO_LONG = b"The head of this request is too long.\n"


class WatchedConnection(HttpToolsProtocol):
    """uvicorn's protocol, but a slow other end is waited for as long as ``watch`` says."""

    watch: ClassVar[Watch]
    owes = Owes.HEAD
    _of_head = 0  # bytes that have arrived of an unfinished head

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.watch.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.owes not in _BEFORE_A_REQUEST:
            return
        # It finished no head, and cancelled uvicorn's timer. It may be a body that nobody reads.
        self.owes = Owes.HEAD
        if not self._of_head:
            self.watch.note_owing(self)
        self._of_head += len(data)
        if self._of_head > self.watch.patience.head_bytes:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        self.owes, self._of_head = Owes.BODY, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.owes is Owes.BODY:
            self.owes = Owes.NOTHING
            self.watch.note_whole(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # otherwise a pipelined request is next
            self.owes, self._of_head = Owes.NEXT, 0
            self.watch.note_owing(self)

    def pause_writing(self) -> None:
        self.watch.note_unread(self)
        super().pause_writing()

    def resume_writing(self) -> None:
        self.watch.note_read(self)
        super().resume_writing()

    def _refuse_head(self) -> None:
        if self.transport.is_closing():
            return
        length = b"content-length: %d\r\n" % len(TOO_LONG)
        head = [STATUS_LINE[431], b"content-type: text/plain\r\n", length, b"connection: close\r\n"]
        self.transport.write(b"".join([*head, b"\r\n", TOO_LONG]))
        self.transport.close()
