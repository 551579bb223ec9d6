"""Every kind of mark is read as it was meant, or goes to a person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from middleground.paper.form import Form
from middleground.paper.reading.arrays import Grey
from middleground.paper.reading.page_reading import PageReading
from paper.reading.marked import (
    FORM,
    MM,
    Mark,
    answers,
    bubble_of,
    cross,
    dot,
    fill,
    layout_of_form,
    line,
    marked,
    noisy,
    printed,
    read,
    shade,
    shadowed,
    tick,
    turns,
    with_marks,
)
from paper.samples import a_form

KINDS: dict[str, Mark] = {
    "ballpoint": fill(60),
    "pencil": fill(120),
    "over the line": fill(60, 1.3),
    "half": fill(60, 0.6),
    "cross": cross(),
    "small cross": cross(size=0.5),
    "cross in pencil": cross(115, wide=0.6),
    "cross in red": cross(105),
    "large cross with a felt pen": cross(40, 1.4, 1.2),
    "tick": tick(),
    "tick in pencil": tick(110),
}


@pytest.mark.parametrize("kind", KINDS)
def test_marks_are_read_and_blank_rows_stay_blank(kind: str) -> None:
    assert answers(read(noisy(marked(KINDS[kind]), 3))) == turns()


@pytest.mark.parametrize(
    "form",
    [a_form(paper="a4"), a_form(large=True), a_form(direction="rtl", language="ar")],
    ids=["a4", "large print", "from the right"],
)
def test_every_form_is_read(form: Form) -> None:
    for page in layout_of_form(form).pages:
        grey = marked(cross(), form, page.page)
        assert answers(read(grey, form)) == turns(form, page.page)


@pytest.mark.parametrize(
    ("marks", "trouble"),
    [
        ({"agree": fill(), "pass": cross()}, "two_marks"),
        ({"agree": fill(40, 1.4), "disagree": cross()}, "two_marks"),  # one scribbled out
        ({"agree": fill(), "disagree": fill(), "pass": fill()}, "all_marked"),
        ({"agree": dot()}, "faint"),
        ({"disagree": shade(0.2)}, "faint"),
        ({"agree": fill(), "disagree": dot()}, "second_mark"),
        ({"pass": cross(size=0.3, away=3.7)}, "beside"),
    ],
)
def test_doubtful_rows_go_to_a_person_with_their_picture(
    marks: dict[str, Mark], trouble: str
) -> None:
    grey = with_marks({10: marks, 17: {"agree": fill()}})
    reading = read(noisy(grey, 3))
    assert isinstance(reading, PageReading)
    said = answers(reading)
    assert said.pop(10) == trouble
    assert said.pop(17) == "agree"
    assert set(said.values()) == {"blank"}
    (picture,) = (row.picture for row in reading.rows if row.picture)
    shown = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    row = layout_of_form().pages[0].rows[1].box
    assert shown.shape == pytest.approx(((row.height + 4) * 8, (row.width + 4) * 8), abs=2)


def test_what_an_eraser_leaves_is_no_mark() -> None:
    grey = with_marks({10: {"agree": shade(0.08)}, 17: {"agree": shade(0.08), "pass": fill(110)}})
    said = answers(read(noisy(grey, 3)))
    assert (said[10], said[17]) == ("blank", "pass")


def relative_to_the_row(grey: Grey, statement: int) -> str:
    """The known-bad way: the darkest bubble of a row is the mark."""
    light = {}
    for answer in ("agree", "disagree", "pass"):
        bubble = bubble_of(statement, answer)
        x, y, half = round(bubble.x * MM), round(bubble.y * MM), round(2 * MM)
        light[answer] = grey[y - half : y + half, x - half : x + half].mean()
    return min(light, key=light.__getitem__)


def test_a_blank_row_in_the_shadow_stays_blank_where_a_relative_rule_reads_a_mark() -> None:
    grey = noisy(shadowed(marked()), 3)
    meant = turns()
    assert answers(read(grey)) == meant
    wrong = {row for row, said in meant.items() if relative_to_the_row(grey, row) != said}
    assert {row for row, said in meant.items() if said == "blank"} <= wrong


def test_a_picture_without_greys_says_nothing_of_rows_that_look_blank() -> None:
    grey = np.where(marked(fill(60)) > 150, np.uint8(255), np.uint8(0))
    assert answers(read(grey)) == {
        row: "no_greys" if said == "blank" else said for row, said in turns().items()
    }
    specked = grey.copy()
    at = np.random.default_rng(3).integers(0, (len(grey), grey.shape[1]), (9_000, 2))
    specked[at[:, 0], at[:, 1]] = 120
    assert answers(read(specked)) == answers(read(grey))
    light = np.where(marked(cross(180)) > 150, np.uint8(255), np.uint8(0))
    assert set(answers(read(light)).values()) == {"no_greys"}


def test_whether_something_is_written_in_the_room_for_an_own_statement() -> None:
    page = layout_of_form().pages[0]
    assert page.own
    empty = read(noisy(marked(), 3))
    grey = marked()
    x, y = page.own.x + 10, page.own.y + 5
    for letter in range(4):
        at = x + 4 * letter
        line(grey, [(at, y), (at + 1, y - 3), (at + 2, y), (at + 3, y - 2)], 0.4)
    written = read(noisy(grey, 3))
    assert isinstance(empty, PageReading)
    assert isinstance(written, PageReading)
    assert empty.own
    assert written.own
    assert (empty.own.written, empty.own.picture) == (False, None)
    assert written.own.written
    assert (written.own.picture or b"").startswith(b"\x89PNG")


def test_a_picture_is_read_the_same_twice_and_left_as_it_was() -> None:
    grey = noisy(marked(), 3)
    before = grey.copy()
    first = read(grey, every_picture=True)
    assert first == read(grey, every_picture=True)
    assert (grey == before).all()
    assert isinstance(first, PageReading)
    assert all(row.picture for row in first.rows)
    assert str(first.code).startswith("MG1:12-3:1:EN:" + FORM.mark)


def test_certainty_falls_towards_a_threshold() -> None:
    sure, less = read(marked(fill())), read(marked(cross(size=0.5)))
    assert isinstance(sure, PageReading)
    assert isinstance(less, PageReading)
    assert 0 < less.rows[0].certainty < sure.rows[0].certainty <= 1


def test_a_form_that_nobody_marked_is_blank() -> None:
    assert set(answers(read(printed()[0])).values()) == {"blank"}
