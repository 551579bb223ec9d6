"""The sheet of codes as real paper: nothing of a card is cut, however long the question is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from support.cast import PASSWORD
from support.serving.servers import Server, serving_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES = 9
MARGINS = 2 * 16 / 25.4 * 96  # of core/styles/90-print.css, in CSS pixels
WIDTHS = {"A4": 210 / 25.4 * 96, "Letter": 8.5 * 96}
FILL = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django
django.setup()
from support.cast import make_dialogue, make_staff
make_staff()
make_dialogue("short", question="What should the harbor be?")
make_dialogue("example", question="What should the harbor be?", simulated=True)
make_dialogue("long", question=("Wharves, ferries and fishing " * 7)[:199] + "?")
"""
CUT = """cards => cards.filter(card => {
  const last = card.lastElementChild.getBoundingClientRect();
  return last.bottom > card.getBoundingClientRect().bottom;
}).length"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Dialogues with a short question, one of them an example, and with the longest taken."""
    with serving_filled(tmp_path_factory.mktemp("codes"), FILL) as server:
        yield server


@pytest.fixture
def member(browser: Browser, town: Server) -> Iterator[Page]:
    with browser.new_context(base_url=town.address) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", "staff@example.org")
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main form button[type=submit]")
        yield page


def made_sheet(page: Page, slug: str) -> Page:
    page.goto(f"/desk/{slug}/codes/")
    form = page.locator("form", has=page.locator("input[name=what][value=print]"))
    form.locator("input[type=radio]").first.check()
    form.locator("input[type=number]").fill(str(CODES))
    with page.expect_navigation():
        form.locator("button").click()
    assert page.locator(".code-card").count() == CODES
    return page


def cut_on(page: Page, paper: str) -> int:
    """How many cards lose their last line on this paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(WIDTHS[paper] - MARGINS), "height": 900})
    return int(page.locator(".code-card").evaluate_all(CUT))


@pytest.mark.parametrize("slug", ["short", "long"])
def test_no_card_is_cut_on_either_paper(member: Page, slug: str) -> None:
    page = made_sheet(member, slug)
    assert [cut_on(page, paper) for paper in WIDTHS] == [0, 0]
    if slug == "long":  # known bad: the same height for every question
        page.locator(".code-card").evaluate_all(
            "cards => cards.forEach(card => { card.style.blockSize = '60mm'; })"
        )
        assert cut_on(page, "Letter") == CODES


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("slug", ["short", "example"])
def test_eight_short_cards_fit_on_a_page(member: Page, paper: str, slug: str) -> None:
    """Nine are on two pages. Of an example each card says it, and no notice moves them."""
    page = made_sheet(member, slug)
    printed = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2
    page.locator(".code-card").last.evaluate("card => card.remove()")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=paper))) == 1
    said = page.locator(".code-card", has_text="Example.").count()
    assert said == (CODES - 1 if slug == "example" else 0)
