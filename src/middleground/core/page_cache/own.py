"""Kept pages with somebody's own parts, which one thread fills in.

Several threads would be slower: each call of the database gives Python's lock away to the next, and
the event loop and the votes wait for all of them. What has come in is done a few milliseconds at a
time, so that the loop is woken for many answers and not for each.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections
from django.utils.translation import override

from middleground.core.page_cache.page import Body, CachedPage
from middleground.core.threads import urgent
from middleground.core.threads.urgent import WORK_SECONDS, Pauses


class OwnPage(NamedTuple):
    """The kept page, the value of the visitor's cookie, and what the visitor reads."""

    page: CachedPage
    cookie: str
    language: str
    accepted: bytes


class _Waiting(NamedTuple):
    asked: OwnPage
    answer: asyncio.Future[Body | None]


class _Done(NamedTuple):
    answer: asyncio.Future[Body | None]
    body: Body | None
    failure: Exception | None


class OwnPages:
    """Used by the thread of one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="own-pages")
        self._is_at_work = False
        self._lock = threading.Lock()
        self._pauses = Pauses(urgent.votes)

    def stop(self) -> None:
        self._thread.shutdown(wait=True)

    async def body(self, asked: OwnPage) -> Body | None:
        """The page with the visitor's own parts; None if only Django can make it."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Body | None] = loop.create_future()
        with self._lock:
            self._waiting.append(_Waiting(asked, answer))
            begins, self._is_at_work = not self._is_at_work, True
        if begins:
            self._thread.submit(self._work, loop)
        return await answer

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Fill all pages that wait. Runs in the thread."""
        close_old_connections()  # as before each request of Django's
        while self._goes_on():
            self._pauses.give_way()
            done, end = [], time.perf_counter() + WORK_SECONDS
            while self._waiting and time.perf_counter() < end:
                asked, answer = self._waiting.popleft()
                try:
                    done.append(_Done(answer, _filled(asked), None))
                except Exception as error:  # noqa: BLE001 -- who asked gets it
                    done.append(_Done(answer, None, error))
            with suppress(RuntimeError):  # the loop is closed, so nobody waits for an answer
                loop.call_soon_threadsafe(_deliver, done)

    def _goes_on(self) -> bool:
        """Whether a page waits; if not, the next one begins the work anew."""
        with self._lock:
            self._is_at_work = bool(self._waiting)
            return self._is_at_work


def _deliver(done: Sequence[_Done]) -> None:
    for each in done:
        if each.answer.done():
            continue  # the visitor went away
        if each.failure is not None:
            each.answer.set_exception(each.failure)
        else:
            each.answer.set_result(each.body)


def _filled(asked: OwnPage) -> Body | None:
    page, own = asked.page, asked.page.own
    assert own is not None
    try:
        with override(asked.language):
            parts = own[1](asked.cookie)
    except DatabaseError:
        return None  # Django tries, and has a page for what goes wrong
    return page.body_for(asked.accepted) if parts is None else page.body_with(parts, asked.accepted)
