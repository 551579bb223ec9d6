"""Any picture becomes a document of its own, and a PNG, whatever its words are written in."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from middleground import pictures
from middleground.pictures.files import Preview, PreviewBar, Surroundings, link_preview, png, sheet
from middleground.pictures.files.flat_css import flat_css
from middleground.pictures.files.png import missing_letters, without
from middleground.pictures.lines import is_right_to_left, width_of, wrap
from pictures.samples import SVG, A, B, facts
from pictures.test_every_picture import ALL, HOSTILE

LEFT_OUT = "Some words are missing"
AROUND = Surroundings(
    "Share that agrees",
    "What should the harbour be?",
    ("Port City · harbour.example", "Data: CC BY 4.0."),
    mark="Example: all participants and votes are simulated.",
    note="One bar per group.",
)
# Sentences in scripts with and without spaces, from the right, and with joined letters.
SENTENCES = {
    "Latin": "The quay stays open at night for those who fish there.",
    "one word": "Donaudampfschifffahrtsgesellschaftskapitän" * 4,
    "Arabic": "يبقى الرصيف مفتوحًا ليلًا لمن يصطاد هناك.",
    "Hebrew": "הרציף נשאר פתוח בלילה לדייגים.",
    "Chinese": "码头夜间对钓鱼的人开放，任何人都可以进入，并且不收费用。",
    "Thai": "ท่าเรือเปิดตอนกลางคืนสำหรับผู้ที่ตกปลาที่นั่นและทุกคนเข้าได้",
    "Hindi": "घाट रात में उन लोगों के लिए खुला रहता है जो वहाँ मछली पकड़ते हैं।",
    "flags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 👩‍👩‍👧 harbour",
}


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def size_of(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_the_styles_name_every_colour_and_no_condition() -> None:
    rules = flat_css()
    assert re.findall(r"var\(|@media|--pic|:hover|:focus", rules) == []
    assert ".pic-agree {fill: #1d5f96}" in rules.splitlines()
    assert ".pic-g2 .pic-mark, .pic-mark.pic-g2 {fill: #b38400; " in rules
    assert "#7fbcec" not in rules  # the same of a dark page
    assert ".pic-wide text {font-size: 12px}" in rules  # as on a large screen


def test_marks_of_groups_have_the_stripes_of_print() -> None:
    """A file may be printed in grey. On a screen the last of these rules does not hold."""
    rules = [line for line in flat_css().splitlines() if "pic-print-stripe" in line]
    assert rules == [
        ".pic-print-stripe {stroke: none; stroke-width: 2.4px}",
        ".pic .pic-print-stripe {stroke: #faf7f0}",
    ]


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_any_picture_is_a_document_that_loads_nothing_and_links_nowhere(
    draw: Callable[..., str],
) -> None:
    svg = sheet(draw(prefix="p1"), AROUND)
    root = ElementTree.fromstring(svg)
    assert svg.startswith("<?xml ")
    assert float(root.get("width", 0)) >= 400
    found = texts(svg)
    assert found[:3] == ["Share that agrees", "What should the harbour be?", AROUND.mark]
    assert found[-3:] == ["One bar per group.", *AROUND.sources]
    assert re.findall(r"<a[ >]|href|<script|\bsrc=|@import|url\((?!#)", svg) == []


def test_a_link_in_a_picture_is_taken_out() -> None:
    linked = pictures.opinion_map(facts(A, B), href=lambda group: f"/g/{group}/")
    assert "<a " in linked  # the control
    assert "<a " not in sheet(linked, AROUND)


def test_words_cannot_break_out_of_the_document() -> None:
    around = Surroundings(HOSTILE, HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, HOSTILE)
    svg = sheet(pictures.rate_bars(()), around)
    ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert "\u202e" not in svg
    preview = link_preview(
        Preview(HOSTILE, HOSTILE, HOSTILE, HOSTILE, [PreviewBar("A", None, 0, 1, HOSTILE)])
    )
    ElementTree.fromstring(preview)
    assert "<script" not in preview


@pytest.mark.parametrize("words", SENTENCES.values(), ids=SENTENCES)
def test_lines_are_no_longer_than_they_may_be_and_lose_nothing(words: str) -> None:
    lines = wrap(words, 12, most=99)
    assert all(width_of(line) <= 12 for line in lines)
    assert len(lines) > 1 or width_of(words) <= 12
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    short = wrap(words, 12, most=1)
    assert len(short) == 1
    assert width_of(short[0]) <= 12
    assert short[0].endswith("…") == (len(lines) > 1)


def test_a_line_never_begins_with_a_mark_of_the_letter_before() -> None:
    assert {len(line) % 2 for line in wrap("e\u0301" * 40, 6, most=99)} == {0}
    assert wrap("one\u200btwo", 2.2, most=9) == ["one", "two"]


def test_what_is_written_from_the_right_begins_at_the_right() -> None:
    assert is_right_to_left(SENTENCES["Arabic"])
    assert not is_right_to_left("2026: " + SENTENCES["Latin"])
    (line,) = (
        each
        for each in ElementTree.fromstring(
            sheet(pictures.rate_bars(()), Surroundings(SENTENCES["Hebrew"], "", ()))
        ).iter(f"{SVG}text")
        if each.get("text-anchor") == "end" and each.get("style")
    )
    assert line.text == f"\u2067{SENTENCES['Hebrew']}\u2069"


def test_a_link_preview_draws_no_bar_up_to_the_bound_of_a_range() -> None:
    def solid(bar: PreviewBar) -> int:
        drawn = link_preview(Preview("", "", "", "", [bar]))
        return len(re.findall('<rect [^>]*class="pic-agree"', drawn))

    assert solid(PreviewBar("", None, 0.68, 1.0, "at least 68%")) == 0
    assert solid(PreviewBar("", 0.77, 0.68, 0.84, "77%, 68–84")) == 1  # the control


@pytest.mark.parametrize("words", SENTENCES.values(), ids=SENTENCES)
@pytest.mark.parametrize("number", [0, 8])
def test_a_link_preview_holds_any_question(words: str, number: int) -> None:
    bars = [PreviewBar("ABCDEFGH"[k], 0.5, 0.4, 0.7, words) for k in range(number)]
    svg = link_preview(Preview("Port City", words * 5, "harbour.example", words, bars))
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 1200 630"
    for each in root.iter(f"{SVG}text"):
        size = float(re.search(r"font-size: ([\d.]+)px", each.get("style", ""))[1])  # type: ignore[index]
        wide = width_of((each.text or "").strip("\u200f")) * size
        x = float(each.get("x", 0))
        left, right = (x - wide, x) if each.get("text-anchor") == "end" else (x, x + wide)
        assert left >= 0
        assert right <= 1200
        assert 0 < float(each.get("y", 0)) < 620


def test_a_png_has_the_width_that_is_asked_for() -> None:
    svg = sheet(pictures.opinion_map(facts(A, B)), AROUND)
    width, height = size_of(png(svg, 800, LEFT_OUT))
    assert width == 800
    assert height > 400


def test_a_text_without_a_font_is_left_out_and_the_picture_says_so() -> None:
    svg = sheet(pictures.rate_bars(()), Surroundings("12. \U00012000\U00012001", "Why?", ()))
    shown = without(svg, frozenset("\U00012000"), LEFT_OUT)
    assert texts(shown)[0] == "12. […]"
    assert texts(shown)[1] == "Why?"
    assert texts(shown)[-1] == LEFT_OUT
    assert without(svg, frozenset("z"), LEFT_OUT) == svg
    # Cuneiform: no machine has a font for it by accident.
    assert size_of(png(svg, 600, LEFT_OUT)) == size_of(png(shown, 600, LEFT_OUT))
    assert png(svg, 600, LEFT_OUT) == png(shown, 600, LEFT_OUT)


def test_letters_without_a_font_are_named() -> None:
    assert missing_letters("Agree & disagree") == frozenset()
    assert missing_letters("Agree \U0010fffd") == frozenset("\U0010fffd")
