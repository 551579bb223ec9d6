"""Letter keys on keyboards that write another script, and while an input method composes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from support.serving.servers import Server

pytestmark = pytest.mark.browser

# What keyboards send for the key that has the letter D on a Latin one.
OTHER_SCRIPTS = {
    "Korean": "ㅇ", "Arabic": "ي", "Persian": "ی", "Armenian": "դ", "Greek": "δ",
    "an input method": "Process",
}  # fmt: skip
PRESS = """([key, code, options]) => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...options }))"""


def press(page: Page, key: str, code: str, **options: Any) -> bool:
    """Press a key as a keyboard does; whether nobody took it."""
    return bool(page.evaluate(PRESS, [key, code, options]))


def test_vote_keys_of_other_keyboards(browser: Browser, served: Server) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{served.address}/d/harbour/take-part/")
        disagree = page.locator("button[data-key=d]")
        page.evaluate("""() => { window.clicked = [];
            document.addEventListener("click", (event) => {
              event.preventDefault(); event.stopPropagation();
              clicked.push(event.target.closest("button").dataset.key);
            }, true); }""")
        expect(disagree).to_be_visible()
        for key in OTHER_SCRIPTS.values():
            assert not press(page, key, "KeyD")
        # The letter that is shown counts, not the place: AZERTY's A is where QWERTY has Q.
        assert not press(page, "a", "KeyQ")
        assert not press(page, "P", "KeyR", shiftKey=True)  # Dvorak
        taken = ["d"] * len(OTHER_SCRIPTS) + ["a", "p"]
        assert page.evaluate("clicked") == taken
        for key, code in (("q", "KeyA"), ("é", "KeyD"), (",", "KeyP"), ("1", "Digit1"), ("ㅂ", "")):
            assert press(page, key, code)
        for key in ("ㅇ", "d"):
            assert press(page, key, "KeyD", isComposing=True)
            assert press(page, key, "KeyD", ctrlKey=True)
        assert page.evaluate("clicked") == taken


def test_desk_keys_of_other_keyboards(browser: Browser, served: Server, staff_session: Any) -> None:
    with browser.new_context(storage_state=staff_session) as context:
        page = context.new_page()
        page.goto(f"{served.address}/desk/harbour/moderation/?tab=unseen")
        items = page.locator("[data-item]")
        assert press(page, "ي", "KeyJ", isComposing=True)
        assert not press(page, "ت", "KeyJ")
        assert not press(page, "ㅓ", "KeyJ")
        expect(items.nth(1)).to_be_focused()
        assert not press(page, "Process", "KeyK")
        expect(items.nth(0)).to_be_focused()
        assert press(page, ",", "KeyM")  # the control: where AZERTY has a comma
        assert press(page, "Shift", "ShiftLeft")
        assert not press(page, "ㄱ", "KeyR")
        expect(items.nth(0).locator("[data-key=r]")).to_be_focused()
