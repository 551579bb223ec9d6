"""Pictures whose words are long, or are written from the right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from middleground.core.languages.offered import LANGUAGES
from middleground.dialogues.results import figures
from middleground.pictures import Words
from middleground.pictures.lines import in_its_direction, is_right_to_left
from middleground.pictures.svg import text, width_in
from pictures.samples import SVG, parse
from pictures.test_every_picture import ALL

ISOLATED = re.compile("\u2067.*\u2069")
_SCALE = re.compile(r"scale\(([\d.]+)\)")


def picture_words(code: str) -> Words:
    with override(code):
        return figures.words()


def across(root: ElementTree.Element, css: str = "") -> Iterator[tuple[str, float, float]]:
    """Each text that is not turned, with the places where it begins and ends, about."""
    turned = {id(each) for group in root.iter(f"{SVG}g") if "rotate" in group.get("transform", "")
              for each in group.iter()}  # fmt: skip
    for each in root.iter(f"{SVG}text"):
        if id(each) in turned or css not in each.get("class", ""):
            continue
        words = "".join(each.itertext())
        scaled, x = _SCALE.search(each.get("transform", "")), float(each.get("x", ""))
        wide = width_in(words, each.get("class", "")) * float(scaled[1] if scaled else 1)
        start = x - wide * {"start": 0, "middle": 0.5, "end": 1}[each.get("text-anchor", "start")]
        yield words, start, start + wide


def sticking_out(svg: str) -> list[str]:
    root = parse(svg)
    width = float(root.get("viewBox", "").split()[2])
    return [words for words, start, end in across(root) if start < -4 or end > width + 4]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_of_a_picture_sticks_out(name: str, code: str) -> None:
    assert sticking_out(ALL[name](words=picture_words(code))) == []


def test_a_word_that_sticks_out_is_found() -> None:
    long = Words(head_disagree="anything but an agreement")
    assert sticking_out(ALL["votes"](words=long)) == []
    whole = re.sub(r"scale\([^)]*\)", "scale(1)", ALL["votes"](words=long))
    assert sticking_out(whole) == ["anything but an agreement"]


@pytest.mark.parametrize("name", ALL)
def test_texts_from_the_right_are_isolated_on_a_sheet_from_the_left(name: str) -> None:
    """So the anchor stays at the same side, and numbers stand where a reader of Arabic expects."""
    root = parse(ALL[name](words=picture_words("ar")))
    assert root.get("direction") == "ltr"
    shown = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    wrong = [each for each in shown if is_right_to_left(each) != bool(ISOLATED.fullmatch(each))]
    assert wrong == []


def test_only_a_text_that_begins_from_the_right_is_isolated() -> None:
    assert in_its_direction("الكل: 71%") == "\u2067الكل: 71%\u2069"
    assert in_its_direction("15 سبتمبر") == "\u206715 سبتمبر\u2069"
    assert in_its_direction("71%, 64–78") == "71%, 64–78"
    assert in_its_direction("Group A") == "Group A"
    assert "\u2067" not in text(1, 2, "Group A", "pic-small")


def test_words_for_which_there_is_no_room_are_drawn_smaller_around_the_same_place() -> None:
    usual = text(10, 20, "Hindi sang-ayon", "pic-small", "end")
    assert usual == text(10, 20, "Hindi sang-ayon", "pic-small", "end", room=200)
    smaller = text(10, 20, "Hindi sang-ayon", "pic-small", "end", room=50)
    found = re.search(r"translate\((\S+) (\S+)\) scale\((\S+)\)", smaller)
    assert found
    left, down, scale = (float(each) for each in found.groups())
    assert (left + 10 * scale, down + 20 * scale) == pytest.approx((10, 20), abs=0.02)
    assert width_in("Hindi sang-ayon", "pic-small") * scale == pytest.approx(50, rel=0.01)


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_the_corners_end_before_the_line_between_them(code: str) -> None:
    """The plot is from 64 to 390, so its middle is at 227."""
    root = parse(ALL["statements"](words=picture_words(code)))
    corners = [(start, end) for _, start, end in across(root, "pic-soft pic-small pic-halo")]
    assert len(corners) >= 4
    assert [each for each in corners if each[0] < 226 and each[1] > 228] == []
