"""Kept pages with somebody's own parts, which one thread fills in.

Several threads would be slower: each call of the database gives Python's lock away to the next, and
the event loop and the votes wait for all of them. Those who wait for the same page are taken
together, since a page does most of its work for some visitors at once. What has come in is done a
few milliseconds at a time, so that the loop is woken for many answers and not for each.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections

from middleground.core.languages.reader import ReaderLanguage
from middleground.core.page_cache.page import CachedPage, PageBody
from middleground.core.threads import urgent
from middleground.core.threads.urgent import WORK_SECONDS, Pauses

TAKEN_TOGETHER = 16  # visitors of one page; more of them would be little cheaper


class OwnPage(NamedTuple):
    """The kept page, the value of the visitor's cookie, and what the visitor reads."""

    page: CachedPage
    cookie: str
    language: ReaderLanguage
    accepted: bytes


class _Waiting(NamedTuple):
    asked: OwnPage
    answer: asyncio.Future[PageBody | None]


class _Done(NamedTuple):
    answer: asyncio.Future[PageBody | None]
    body: PageBody | None
    failure: Exception | None


class OwnPages:
    """Used by the thread of one event loop."""

    def __init__(self) -> None:
        # By page (which is not replaced by another at its address while it waits) and language.
        self._waiting: OrderedDict[tuple[int, ReaderLanguage], list[_Waiting]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="own-pages")
        self._is_at_work = False
        self._lock = threading.Lock()
        self._pauses = Pauses(urgent.votes)

    def stop(self) -> None:
        self._thread.shutdown(wait=True)

    async def body(self, asked: OwnPage) -> PageBody | None:
        """The page with the visitor's own parts; None if only Django can make it."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[PageBody | None] = loop.create_future()
        alike = id(asked.page), asked.language
        with self._lock:
            self._waiting.setdefault(alike, []).append(_Waiting(asked, answer))
            begins, self._is_at_work = not self._is_at_work, True
        if begins:
            self._thread.submit(self._work, loop)
        return await answer

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Fill all pages that wait. Runs in the thread."""
        close_old_connections()  # as before each request of Django's
        done: list[_Done] = []
        end = 0.0
        while batch := self._next_batch():
            self._pauses.give_way()
            for each in _filled(batch):
                done.append(each)
                if time.perf_counter() > end:
                    _deliver_soon(loop, done)
                    self._pauses.give_way()
                    done, end = [], time.perf_counter() + WORK_SECONDS
        _deliver_soon(loop, done)

    def _next_batch(self) -> list[_Waiting]:
        """Some who wait for the same page; if nobody waits, the next one begins the work anew."""
        with self._lock:
            self._is_at_work = bool(self._waiting)
            if not self._waiting:
                return []
            alike, waiting = self._waiting.popitem(last=False)
            batch, left = waiting[:TAKEN_TOGETHER], waiting[TAKEN_TOGETHER:]
            if left:  # those who wait for other pages come first
                self._waiting[alike] = left
            return batch


def _deliver_soon(loop: asyncio.AbstractEventLoop, done: Sequence[_Done]) -> None:
    with suppress(RuntimeError):  # the loop is closed, so nobody waits for an answer
        loop.call_soon_threadsafe(_deliver, done)


def _deliver(done: Sequence[_Done]) -> None:
    for each in done:
        if each.answer.done():
            continue  # the visitor went away
        if each.failure is not None:
            each.answer.set_exception(each.failure)
        else:
            each.answer.set_result(each.body)


def _filled(batch: Sequence[_Waiting]) -> Iterator[_Done]:
    """The pages of a batch, one after the other; each failure is its visitor's alone."""
    count = 0
    try:
        for each, body in zip(batch, _bodies([each.asked for each in batch]), strict=True):
            count += 1
            yield _Done(each.answer, body, None)
    except DatabaseError:  # Django tries, and has a page for what goes wrong
        yield from (_Done(each.answer, None, None) for each in batch[count:])
    except Exception as error:  # noqa: BLE001 -- who asked gets it
        if len(batch) == 1:
            yield _Done(batch[0].answer, None, error)
        else:  # it may be the failure of any of them
            for each in batch[count:]:
                yield from _filled([each])


def _bodies(asked: Sequence[OwnPage]) -> Iterator[PageBody]:
    page, own = asked[0].page, asked[0].page.own
    assert own is not None
    with asked[0].language.spoken():
        for each, parts in zip(asked, own[1]([each.cookie for each in asked]), strict=True):
            if parts is None:
                yield page.body_for(each.accepted)
            else:
                yield page.body_with(parts, each.accepted)
