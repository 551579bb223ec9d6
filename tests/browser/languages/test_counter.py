"""The counter of characters speaks each plural form of its language."""

from __future__ import annotations

import gettext
import json

import pytest
from django.utils.html import escape
from django.utils.translation import ngettext, override
from playwright.sync_api import Page, expect

from middleground.dialogues.templatetags import plurals
from support.house import ROOT
from support.serving.servers import Server

pytestmark = pytest.mark.browser

SCRIPT = ROOT / "src/middleground/dialogues/static/dialogues/write.js"
# The rule of the Arabic catalogue, and which form it asks for.
ARABIC = gettext.c2py(  # type: ignore[attr-defined]
    "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"
)
FORMS = ["zero", "one", "two", "%(n)s few", "%(n)s many", "%(n)s other"]
ASKED = {
    0: "zero", 1: "one", 2: "two", 3: "3 few", 11: "11 many", 100: "100 other", 102: "102 other",
    103: "103 few", 111: "111 many", 200: "200 other", 305: "305 few", 1011: "1011 many",
}  # fmt: skip


def test_a_text_has_the_form_of_its_number_in_a_language_with_six(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def six(one: str, _many: str, n: int) -> str:
        return f"{FORMS[ARABIC(n)]} {'left' if 'left' in one else 'over'}"

    monkeypatch.setattr(plurals, "ngettext", six)
    words = plurals.forms_in.__wrapped__("ar")
    assert len(json.loads(words)["left"]) == len(FORMS)
    page.set_content(
        f'<div><textarea data-limit="1100"></textarea><p data-count-shown data-words="'
        f'{escape(words)}"></p><p data-count-said></p></div>'
    )
    page.evaluate("delete Intl.PluralRules")  # older browsers have none
    page.add_script_tag(path=SCRIPT)
    shown, field = page.locator("[data-count-shown]"), page.locator("textarea")
    for n, text in ASKED.items():
        field.fill("a" * (1100 - n))
        expect(shown).to_have_text(f"{text} left")
        if n:
            field.fill("a" * (1100 + n))
            expect(shown).to_have_text(f"{text} over")


def test_the_counter_of_an_arabic_page_says_what_the_catalogue_says(
    page: Page, served: Server
) -> None:
    page.goto(f"{served.address}/ar/d/harbour/write/")
    shown, field = page.locator("[data-count-shown]"), page.locator("textarea[data-limit]")
    limit = int(field.get_attribute("data-limit") or 0)
    for left in (0, 1, 2, 3, 11, 100):
        field.fill("a" * (limit - left))
        with override("ar"):
            told = ngettext("%(n)s character left", "%(n)s characters left", left)
        expect(shown).to_have_text(told % {"n": left})
