"""The author of a rejected statement appeals, on a phone without scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.cast import PASSWORD
from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser
WORDS = "Berths for rowing boats should cost nothing."
WHY = "Boats are part of the harbour, and so of the question. " + "لماذا لا؟"


def test_an_author_appeals_and_is_answered(browser: Browser, served: Server) -> None:
    with (
        browser.new_context(
            base_url=served.address, viewport={"width": 360, "height": 740},
            java_script_enabled=False,
        ) as phone,
        browser.new_context(
            base_url=served.address, viewport={"width": 360, "height": 740}
        ) as desk,
    ):  # fmt: skip
        author, staff = phone.new_page(), desk.new_page()
        write(author)
        sign_in(staff)
        reject(staff)
        ask_for_a_second_look(author, phone, browser)
        decide(staff, desk, browser)
        author.goto("/d/harbour/mine/")
        expect(author.locator("#written")).to_contain_text(
            "The same moderator looked at it again. There was nobody else."
        )
        author.get_by_role("link", name="and its votes").click()
        expect(author.locator("h1")).to_have_text(WORDS)


def write(author: Page) -> None:
    author.goto("/d/harbour/write/")
    author.fill("textarea[name=text]", WORDS)
    author.get_by_role("button", name="Send", exact=True).click()
    expect(author.locator("#written")).to_contain_text(WORDS)


def sign_in(staff: Page) -> None:
    staff.goto("/accounts/login/")
    staff.fill("input[name=login]", "staff@example.org")
    staff.fill("input[name=password]", PASSWORD)
    staff.click("main form button[type=submit]")
    staff.wait_for_url("**/desk/")


def reject(staff: Page) -> None:
    staff.goto("/desk/harbour/moderation/")
    item = staff.locator(".queue-item", has_text=WORDS)
    item.locator("select").select_option("off_topic")
    item.get_by_role("button", name="Don’t show").click()
    expect(staff.locator("main")).not_to_contain_text(WORDS)


def ask_for_a_second_look(author: Page, phone: BrowserContext, browser: Browser) -> None:
    author.goto("/d/harbour/mine/")
    expect(author.locator("#written")).to_contain_text("is not about the question")
    author.get_by_role("link", name="Ask for a second look").click()
    address = author.url
    look_at(browser, phone, address, "appeal")
    author.fill("textarea[name=text]", "…")
    author.get_by_role("button", name="Send").click()
    expect(author.get_by_role("alert")).to_have_text("You have not written anything yet.")
    author.fill("textarea[name=text]", WHY)
    author.get_by_role("button", name="Send").click()
    expect(author.locator("#written")).to_contain_text("A moderator looks at it again")
    look_at(browser, phone, author.url, "mine")
    look_at(browser, phone, address, "appealed")


def decide(staff: Page, desk: BrowserContext, browser: Browser) -> None:
    staff.goto("/desk/")
    staff.get_by_role("link", name="1 appeal waits").click()
    expect(staff.locator(".queue-item")).to_contain_text(WHY)
    look_at(browser, desk, staff.url, "desk")
    staff.get_by_role("button", name="Show it").click()
    expect(staff.locator("main")).to_contain_text("No appeal waits.")


def look_at(browser: Browser, whose: BrowserContext, address: str, name: str) -> None:
    """Check the page with axe, in light and dark, narrow and wide, with this person's cookies."""
    with browser.new_context(storage_state=whose.storage_state()) as context:
        page = context.new_page()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.goto(address)
                assert (name, width, scheme, axe_violations(page)) == (name, width, scheme, [])
                assert not is_wider_than_its_window(page)
                if os.environ.get("SHOTS"):
                    folder = Path(os.environ["SHOTS"])
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
