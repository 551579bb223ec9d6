"""Requests to sign-in services, which may hang, answer without end, or send us elsewhere.

Each is made in a thread of its own. After ``ANSWER_SECONDS`` the page goes on without it, whatever
the service does, and for a while nobody waits for that service again.
"""

from __future__ import annotations

import io
import threading
import time
from collections import defaultdict
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import requests

ANSWER_SECONDS = 5.0
SILENT_SECONDS = 15.0  # for so long a service that did not answer is not asked again
AT_ONCE = 2  # requests to one service; fewer than the threads of sign-ins through services
TURN_SECONDS = 1.0  # for so long a request waits for those before it
MOST_BYTES = 300_000

UNANSWERED = (requests.ConnectionError, requests.Timeout)

_slots: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(AT_ONCE))
_silent_until: dict[str, float] = {}


class NoAnswer(requests.Timeout):
    """The service did not answer in time, or is not asked at the moment."""


class BoundedSession(requests.Session):
    """A session whose answers are short and come soon, and which follows no redirect."""

    def request(  # type: ignore[override]
        self, method: str, url: str, **options: Any
    ) -> requests.Response:
        host = urlsplit(url).netloc
        _refuse_silent(host)
        if not _slots[host].acquire(timeout=TURN_SECONDS):
            raise NoAnswer("not asked: others wait for it")
        try:
            _refuse_silent(host)  # which it may have become meanwhile
        except NoAnswer:
            _slots[host].release()
            raise
        answers: SimpleQueue[requests.Response | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._whole(method, url, options))
            except Exception as trouble:  # noqa: BLE001 -- raised again where it is waited for
                answers.put(trouble)
            finally:
                _slots[host].release()

        threading.Thread(target=ask, name="ask a sign-in service", daemon=True).start()
        return _answer(answers, host)

    def _whole(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        """The answer with its whole body."""
        end = time.monotonic() + ANSWER_SECONDS
        options |= {"timeout": ANSWER_SECONDS, "allow_redirects": False, "stream": True}
        response = super().request(method, url, **options)
        body = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES or time.monotonic() > end:
                response.close()
                raise requests.RequestException("too long an answer")
        response.raw = io.BytesIO(body)
        return response


def _refuse_silent(host: str) -> None:
    if _silent_until.get(host, 0.0) > time.monotonic():
        raise NoAnswer("not asked: it was silent a moment ago")


def _answer(answers: SimpleQueue[requests.Response | Exception], host: str) -> requests.Response:
    try:
        answer = answers.get(timeout=ANSWER_SECONDS)
    except Empty:
        answer = NoAnswer("no answer in time")
    if isinstance(answer, requests.Response):
        return answer
    if isinstance(answer, UNANSWERED):
        _silent_until[host] = time.monotonic() + SILENT_SECONDS
    raise answer
