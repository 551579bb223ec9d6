"""The method in other languages: what it says of the same figures, and the anchors of the same."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.test import Client
from django.utils.translation import to_locale

from middleground.core.languages.offered import FIRST, LANGUAGES
from middleground.dialogues.pages.results.method import method_html, translation_of_method
from support.house import ROOT

OTHERS = [code for code in LANGUAGES if code != FIRST]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def original() -> str:
    document = (ROOT / "docs" / "method.md").read_text()
    return re.split(r"^# .*\n", document, flags=re.MULTILINE)[-2].strip()


def translation(code: str) -> str:
    return translation_of_method(code).read_text()


@pytest.mark.parametrize("code", OTHERS)
def test_it_is_translated_from_the_text_as_it_is_now(code: str) -> None:
    digest = sha256(original().encode()).hexdigest()[:12]
    said = translation(code).splitlines()[0]
    assert said == f"<!-- Of {digest}. It waits for a native reader. -->", (
        f"docs/method.md changed: translate the change in {to_locale(code)}.md, and write {digest}"
    )


def shape(text: str) -> dict[str, object]:
    """What a translation must have as its original has it."""
    return {
        "headings": re.findall(r"^(#+) ", text, re.MULTILINE),
        "links": re.findall(r"\]\(([^)]*)\)", text),
        "bold": text.count("**"),
        "code": sorted(re.findall(r"`[^`]*`", text)),
        "items": len(re.findall(r"^ *(?:-|\d+\.) ", text, re.MULTILINE)),
    }


@pytest.mark.parametrize("code", OTHERS)
def test_it_has_the_parts_and_links_of_the_original(code: str) -> None:
    _, _, text = translation(code).partition("\n\n")
    assert shape(text) == shape(original())


def figures(text: str) -> list[list[str]]:
    """The numbers of each part below a heading, without separators of thousands and decimals."""
    parts = re.split(r"^#+ .*\n", text, flags=re.MULTILINE)
    return [sorted(re.sub(r"[.,]", "", each) for each in NUMBER.findall(part)) for part in parts]


@pytest.mark.parametrize("code", OTHERS)
def test_it_tells_the_same_figures(code: str) -> None:
    _, _, text = translation(code).partition("\n\n")
    for own, others in zip(figures(original()), figures(text), strict=True):
        assert set(own) <= set(others), "a figure of the original is not there"


def test_a_figure_that_differs_is_found() -> None:
    changed = original().replace("90%", "95%", 1)
    assert figures(changed) != figures(original())
    assert shape(original().replace("**Every**", "Every")) != shape(original())


@pytest.mark.parametrize("code", OTHERS)
def test_links_to_its_paragraphs_lead_there_in_every_language(code: str) -> None:
    def anchors(html: str) -> list[str]:
        return re.findall(r'id="([^"]+)"', html)

    assert anchors(method_html(code)) == anchors(method_html())
    assert "open-maps" in anchors(method_html(code))
    assert method_html(code) != method_html()


@pytest.mark.django_db
def test_the_formulas_say_that_they_are_in_english(client: Client) -> None:
    page = client.get("/ar/method/formulas/").content.decode()
    assert '<div class="text method" lang="en" dir="ltr">' in page
    page = client.get("/ar/method/").content.decode()
    assert '<div class="text method">' in page
