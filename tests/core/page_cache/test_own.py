"""Visitors who wait for their own parts of a page are served together, and fail alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import DatabaseError
from django.utils.translation import get_language

from middleground.core.languages.reader import ReaderLanguage
from middleground.core.page_cache.marks import mark_own_part, pieces_of
from middleground.core.page_cache.own import TAKEN_TOGETHER, OwnPage, OwnPages
from middleground.core.page_cache.page import CachedPage, PageBody

HTML = "A map. " + mark_own_part("pin", "Nobody.") + " The end."


class Pins:
    """Each visitor's pin. Notes who was served together, and lets the first wait for ``go``."""

    def __init__(self) -> None:
        self.began, self.go = threading.Event(), threading.Event()
        self.together: list[tuple[str, ...]] = []

    def __call__(self, cookies: Sequence[str]) -> Iterator[dict[str, str] | None]:
        self.began.set()
        assert self.go.wait(60)
        self.together.append(tuple(cookies))
        for cookie in cookies:
            if cookie == "bad":
                raise ValueError(cookie)
            if cookie == "no database":
                raise DatabaseError
            yield None if cookie == "nobody" else {"pin": f"{cookie} in {get_language()}."}


@pytest.fixture
def pins() -> Pins:
    return Pins()


def page(pins: Pins) -> CachedPage:
    return CachedPage(200, [], pieces_of(HTML.encode()), own=("cookie", pins))


def shown(pin: str) -> str:
    return f"A map. {pin} The end."


def answers(pins: Pins, *asked: tuple[CachedPage, str, str]) -> list[str | BaseException | None]:
    """What visitors get who all ask while another is served."""
    own = OwnPages()

    def body(on: CachedPage, cookie: str, language: str) -> asyncio.Future[PageBody | None]:
        return asyncio.ensure_future(own.body(OwnPage(on, cookie, ReaderLanguage(language), b"")))

    async def ask() -> list[PageBody | BaseException | None]:
        first = body(page(pins), "first", "en")
        assert await asyncio.to_thread(pins.began.wait, 60)
        waiting = [body(*each) for each in asked]
        await asyncio.sleep(0)  # let all of them ask
        pins.go.set()
        await first
        return await asyncio.gather(*waiting, return_exceptions=True)

    try:
        found = asyncio.run(ask())
    finally:
        own.stop()
    return [each.content.decode() if isinstance(each, PageBody) else each for each in found]


def test_those_who_wait_for_the_same_page_are_served_together(pins: Pins) -> None:
    one, other = page(pins), page(pins)
    many = tuple(f"visitor {number}" for number in range(TAKEN_TOGETHER + 3))
    found = answers(
        pins,
        *((one, visitor, "en") for visitor in many),
        (other, "x", "en"),
        (one, "y", "de"),
        (other, "nobody", "en"),
    )
    assert found == [
        *(shown(f"{visitor} in en.") for visitor in many),
        shown("x in en."),
        shown("y in de."),
        shown("Nobody."),
    ]
    # Those who are left wait until the others have had their turn.
    assert pins.together == [
        ("first",), many[:TAKEN_TOGETHER], ("x", "nobody"), ("y",), many[TAKEN_TOGETHER:]
    ]  # fmt: skip


def test_one_failure_ends_the_work_for_all_who_are_served_together(pins: Pins) -> None:
    """Shows what the next test is about."""
    pins.go.set()
    with pytest.raises(ValueError, match="bad"):
        list(pins(["a", "bad", "b"]))


def test_who_fails_fails_alone(pins: Pins) -> None:
    one = page(pins)
    a, bad, b, nobody = answers(pins, *((one, each, "en") for each in ("a", "bad", "b", "nobody")))
    assert [a, b, nobody] == [shown("a in en."), shown("b in en."), shown("Nobody.")]
    assert isinstance(bad, ValueError)
    # Who was served before is not served again.
    assert pins.together[1:] == [("a", "bad", "b", "nobody"), ("bad",), ("b",), ("nobody",)]


def test_without_the_database_it_is_left_to_django(pins: Pins) -> None:
    one = page(pins)
    found = answers(pins, *((one, each, "en") for each in ("a", "no database", "b")))
    assert found == [shown("a in en."), None, None]
    assert pins.together[1:] == [("a", "no database", "b")]
