"""Pages are found however they were scanned or photographed; what cannot be read says why."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from middleground.paper.reading.arrays import Grey
from middleground.paper.reading.page_reading import UnreadablePage, read_page
from middleground.paper.sheet_code import SheetCode
from paper.reading.marked import (
    FORM,
    MM,
    answers,
    covered,
    cross,
    layout_of_form,
    marked,
    noisy,
    photographed,
    printed,
    read,
    shadowed,
    turns,
)
from paper.samples import SHEET

OTHER_SHEET = str(SheetCode(12, 3, 1, "en", FORM.mark, "0" * 16))
PAGE = layout_of_form().pages[0]


def blurred(grey: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.uint8)


def smaller(share: float) -> Grey:
    grey = cv2.resize(marked(), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)


def lit(grey: Grey, share: float, noise: float) -> Grey:
    return noisy(np.asarray(grey * share, np.uint8), noise)


def folded(grey: Grey) -> Grey:
    """Below a crease everything lies 1 mm lower and half a mm further right."""
    out = grey.copy()
    crease = round(PAGE.rows[5].box.y * MM)
    down, right = round(MM), round(MM / 2)
    out[crease + down :, right:] = grey[crease:-down, :-right]
    out[crease - 2 : crease + 2] = out[crease - 2 : crease + 2] * 0.8
    return out


def stained(grey: Grey) -> Grey:
    """Coffee over a corner and some rows: a tint with a dark rim."""
    down, across = np.mgrid[: grey.shape[0], : grey.shape[1]]
    away = np.hypot(down - 200 * MM, across - 190 * MM) / (60 * MM)
    tint = np.where(away < 1, 0.7, 1) * (1 - 0.3 * np.exp(-(((away - 1) / 0.02) ** 2)))
    return np.asarray(grey * tint, np.uint8)


WAYS = {
    "scanned": marked(),
    "upside down": np.rot90(marked(), 2),
    "sideways": np.rot90(marked()),
    "from the other side": np.rot90(marked(), 3),
    "coarse": smaller(0.6),
    "photographed": photographed(marked()),
    "photographed upside down": np.rot90(photographed(marked()), 2),
    "curled": photographed(marked(), bend=2.5),
    "in the shadow": shadowed(photographed(marked())),
    "in low light": lit(photographed(marked()), 0.25, 5),
    "a little out of focus": blurred(marked(), 2),
    "folded": folded(marked()),
    "stub torn off": marked()[: round(246 * MM)],
    "crosses, photographed": photographed(marked(cross(wide=0.5))),
}


@pytest.mark.parametrize("way", WAYS)
def test_answers_are_read(way: str) -> None:
    assert answers(read(noisy(WAYS[way], 2))) == turns()


@pytest.mark.parametrize("marks", [{0}, {1}, {2}, {3}, {2, 3}, {0, 3}])
def test_corners_may_be_covered(marks: set[int]) -> None:
    grey = noisy(covered(marked(), marks, PAGE), 2)
    assert answers(read(photographed(grey))) == turns()


def test_coffee_makes_no_marks_and_hides_none() -> None:
    said = answers(read(noisy(stained(marked()), 2)))
    doubtful = {row for row in said if said[row] in ("beside", "faint")}
    assert len(doubtful) <= 2
    assert {row: said[row] for row in said if row not in doubtful} == {
        row: meant for row, meant in turns().items() if row not in doubtful
    }


@pytest.mark.parametrize("at", range(20))
def test_the_sharp_edge_of_a_shadow_is_no_mark(at: int) -> None:
    """It is moved over all rows; a row that it crosses may be doubtful, but never wrong."""
    grey = marked(cross())
    top = round((PAGE.rows[0].box.y + at * 6) * MM)
    for row, line in enumerate(grey[top:]):
        line[max(0, grey.shape[1] - 4 * row) :] //= 2
    said = answers(read(noisy(grey, 2)))
    doubtful = {row for row in said if said[row] in ("faint", "beside", "second_mark")}
    assert len(doubtful) <= 4
    assert {row: said[row] for row in said if row not in doubtful} == {
        row: meant for row, meant in turns().items() if row not in doubtful
    }


def other_code(text: str) -> Grey:
    """The page with another code over its own."""
    grey = marked()
    dark = np.array([list(row) for row in segno.make(text, version=3).matrix], np.uint8)
    side = round(PAGE.code.width * MM)
    code = cv2.resize(255 - 255 * dark, (side, side), interpolation=cv2.INTER_NEAREST)
    y, x = round(PAGE.code.y * MM), round(PAGE.code.x * MM)
    grey[y : y + side, x : x + side] = code
    return grey


def without_code() -> Grey:
    grey = marked()
    y, x, side = (round(each * MM) for each in (PAGE.code.y, PAGE.code.x, PAGE.code.width))
    grey[y : y + side, x : x + side // 2] = 255
    return grey


def cut() -> Grey:
    """The lower half lies 2 cm too far right, as if the sheet were torn and laid together badly."""
    grey = marked()
    half = round(140 * MM)
    grey[half:] = np.roll(grey[half:], round(20 * MM), axis=1)
    return grey


UNREADABLE = {
    "empty_page": (np.full((2200, 1700), 230, np.uint8), False),
    "no_code": (without_code(), False),
    "not_our_code": (other_code("https://example.org/"), False),
    "several_sheets": (np.hstack((marked(), other_code(OTHER_SHEET))), False),
    "no_markers": (covered(marked(), {0, 2, 3}, PAGE), True),
    "not_flat": (cut(), True),
    "too_dark": (np.full((2200, 1700), 12, np.uint8), False),
    "too_blurred": (blurred(marked(), 2.9), True),
    "too_small": (smaller(0.25), True),
}


@pytest.mark.parametrize("trouble", UNREADABLE)
def test_a_page_that_cannot_be_read_says_why(trouble: str) -> None:
    grey, code_is_read = UNREADABLE[trouble]
    reading = read(noisy(np.asarray(grey, np.uint8), 1))
    assert isinstance(reading, UnreadablePage), answers(reading)
    assert (reading.trouble, reading.code is not None) == (trouble, code_is_read)


def test_a_blur_that_hides_the_code_is_told_as_a_blur() -> None:
    reading = read(blurred(smaller(0.6), 2.3))
    assert isinstance(reading, UnreadablePage)
    assert (reading.trouble, reading.code) == ("too_blurred", None)


@pytest.mark.parametrize("mm", [3, 6, 9])
def test_rows_that_were_moved_are_never_taken_for_each_other(mm: int) -> None:
    """Paper folded over: from the middle on everything lies so much higher."""
    grey = marked()
    half = round(140 * MM)
    grey[half:] = np.roll(grey[half:], -round(mm * MM), axis=0)
    reading = read(grey)
    if isinstance(reading, UnreadablePage):
        assert reading.trouble == "not_flat"
        return
    said = answers(reading)
    sure = {row: said[row] for row in said if said[row] in ("agree", "disagree", "pass", "blank")}
    assert sure == {row: turns()[row] for row in sure}


def test_a_sheet_of_another_dialogue_or_edition_is_refused_and_not_misread() -> None:
    asked: list[SheetCode] = []

    def unknown(code: SheetCode) -> str:
        asked.append(code)
        return "other_digest"

    reading = read_page(printed()[0], unknown)  # type: ignore[arg-type]
    assert reading == UnreadablePage("other_digest", asked[0])
    assert asked == [SheetCode(12, 3, 1, "en", FORM.mark, SHEET)]
