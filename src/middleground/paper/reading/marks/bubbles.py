"""Find the printed circles of a row, and measure the ink inside and around each.

Paper curls and folds, so a circle lies up to some mm from where flat paper has it. The three of a
row are looked for together: a mark may hide one, and text may look like one, but not like three.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from middleground.paper.layout import Bubble, Page, Row
from middleground.paper.reading.arrays import Measures
from middleground.paper.reading.finding.straight import SCALE, StraightPage

_REACH = 3.0  # mm; less than half the distance of two bubbles, so that none is taken for another
# How far one circle may lie from where its row has it: mm, and mm for each mm to its neighbour.
_OWN_REACH, _OWN_SLOPE = 0.5, 0.03
_LINE = 0.2  # mm on either side of the circle that count as its line
_GAP, _RIM = 0.45, 0.95  # mm outside the circle between which paper should be bare
_BESIDE = 1.9  # mm around the circle that are looked at for marks; further out print begins
_EDGE = 0.8  # mm from the edge of a row, where a line may be printed
_PULL = 0.02  # how much a mm further away must look better
# Ink below the first is paper, residue or blur; above the second it is a stroke.
_TRACE, _STROKE = 0.15, 0.5


@dataclass(frozen=True, slots=True)
class BubbleInk:
    """What is in and around one circle.

    ``circle``: how clearly its line is seen, 1 for black print, about 0 for none. ``inside``:
    share of the circle's inner part that strokes cover. ``grey``: mean ink there, also faint.
    ``spread``: how far the strokes inside reach, in mm; ``depth``: the mean ink of them.
    ``beside``: share of the ground around the circle that strokes cover. ``step``: by which share
    the light changes within the circle, as at the edge of a shadow.
    """

    circle: float
    inside: float
    grey: float
    spread: float
    depth: float
    beside: float
    step: float


@dataclass(frozen=True, slots=True)
class _Bare:
    """How many mm around a bubble's middle nothing is printed but its circle."""

    reach: float
    above: float
    below: float


def measure_row(straight: StraightPage, page: Page, row: Row) -> tuple[BubbleInk, ...]:
    """The three bubbles of a row, in the layout's order."""
    likeness = [_likeness(straight.ink, bubble, page.radius) for bubble in row.bubbles]
    shared = _best(np.sum(likeness, axis=0) / len(likeness), (0, 0), _REACH)
    own_reach = _OWN_REACH + _OWN_SLOPE * _apart(row)
    reach = min(page.radius + _BESIDE, _apart(row) - page.radius - 0.5)
    measured = []
    for bubble, each in zip(row.bubbles, likeness, strict=True):
        x, y = _best(each, shared, own_reach)
        middle = (round(bubble.x * SCALE) + x, round(bubble.y * SCALE) + y)
        circle = float(each[y + _steps(_REACH), x + _steps(_REACH)])
        bare = _Bare(reach, bubble.y - row.box.y, row.box.y + row.box.height - bubble.y)
        measured.append(_measured(straight, middle, page.radius, bare, circle))
    return tuple(measured)


def _likeness(ink: Measures, bubble: Bubble, radius: float) -> Measures:
    """How much each place within ``_REACH`` looks like the middle of a circle; steps are pixels."""
    circle = _circle(radius)
    half = circle.shape[0] // 2 + _steps(_REACH)
    patch = _patch(ink, (round(bubble.x * SCALE), round(bubble.y * SCALE)), half)
    return np.asarray(cv2.matchTemplate(patch, circle, cv2.TM_CCORR), np.float32)


@cache
def _circle(radius: float) -> Measures:
    """Weights that sum to 1 on a black circle on bare paper; what is inside does not matter."""
    away = _distances(_steps(radius + _RIM)) / SCALE
    line = np.abs(away - radius) <= _LINE
    bare = (away >= radius + _GAP) & (away <= radius + _RIM)
    return np.asarray(line / line.sum() - bare / bare.sum(), np.float32)


def _best(likeness: Measures, start: tuple[int, int], reach: float) -> tuple[int, int]:
    """The step x, y within ``reach`` mm of ``start`` that looks best."""
    side = likeness.shape[0] // 2
    y, x = np.mgrid[-side : side + 1, -side : side + 1]
    away = np.hypot(x - start[0], y - start[1]) / SCALE
    score = np.where(away <= reach, likeness - _PULL * away, -np.inf)
    at = int(np.argmax(score))
    return int(x.flat[at]), int(y.flat[at])


def _measured(
    straight: StraightPage,
    middle: tuple[int, int],
    radius: float,
    bare: _Bare,
    circle: float,
) -> BubbleInk:
    half = _steps(bare.reach)
    ink = _patch(straight.ink, middle, half)
    strokes = np.clip((ink - _TRACE) / (_STROKE - _TRACE), 0, 1)
    away = _distances(half) / SCALE
    inner = away <= radius * 0.72
    down = np.arange(-half, half + 1) / SCALE
    in_row = (down > _EDGE - bare.above) & (down < bare.below - _EDGE)
    drawn = (strokes > 0.5) & inner
    light = _patch(straight.light, middle, half)[away <= radius + 0.5]
    outer = (away > radius + 0.8) & (away <= bare.reach) & in_row[:, None]
    return BubbleInk(
        circle,
        float(strokes[inner].mean()),
        float(np.minimum(ink[inner], 1).mean()),
        _spread(drawn),
        _mean(ink[drawn]),
        _mean(strokes[outer]),
        float(1 - light.min() / light.max()),
    )


def _mean(values: Measures) -> float:
    return float(values.mean()) if values.size else 0.0


def _spread(strokes: NDArray[np.bool_]) -> float:
    """The diagonal of a box around all strokes, in mm."""
    rows, columns = np.nonzero(strokes)
    return float(np.hypot(np.ptp(rows), np.ptp(columns))) / SCALE if len(rows) else 0.0


def _apart(row: Row) -> float:
    """How many mm lie between the middles of two bubbles."""
    return min(abs(right.x - left.x) for left, right in pairwise(row.bubbles))


def _patch(ink: Measures, middle: tuple[int, int], half: int) -> Measures:
    """A square around a place; beyond the page it is as at its edge."""
    rows, columns = (np.arange(at - half, at + half + 1) for at in (middle[1], middle[0]))
    height, width = ink.shape
    square = np.ix_(rows.clip(0, height - 1), columns.clip(0, width - 1))
    return np.asarray(ink[square], np.float32)


def _distances(half: int) -> Measures:
    """Pixels from the middle of a square."""
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    return np.asarray(np.hypot(x, y), np.float32)


def _steps(mm: float) -> int:
    return round(mm * SCALE)
