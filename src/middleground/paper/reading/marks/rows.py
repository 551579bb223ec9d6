"""From ink to an answer, by thresholds that are the same for every bubble of every page.

A threshold that looks at what else is marked in the row reads a blank row as marks: some bubble is
always the darkest. Here each bubble is blank, marked or doubtful by itself, and a row with anything
doubtful goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from middleground.paper.layout import Answer, Row
from middleground.paper.reading.trouble import RowTrouble

from .bubbles import BubbleInk

# Shares of the circle's inside that strokes cover: a filled one has .5 or more, a thin tick .15.
_BLANK, _THIN, _MARKED = 0.035, 0.1, 0.2
_REACHES = 2.4  # mm; a dot of a felt pen covers as much as a tick, but reaches less far
_SHADE = 0.10  # mean ink above which nothing is blank, for marks so faint that they are no strokes
_BESIDE = 0.012
# How clearly a circle must be seen to be blank, and not elsewhere; and that a thin mark is no part
# of its line, where a fold has squeezed it.
_CIRCLE, _ROUND = 0.2, 0.3

# Where the light changes by so much within a circle, a shadow's edge may look like a thin mark.
_STEP, _DESPITE_STEP = 0.12, 0.35
# The rim of a stain is lighter than most strokes, and goes on outside.
_LIGHT, _OUTSIDE = 0.45, 0.05

_Level = Literal["blank", "faint", "marked", "not_found"]


@dataclass(frozen=True, slots=True)
class RowReading:
    """What a row says. Without answer and trouble it is blank: no vote.

    ``certainty``: from 0 at a threshold to 1 far from all. ``picture`` is a PNG file of the row.
    """

    statement: int
    answer: Answer | None
    trouble: RowTrouble | None
    certainty: float
    picture: bytes | None = None


def decide(row: Row, bubbles: Sequence[BubbleInk], *, has_greys: bool = True) -> RowReading:
    """The answer that the ink in a row's bubbles gives, or why a person has to look.

    Without greys in the picture a light mark may look blank, so that a person looks at the paper.
    """
    levels = [_level(bubble) for bubble in bubbles]
    trouble = _trouble(levels, bubbles)
    answer: Answer | None = None
    if trouble is None and "marked" in levels:
        answer = row.bubbles[levels.index("marked")].answer
    elif trouble is None and not has_greys:
        trouble = "no_greys"
    certainty = 0.0 if trouble else min(_certainty(bubble) for bubble in bubbles)
    return RowReading(row.statement, answer, trouble, certainty)


def _level(bubble: BubbleInk) -> _Level:
    if bubble.inside >= _least(bubble) and bubble.spread >= _REACHES:
        stain = bubble.depth < _LIGHT and bubble.beside > _OUTSIDE
        return "faint" if stain else "marked"
    if bubble.circle < _CIRCLE:
        return "not_found"
    return "blank" if bubble.inside < _BLANK and bubble.grey < _SHADE else "faint"


def _least(bubble: BubbleInk) -> float:
    """How much of the inside a mark covers at least."""
    if bubble.step > _STEP:
        return _DESPITE_STEP
    return _THIN if bubble.circle >= _ROUND else _MARKED


def _trouble(levels: Sequence[_Level], bubbles: Sequence[BubbleInk]) -> RowTrouble | None:
    marked = levels.count("marked")
    if marked > 1:
        return "all_marked" if marked == len(levels) else "two_marks"
    if "not_found" in levels:
        return "not_found"
    if "faint" in levels:
        return "second_mark" if marked else "faint"
    if not marked and max(bubble.beside for bubble in bubbles) > _BESIDE:
        return "beside"
    return None


def _certainty(bubble: BubbleInk) -> float:
    """How far the ink is from the nearer threshold, as a share of the way to none or plenty."""
    if bubble.inside >= _THIN:
        return min(1.0, (bubble.inside - _THIN) / (2 * _MARKED))
    return min((_BLANK - bubble.inside) / _BLANK, (_SHADE - bubble.grey) / _SHADE)
