"""A typing error that its author corrects, up to the moderator who reads it, in real browsers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from support.serving.browsers import is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser
WRONG, RIGHT = "The ferrys should run until midnite.", "The ferries should run until midnight."


def test_a_moderator_reads_the_corrected_words_alone(
    browser: Browser, served: Server, staff_session: Any
) -> None:
    phone = {"width": 320, "height": 640}
    with (
        browser.new_context(base_url=served.address, viewport=phone) as author,  # type: ignore[arg-type]
        browser.new_context(base_url=served.address, storage_state=staff_session) as desk,
    ):
        page, queue = author.new_page(), desk.new_page()
        page.goto("/d/harbour/write/")
        page.get_by_label("Your statement").fill(WRONG)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#written .own-text")).to_have_text(WRONG)
        queue.goto("/desk/harbour/moderation/")
        expect(queue.locator("main")).to_contain_text(WRONG)  # the control
        page.get_by_role("link", name="Correct a typing error").click()
        field = page.get_by_label("Your statement")
        expect(field).to_have_value(WRONG)
        assert not is_wider_than_its_window(page)
        field.fill(RIGHT)
        page.get_by_role("button", name="Send the corrected statement").click()
        expect(page.get_by_role("status")).to_contain_text("waits for a moderator")
        expect(page.locator("#written .own-text")).to_have_text([RIGHT])
        queue.reload()
        expect(queue.locator("main")).to_contain_text(RIGHT)
        expect(queue.locator("main")).not_to_contain_text(WRONG)
        queue.get_by_role("button", name="Show", exact=True).first.click()
        expect(queue.get_by_role("button", name="Take the decision back")).to_be_visible()
        page.reload()
        expect(page.locator("#written .tag")).to_have_text("shown")
