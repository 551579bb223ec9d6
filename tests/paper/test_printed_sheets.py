"""A form's layout is where readers of others find its markers, codes and circles on the page."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import cv2
import numpy as np
import pypdfium2
import pytest

from middleground.paper.form import Form
from middleground.paper.layout import Layout
from middleground.paper.printing import LayoutChanged, Overfull, lay_out, print_sheets
from middleground.paper.printing.markers import MARKERS
from middleground.paper.sheet_code import SheetCode
from paper.samples import SHEET, a_form
from paper.seen import corners_of, pages_of, ring_at, seen, text_of
from support.house import ROOT

KINDS = {
    "letter": a_form(),
    "a4": a_form(paper="a4"),
    "large": a_form(large=True),
    "from the right": a_form(direction="rtl"),
    "large from the right": a_form(direction="rtl", large=True),
}


def test_the_markers_are_those_of_opencv() -> None:
    words = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, bits in enumerate(MARKERS):
        picture = cv2.aruco.generateImageMarker(words, number, 6)
        assert [[bit == "1" for bit in row] for row in bits] == (picture[1:5, 1:5] > 0).tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_the_layout_is_what_the_pages_show(kind: str) -> None:
    form = KINDS[kind]
    layout = lay_out(form)
    pictures = pages_of(print_sheets(form, [SHEET]))
    assert len(pictures) == len(layout.pages)
    for page, picture in zip(layout.pages, pictures, strict=True):
        found = seen(picture, page)
        assert sorted(found.markers) == [0, 1, 2, 3]
        for marker in page.markers:
            assert np.abs(found.markers[marker.mark] - corners_of(marker.box)).max() < 0.3
        assert np.abs(found.code - corners_of(page.code)).max() < 0.3
        assert SheetCode.parse(found.text) == SheetCode(12, 3, page.page, "en", form.mark, SHEET)
        for row in page.rows:
            for bubble in row.bubbles:
                line, within = ring_at(picture, page, bubble)
                assert (line > 0.95, within) == (True, 0.0)
    printed = [row.statement for page in layout.pages for row in page.rows]
    assert printed == [statement.number for statement in form.statements]


def test_control_a_circle_elsewhere_is_not_found() -> None:
    page = lay_out(KINDS["letter"]).pages[0]
    picture = pages_of(print_sheets(KINDS["letter"], [SHEET]))[0]
    bubble = page.rows[0].bubbles[0]
    assert ring_at(picture, page, replace(bubble, x=bubble.x + 0.3))[0] < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_circles_are_large_apart_and_alike(kind: str) -> None:
    for page in lay_out(KINDS[kind]).pages:
        assert page.radius >= (3.5 if KINDS[kind].large else 2.25)
        for row in page.rows:
            assert [bubble.answer for bubble in row.bubbles] == ["agree", "disagree", "pass"]
            xs = [bubble.x for bubble in row.bubbles]
            assert xs == sorted(xs, reverse=KINDS[kind].direction == "rtl")
            assert np.diff(xs)[0] == pytest.approx(np.diff(xs)[1], abs=0.01)
            assert min(abs(np.diff(xs))) >= 7
            assert all(row.box.y < each.y < row.box.y + row.box.height for each in row.bubbles)


def test_twelve_short_statements_are_one_page() -> None:
    (page,) = lay_out(a_form()).pages
    assert (len(page.rows), page.own is not None) == (12, True)


def test_a_page_for_each_sheet_with_its_own_number() -> None:
    other = "FEDCBA9876543210"
    pdf = print_sheets(a_form(), [SHEET, other], two_sided=False)
    (page,) = lay_out(a_form()).pages
    codes = [SheetCode.parse(seen(picture, page).text) for picture in pages_of(pdf)]
    assert [code and code.sheet for code in codes] == [SHEET, other]
    first, second = text_of(pdf)
    assert "0123-4567-89AB-CDEF" in first
    assert "FEDC-BA98-7654-3210" in second


@pytest.mark.parametrize(
    ("large", "two_sided", "pages"),
    [(False, True, 1 + 1 + 1), (False, False, 2), (True, True, 3 + 1 + 3), (True, False, 6)],
)
def test_no_sheet_begins_on_the_back_of_another(large: bool, two_sided: bool, pages: int) -> None:
    sheets = [SHEET, "FEDCBA9876543210"]
    texts = text_of(print_sheets(a_form(large=large), sheets, two_sided=two_sided))
    assert len(texts) == pages
    (second,) = [place for place, text in enumerate(texts) if "FEDC-BA98-7654-3210" in text]
    assert (second % 2 == 0) is two_sided


def test_it_is_told_how_many_are_done() -> None:
    told: list[int] = []
    print_sheets(a_form(), [SHEET, SHEET, SHEET], told.append)
    assert told == [0, 1, 2, 3]


def test_the_same_form_and_sheets_give_the_same_bytes_in_another_process() -> None:
    told = (
        "import hashlib; from paper.samples import SHEET, a_form\n"
        "from middleground.paper.printing import print_sheets\n"
        "print(hashlib.sha256(print_sheets(a_form(), [SHEET])).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONHASHSEED": "1"}
    other = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment
    )
    pdf = print_sheets(a_form(), [SHEET])
    assert other.stdout.strip() == hashlib.sha256(pdf).hexdigest()
    assert b"Date" not in pdf


@pytest.mark.parametrize("kind", KINDS)
def test_a_photocopy_of_a_photocopy_can_be_read(kind: str) -> None:
    """Grey, a little blurred, with specks, and then black and white; twice."""
    form, noise = KINDS[kind], np.random.default_rng(3)
    for page, picture in zip(
        lay_out(form).pages, pages_of(print_sheets(form, [SHEET])), strict=True
    ):
        copy = picture
        for _ in range(2):
            blurred = cv2.GaussianBlur(copy, (0, 0), 0.7) + noise.normal(0, 25, copy.shape)
            copy = ((blurred > 128) * 255).astype(np.uint8)
        found = seen(copy, page)
        assert sorted(found.markers) == [0, 1, 2, 3]
        assert SheetCode.parse(found.text) == SheetCode(12, 3, page.page, "en", form.mark, SHEET)
        for row in page.rows:
            for bubble in row.bubbles:
                line, within = ring_at(copy, page, bubble)
                assert line > 0.6
                assert within < 0.05


def test_everything_is_grey() -> None:
    with pypdfium2.PdfDocument(print_sheets(a_form(), [SHEET])) as document:
        picture = document[0].render(scale=2).to_numpy()
    assert (picture.max(axis=2) == picture.min(axis=2)).all()


def test_what_is_not_a_number_is_not_printed() -> None:
    with pytest.raises(ValueError, match="no number of a sheet"):
        print_sheets(a_form(), [SHEET.lower()])


def test_a_form_of_too_many_pages_is_refused() -> None:
    with pytest.raises(Overfull):
        lay_out(a_form(("word " * 250,) * 100, large=True, own_statement=False))


def test_a_form_that_would_be_printed_otherwise_is_refused() -> None:
    form: Form = a_form()
    layout = lay_out(form)
    assert print_sheets(form, [SHEET], expected=layout).startswith(b"%PDF")
    with pytest.raises(LayoutChanged):
        print_sheets(form, [SHEET], expected=Layout((replace(layout.pages[0], radius=3.0),)))
