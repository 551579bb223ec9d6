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
    _unfinished = 0  # bytes since a head, or a part of a body that somebody waits for, was whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.watch.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        begins = not self._unfinished
        self._unfinished += len(data)
        super().data_received(data)
        if self.owes in _BEFORE_A_REQUEST:
            # It finished no head, and cancelled uvicorn's timer; or a body that nobody reads.
            self.owes = Owes.HEAD
            if begins:
                self.watch.note_owing(self)
        # Also what follows a body's last chunk and what stands beside a chunk's length: the parser
        # keeps it, and copies it again with each piece.
        if self._unfinished > self.watch.patience.head_bytes:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        self.owes, self._unfinished = Owes.BODY, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.owes is Owes.BODY:
            self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.owes is Owes.BODY:
            self.owes = Owes.NOTHING
            self.watch.note_whole(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # otherwise a pipelined request is next
            self.owes, self._unfinished = Owes.NEXT, 0
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
        if self.owes is not Owes.HEAD and self.cycle.response_started:
            self.transport.abort()  # another answer has begun
            return
        length = b"content-length: %d\r\n" % len(TOO_LONG)
        head = [STATUS_LINE[431], b"content-type: text/plain\r\n", length, b"connection: close\r\n"]
        self.transport.write(b"".join([*head, b"\r\n", TOO_LONG]))
        self.transport.close()
