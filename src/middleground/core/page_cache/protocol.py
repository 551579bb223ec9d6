"""The server's HTTP protocol, which answers kept pages as cheaply as the parser allows."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from middleground.core.connections.protocol import WatchedConnection
from middleground.core.page_cache.front import PageFront
from middleground.core.threads import urgent
from middleground.core.threads.urgent import Turns

LARGE = 32_768  # bytes

_turns = Turns(urgent.votes)


class KeptPagesInTurns(WatchedConnection):
    """uvicorn's protocol, but a kept page is answered without a task of the event loop.

    A task costs more than the answer itself. And kept pages are answered in short turns, so that
    a vote does not wait for hundreds of them in each of the rounds of the loop that it needs.
    """

    front: ClassVar[PageFront]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self.front.may_be_kept(cycle.scope):
            _turns.add(partial(self._answer, cycle, app))
        else:
            super()._start_asgi_task(cycle, app)

    def _answer(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.disconnected or self.transport.is_closing():
            return
        # uvicorn also handles those who do not read, or want the connection closed afterwards.
        answer = None
        if cycle.keep_alive and not self.flow.write_paused:
            answer = self.front.kept_answer(cycle.scope)
        if answer is None:
            super()._start_asgi_task(cycle, app)
            return
        status, body = answer
        content = body.content if cycle.scope["method"] == "GET" else b""
        first = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
        head = [STATUS_LINE[status], *first, body.head]
        if len(content) > LARGE:  # uncopied: those who read slowly share one copy
            self.transport.write(b"".join(head))
            self.transport.write(content)
        else:
            self.transport.write(b"".join([*head, content]))
        cycle.response_started = cycle.response_complete = True
        self.on_response_complete()
