"""Passwords that are being checked hold up no page, with the control; known browsers go first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware
from django.http import HttpRequest, HttpResponse

from middleground.people.sign_in import apart
from middleground.people.sign_in.apart import SignInsApart
from middleground.people.sign_in.budgets import DEVICE_COOKIE, know_device
from support.serving.in_process import PATIENCE, answering

pytestmark = pytest.mark.sqlite
PAGES = 2


class Django:
    """Answers pages, and checks passwords for as long as the test wants, unless they are known."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and "HTTP_X_SLOW" in environ:
            self.begun.release()
            assert self.go_on.wait(PATIENCE)
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def status(port: int, method: str, wait: float = PATIENCE, **headers: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=wait)) as connection:
        connection.request(method, "/accounts/login/", headers=headers)
        return connection.getresponse().status


def known_browser() -> str:
    answer = HttpResponse()
    know_device(HttpRequest(), answer, member_id=7)
    return answer.cookies[DEVICE_COOKIE].value


def pool(django: Django, threads: int) -> Any:
    return WSGIMiddleware(django, workers=threads)  # type: ignore[arg-type]


def test_pages_and_known_browsers_do_not_wait_for_passwords(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "MOST_WAITING", 6)
    django = Django()
    app = SignInsApart(pool(django, PAGES), pool(django, 1))
    with answering(app) as port, ThreadPoolExecutor(6) as strangers:
        forged = f"{DEVICE_COOKIE}=abc:def.ghi"
        tries = [
            strangers.submit(status, port, "POST", **{"X-Slow": "1", "Cookie": forged})
            for _ in range(6)
        ]
        try:
            assert django.begun.acquire(timeout=PATIENCE)
            while app._passwords._waiting < 6:
                assert status(port, "GET") == 200
            assert status(port, "POST") == 503
            assert status(port, "POST", Cookie=f"{DEVICE_COOKIE}={known_browser()}") == 200
            assert not django.begun.acquire(blocking=False)  # one at a time
        finally:
            django.go_on.set()
        assert [each.result(PATIENCE) for each in tries] == [200] * 6
        assert status(port, "POST") == 200


def test_control_in_the_threads_of_pages_passwords_stop_them() -> None:
    django = Django()
    with answering(pool(django, PAGES)) as port, ThreadPoolExecutor(PAGES) as strangers:
        tries = [strangers.submit(status, port, "POST", **{"X-Slow": "1"}) for _ in range(PAGES)]
        try:
            for _ in tries:
                assert django.begun.acquire(timeout=PATIENCE)
            with pytest.raises(TimeoutError):
                status(port, "GET", wait=0.5)
        finally:
            django.go_on.set()
        assert [each.result(PATIENCE) for each in tries] == [200] * PAGES
