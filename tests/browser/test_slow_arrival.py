"""A page that arrives in pieces is drawn when it is complete, so nothing in it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from support.serving.browsers import Visit
from support.serving.servers import Server
from support.serving.slow_network import in_pieces, slowly

pytestmark = pytest.mark.browser

PUBLIC = ["/", "/d/harbour/", "/d/harbour/take-part/", "/d/harbour/map/", "/d/harbour/write/"]
SIGNED_IN = ["/desk/", "/desk/harbour/moderation/", "/accounts/password/change/"]
EXPECT = b'<link rel="expect" href="#end" blocking="render">'


@pytest.fixture(params=[360, 1280])
def window(browser: Browser, staff_session: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A signed-in member of staff, who has the longest header, on a phone and on a desktop."""
    size = {"width": request.param, "height": 640}
    with browser.new_context(
        viewport=size, reduced_motion="reduce", storage_state=staff_session
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("address", PUBLIC + SIGNED_IN)
def test_nothing_moves_while_a_page_arrives(window: Page, served: Server, address: str) -> None:
    with slowly(served.address, in_pieces) as slow:
        visit = Visit(window)
        visit.to(slow + address)
        assert visit.shift() == 0


def test_control_an_early_drawn_header_moves(window: Page, served: Server) -> None:
    """The control: without one line of the page the header moves on this slow network."""

    def without_expecting(page: bytes) -> bytes:
        assert page.count(EXPECT) == 1
        return page.replace(EXPECT, b"")

    with slowly(served.address, in_pieces, without_expecting) as slow:
        visit = Visit(window)
        visit.to(f"{slow}/accounts/password/change/")
        assert visit.shift() > 0
