"""Texts that are 40% longer, as translations are, fit on a narrow telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from support.serving.browsers import is_wider_than_its_window
from support.serving.servers import Server, fill, serving
from words.pseudo import CODE, pseudo, write_language

pytestmark = pytest.mark.browser

PAGES = ["", "take-part/", "take-part/?again=1", "write/", "mine/", "map/", "s/1/"]
WITH_LANGUAGE = """
from pathlib import Path
from django.conf import settings
from django.utils.translation import trans_real
from words.pseudo import offer
offer(settings, Path({folder!r}))
trans_real.get_languages.cache_clear()
trans_real.translation_catalog_exists.cache_clear()
"""
# Of a text that does not break, the part that its element cuts off. Fields and tables scroll.
CUT_OFF = """() => [...document.querySelectorAll(
    "main button, main a, main label, main h1, main h2")]
  .filter((element) => element.checkVisibility() && element.clientWidth
    && getComputedStyle(element).overflowX !== "visible"
    && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.textContent.trim().slice(0, 60))"""


@pytest.fixture(scope="module")
def pseudo_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("pseudo")
    fill(data, "mapped_site")
    folder = write_language(tmp_path_factory.mktemp("locale"))
    with serving(data, before=WITH_LANGUAGE.format(folder=str(folder))) as server:
        yield server


def test_nothing_is_wider_than_a_narrow_telephone(browser: Browser, pseudo_served: Server) -> None:
    # Not as a telephone, whose window grows with what is in it.
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(f"{pseudo_served.address}/{CODE}/d/town/{path}")
            expect(page.locator("a.skip")).to_have_text(pseudo("Skip to the content"))
            assert (path, is_wider_than_its_window(page)) == (path, False)
            assert (path, page.evaluate(CUT_OFF)) == (path, [])
            if path == "take-part/":  # the card after a vote, with the button that takes it back
                page.locator("button[data-key=a]").click()
                expect(page.locator("button[data-key=u]")).to_be_visible()
                assert not is_wider_than_its_window(page)
        # The control: a word that cannot break.
        page.locator("main").evaluate("(main) => main.append('ō'.repeat(80))")
        page.locator("main").evaluate("(main) => { main.style.overflowWrap = 'normal'; }")
        assert is_wider_than_its_window(page)
