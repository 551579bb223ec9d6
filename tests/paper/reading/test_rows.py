"""From ink to an answer: one rule for every bubble, whatever the others of its row hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from middleground.paper.reading.marks.bubbles import BubbleInk
from middleground.paper.reading.marks.rows import decide
from paper.reading.marked import layout_of_form

ROW = layout_of_form().pages[0].rows[0]
BLANK = BubbleInk(circle=0.5, inside=0.0, grey=0.01, spread=0.0, depth=0.0, beside=0.0, step=0.0)
MARKED = BubbleInk(circle=0.5, inside=0.6, grey=0.5, spread=4.0, depth=0.6, beside=0.0, step=0.0)
TICK = replace(MARKED, inside=0.11, grey=0.1, spread=3.0)


def said(*bubbles: BubbleInk, has_greys: bool = True) -> str:
    reading = decide(ROW, bubbles, has_greys=has_greys)
    assert not (reading.answer and reading.trouble)
    return reading.trouble or reading.answer or "blank"


@pytest.mark.parametrize(
    ("bubble", "alone"),
    [
        (BLANK, "blank"),
        (MARKED, "agree"),
        (TICK, "agree"),
        (replace(BLANK, inside=0.034, grey=0.09), "blank"),
        (replace(BLANK, inside=0.036), "faint"),
        (replace(BLANK, grey=0.11), "faint"),
        (replace(TICK, inside=0.09), "faint"),
        (replace(TICK, spread=2.3), "faint"),  # a dot
        (replace(MARKED, inside=0.3, spread=2.3), "faint"),  # a large dot
        (replace(TICK, circle=0.25), "faint"),  # may be the circle itself, squeezed by a fold
        (replace(MARKED, inside=0.21, circle=0.25), "agree"),
        (replace(BLANK, circle=0.19), "not_found"),
        (replace(MARKED, circle=0.0), "agree"),  # scribbled over its line
        (replace(BLANK, beside=0.013), "beside"),
        (replace(BLANK, beside=0.011), "blank"),
        (replace(MARKED, beside=0.5), "agree"),
        (replace(MARKED, depth=0.4), "agree"),  # a light pencil
        (replace(MARKED, depth=0.4, beside=0.06), "faint"),  # may be a stain's rim
        (replace(MARKED, step=0.3), "agree"),
        (replace(MARKED, step=0.3, inside=0.3), "faint"),  # may be a shadow's edge
    ],
)
def test_a_bubble_by_itself(bubble: BubbleInk, alone: str) -> None:
    assert said(bubble, BLANK, BLANK) == alone


def test_a_row() -> None:
    dot = replace(MARKED, spread=1.0)
    assert said(BLANK, BLANK, BLANK) == "blank"
    assert said(BLANK, BLANK, MARKED) == "pass"
    assert said(MARKED, BLANK, MARKED) == "two_marks"
    assert said(MARKED, MARKED, MARKED) == "all_marked"
    assert said(MARKED, dot, BLANK) == "second_mark"
    assert said(replace(BLANK, circle=0), MARKED, BLANK) == "not_found"


def test_without_greys_only_marks_are_certain() -> None:
    assert said(BLANK, BLANK, BLANK, has_greys=False) == "no_greys"
    assert said(BLANK, MARKED, BLANK, has_greys=False) == "disagree"
    assert said(MARKED, MARKED, BLANK, has_greys=False) == "two_marks"


def test_the_darkest_bubble_of_a_blank_row_is_no_mark() -> None:
    """What a rule that compares within the row gets wrong: three times as dark as the others."""
    darker = replace(BLANK, inside=0.03, grey=0.09)
    assert said(BLANK, darker, BLANK) == "blank"
    assert said(*[replace(MARKED, inside=0.9)] * 3) == "all_marked"


def test_certainty_is_none_at_a_threshold_and_for_doubtful_rows() -> None:
    assert decide(ROW, (BLANK, BLANK, MARKED)).certainty == pytest.approx(0.9)
    assert decide(ROW, (BLANK, BLANK, replace(TICK, inside=0.1001))).certainty < 0.01
    assert decide(ROW, (BLANK, BLANK, replace(BLANK, inside=0.0349))).certainty < 0.01
    assert decide(ROW, (BLANK, MARKED, MARKED)).certainty == 0
