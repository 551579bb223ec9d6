"""Leaving a page quickly, and not being remembered, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.serving.browsers import ARGUMENTS, chromium_path, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser
CARD = "/d/harbour/take-part/"
LEAVE = "Leave this page quickly"
COOKIE = "__Host-participant"


@pytest.fixture
def phone(browser: Browser, served: Server) -> BrowserContext:
    return browser.new_context(base_url=served.address, viewport={"width": 320, "height": 640})


@pytest.mark.parametrize("path", [CARD, "/d/harbour/write/", "/d/harbour/mine/", "/you/"])
def test_the_link_covers_nothing_and_stands_first(phone: BrowserContext, path: str) -> None:
    with phone:
        page = phone.new_page()
        page.goto(path)
        link = page.get_by_role("link", name=LEAVE)
        box, below = link.bounding_box(), page.locator("main h1").first.bounding_box()
        assert box
        assert below
        assert box["y"] + box["height"] <= below["y"]
        assert box["height"] >= 24
        assert not is_wider_than_its_window(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        gone = link.bounding_box()
        assert gone
        assert gone["y"] < box["y"] or page.evaluate("scrollY") == 0  # it does not float


def test_leaving_replaces_the_page_in_the_history(phone: BrowserContext) -> None:
    with phone:
        page = phone.new_page()
        page.goto("/d/harbour/")
        page.goto(CARD)
        page.get_by_role("link", name=LEAVE).click()
        page.wait_for_url("about:blank")
        assert page.title() == ""
        page.go_back()
        assert page.url.endswith("/d/harbour/")


def test_without_a_script_the_link_is_a_link(browser: Browser, served: Server) -> None:
    with browser.new_context(base_url=served.address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(CARD)
        page.get_by_role("link", name=LEAVE).click()
        page.wait_for_url("about:blank")


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_three_times_escape_leaves_and_twice_does_not(browser: Browser, served: Server) -> None:
    with browser.new_context(base_url=served.address) as context:
        page = context.new_page()
        page.goto(CARD)
        press(page, "Escape Escape Tab Escape Escape")  # the control: not three in a row
        page.wait_for_timeout(300)
        assert page.url.endswith(CARD)
        press(page, "Escape")
        page.wait_for_url("about:blank")


def test_the_keys_are_off_where_there_is_no_keyboard(browser: Browser, served: Server) -> None:
    with browser.new_context(base_url=served.address, is_mobile=True, has_touch=True) as context:
        page = context.new_page()
        page.goto(CARD)
        press(page, "Escape Escape Escape")
        page.wait_for_timeout(300)
        assert page.url.endswith(CARD)


@pytest.mark.parametrize(
    ("link", "stays"), [("Start", True), ("Start without being remembered", False)]
)
def test_the_cookie_goes_with_the_browser_if_it_is_asked_to(
    browser: Browser, served: Server, tmp_path: Path, link: str, stays: bool
) -> None:
    """A browser with a folder of its own, which is closed and opened again."""
    for visit in ("first", "second"):
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium_path(), args=ARGUMENTS
        )
        page = context.new_page()
        found = [each for each in context.cookies(served.address) if each["name"] == COOKIE]
        if visit == "second":
            assert bool(found) is stays
        else:
            assert found == []
            page.goto(f"{served.address}/d/harbour/start/")
            page.get_by_role("link", name=link, exact=True).click()
            page.get_by_role("button", name="Agree", exact=True).click()
            expect(page.get_by_role("button", name="Undo")).to_be_visible()
            page.goto(f"{served.address}/d/harbour/mine/")
            (cookie,) = [c for c in context.cookies(served.address) if c["name"] == COOKIE]
            assert (cookie["expires"] > 0) is stays
        context.close()
