"""No page waits while pictures are drawn as PNG, with the control."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from middleground.dialogues.results import picture_files
from support.cast import make_dialogue
from support.serving.asgi_client import ask, server
from support.serving.in_process import PATIENCE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("keys", "vote_writer"),
]


class Drawing:
    """Draws for as long as the test wants."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def __call__(self, *_: Any) -> bytes:
        self.begun.release()
        assert self.go_on.wait(PATIENCE)
        return b"a picture"


async def answered(tasks: list[asyncio.Task[Any]], count: int) -> None:
    while sum(task.done() for task in tasks) < count:
        await asyncio.sleep(0.01)


async def page_beside_pictures(drawing: Drawing, wait: float) -> tuple[int, list[int]]:
    """The status of a page while as many ask for one picture as there are threads of pages."""
    asgi = server()
    count = asgi.PAGES_AT_ONCE
    pictures = [
        asyncio.create_task(ask("/d/harbour/preview.png", method="GET")) for _ in range(count)
    ]
    try:
        assert await asyncio.to_thread(drawing.begun.acquire, timeout=PATIENCE)
        page = await asyncio.wait_for(ask("/accounts/login/", method="GET"), wait)
        # One draws and one waits; the others are told so before the drawing ends.
        await asyncio.wait_for(answered(pictures, count - 2), PATIENCE)
    finally:
        drawing.go_on.set()
        found = [(await each).status for each in pictures]
    return page.status, sorted(found)


def test_a_page_is_answered_while_all_ask_for_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    make_dialogue(question="Drawn apart?")
    drawing = Drawing()
    monkeypatch.setattr(picture_files, "png", drawing)
    found = asyncio.run(page_beside_pictures(drawing, PATIENCE))
    assert found == (200, [200, 200, 503, 503])  # drawn, waited, and told to ask again


def test_without_threads_of_their_own_and_places_pages_would_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: what it was like."""
    make_dialogue(question="Drawn with pages?")
    drawing, asgi = Drawing(), server()
    monkeypatch.setattr(picture_files, "png", drawing)
    monkeypatch.setattr(picture_files, "PLACES", threading.BoundedSemaphore(asgi.PAGES_AT_ONCE))
    monkeypatch.setattr(asgi, "DRAWN", ())
    with pytest.raises(TimeoutError):
        asyncio.run(page_beside_pictures(drawing, 1))


def test_every_address_of_a_png_is_answered_there() -> None:
    def routes(patterns: list[Any], before: str = "") -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for each in patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLPattern):
                found.append((route, each.callback))
            else:
                found += routes(each.url_patterns, route)
        return found

    drawn = {
        route
        for route, view in routes(get_resolver().url_patterns)
        if view.__module__.endswith((".pages.picture_files", ".previews"))
        and not route.endswith(".svg")
    }
    assert len(drawn) == 12
    assert [route for route in drawn if not route.endswith(server().DRAWN)] == []
