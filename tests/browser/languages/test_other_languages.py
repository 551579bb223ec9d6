"""Pages in languages that are written from the right, or whose words are long."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser

# Visible parts of the header, the way out and the vote card that stick out of the window.
STICKS_OUT = """
() => [...document.querySelectorAll("header.site *, .leave *, .voting *")]
  .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden"))
  .filter((element) => !element.closest("details:not([open]) > :not(summary)"))
  .filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.left < -0.5 || box.right > innerWidth + 0.5);
  })
  .map((element) => element.outerHTML.slice(0, 80))
"""
DIRECTIONS = "(all) => all.map((each) => getComputedStyle(each).direction)"


@pytest.mark.parametrize("code", ["ar", "hy", "vi"])
def test_on_a_narrow_phone_nothing_of_the_vote_card_sticks_out(
    page: Page, served: Server, code: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{served.address}/{code}/d/harbour/take-part/")
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator(".vote-buttons button")).to_have_count(3)
    page.locator(".languages > summary").click()
    expect(page.locator(".languages li")).to_have_count(9)
    assert page.evaluate(STICKS_OUT) == []
    assert not is_wider_than_its_window(page)
    # The language stands beside the brand, and takes no line of its own.
    brand, chooser = (page.locator(each).bounding_box() for each in (".brand", ".languages"))
    assert brand
    assert chooser
    assert chooser["y"] < brand["y"] + brand["height"]
    page.locator(".vote-card").evaluate("(card) => { card.style.inlineSize = '340px'; }")
    assert page.evaluate(STICKS_OUT)  # the checks find what they are for
    assert is_wider_than_its_window(page)


@pytest.mark.parametrize(
    "path", ["/d/harbour/take-part/", "/d/harbour/map/", "/d/harbour/answers/1/", "/method/"]
)
def test_axe_finds_nothing_in_arabic_in_light_and_dark(
    page: Page, served: Server, path: str
) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(f"{served.address}/ar{path}")
    page.locator(".languages > summary").click()
    assert axe_violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe_violations(page, ("color-contrast", "link-in-text-block")) == []


def test_the_choice_of_languages_works_with_keys_and_without_scripts(
    browser: Browser, served: Server
) -> None:
    """Its name is that of the language, and each language stands there in its own script."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served.address}/ar/")
        chooser = page.locator(".languages > summary")
        expect(chooser).to_contain_text("العربية")
        expect(page.get_by_role("link", name="한국어")).to_be_hidden()
        chooser.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="العربية")).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name="한국어").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served.address}/ko/")
        expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_commands_and_english_texts_begin_at_the_left_on_a_page_in_arabic(
    page: Page, served: Server
) -> None:
    page.goto(f"{served.address}/ar/ledger/verify/")
    assert set(page.locator("pre, code").evaluate_all(DIRECTIONS)) == {"ltr"}
    assert set(page.locator("main p").evaluate_all(DIRECTIONS)) == {"rtl"}
    page.goto(f"{served.address}/ar/method/formulas/")
    english = page.locator(".method[lang=en]")
    assert english.evaluate_all(DIRECTIONS) == ["ltr"]
    assert set(english.locator("p, li, h2").evaluate_all(DIRECTIONS)) == {"ltr"}
    assert page.locator("h1").evaluate_all(DIRECTIONS) == ["rtl"]
