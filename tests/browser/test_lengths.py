"""The browser counts the characters of a text as the server does, in every script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from middleground.texts.normalise import normalise
from support.serving.servers import Server
from texts.written import SENTENCES

pytestmark = pytest.mark.browser

ODD = {
    "spaces": "  e\u0301  🙂\n ",
    "kept spaces": "a\u00a0b \u3000 c\u2028d",
    "taken out": "a\u202eb\x07c\ue000d\U000e0067e 🏴\U000e0067\U000e0062",
    "singletons": "\ufa19\u09dc\u2126\u212b e\u0301\u0958\u093c",
    "Hangul by its parts": "\u1100\u1161\u11a8 \u1112\u1161\u11ab",
    "Vietnamese by its parts": "Vie\u0323\u0302t Nam",
    "joiners": "\u200bمی\u200cخواهم\u200f\ufeff",
}
COUNT = """(texts) => {
  const field = document.querySelector("textarea[data-limit]");
  const shown = field.parentElement.querySelector("[data-count-shown]");
  return texts.map((text) => {
    field.value = text;
    field.dispatchEvent(new Event("input"));
    return Number(field.dataset.limit) - Number(shown.textContent.match(/\\d+/)[0]);
  });
}"""


def test_the_browser_and_the_server_agree_on_every_length(page: Page, served: Server) -> None:
    page.goto(f"{served.address}/d/harbour/write/")
    texts = SENTENCES | ODD
    counted = dict(zip(texts, page.evaluate(COUNT, list(texts.values())), strict=True))
    assert counted == {name: len(normalise(text)) for name, text in texts.items()}
    assert counted["families"] != len(SENTENCES["families"].encode("utf-16-le")) // 2  # units
