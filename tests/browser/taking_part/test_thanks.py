"""What the card becomes after the last vote, when a script has brought it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from sites.example_site import STATEMENTS
from support.serving.browsers import hold_back_from_here
from support.serving.servers import Server

pytestmark = pytest.mark.browser
CARD = "/d/harbour/take-part/"
NOT_YET = "Your votes are stored, but do not count yet."


def test_thanks_say_that_votes_wait_until_they_count(browser: Browser, served: Server) -> None:
    phone = {"width": 360, "height": 640}
    with browser.new_context(base_url=served.address, viewport=phone) as context:  # type: ignore[arg-type]
        page = context.new_page()
        hold_back_from_here(page)
        page.goto(CARD)
        page.route("**/confirm/", lambda route: route.abort())
        page.evaluate("window.sameDocument = true")
        for count in range(1, STATEMENTS + 1):
            page.get_by_role("button", name="Agree", exact=True).click()
            if count < STATEMENTS:
                expect(page.locator(".vote-count")).to_have_text(f"{count} of {STATEMENTS}")
        thanks = page.get_by_role("heading", name="You have answered every statement")
        expect(thanks).to_be_focused()
        assert page.evaluate("window.sameDocument")  # no page was loaded in between
        told = page.get_by_text(NOT_YET).filter(visible=True)
        expect(told).to_have_count(1)
        expect(page.get_by_role("link", name="Let my votes count").first).to_be_visible()
        expect(page.get_by_role("link", name="My votes").first).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".vote-count")).to_have_text(f"{STATEMENTS - 1} of {STATEMENTS}")
        page.get_by_role("button", name="Agree", exact=True).click()
        expect(told).to_have_count(1)
        page.unroute("**/confirm/")
        page.goto(f"{CARD}?again")
        expect(thanks).to_be_visible()
        expect(told).to_have_count(0, timeout=60_000)
