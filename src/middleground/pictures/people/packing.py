"""Places marks so that none covers another: on a honeycomb, each at the nearest free place."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, hypot, sqrt

from middleground.engine.facts import Mark

# Places across the larger side of the marks. With a hundred marks, the most there are, a map that
# is a tenth as high as it is wide still has room near each mark's own place.
_ACROSS = 24
_ROW = sqrt(3) / 2  # the distance of two rows of a honeycomb, in places

_Cell = tuple[int, int]  # along the row, and the row; every other row begins half a place later


def packed(marks: Sequence[Mark]) -> tuple[float, list[Mark]]:
    """The distance of neighbouring places, and the marks moved to places of their own.

    From the middle outwards, so that marks at the edge make room and none in the middle is pushed
    far. The same marks give the same places in any order.
    """
    if not marks:
        return 1.0, []
    step = _side(marks) / _ACROSS or 1.0
    x = sum(mark.x for mark in marks) / len(marks)
    y = sum(mark.y for mark in marks) / len(marks)
    outwards = sorted(
        marks, key=lambda m: (round(hypot(m.x - x, m.y - y) / step, 6), m.x, m.y, m.group)
    )
    taken: set[_Cell] = set()
    moved = []
    for mark in outwards:
        cell = _nearest_free(mark.x / step, mark.y / step, taken)
        taken.add(cell)
        at_x, at_y = _centre(cell)
        moved.append(Mark(mark.group, at_x * step, at_y * step))
    return step, moved


def _side(marks: Sequence[Mark]) -> float:
    wide = max(mark.x for mark in marks) - min(mark.x for mark in marks)
    return max(wide, max(mark.y for mark in marks) - min(mark.y for mark in marks))


def _centre(cell: _Cell) -> tuple[float, float]:
    along, row = cell
    return along + (row % 2) / 2, row * _ROW


def _nearest_free(x: float, y: float, taken: set[_Cell]) -> _Cell:
    """The free cell nearest to (x, y), in places; of equals the lowest, then the leftmost."""
    row = round(y / _ROW)
    reach, best = 0, None
    while best is None or best[0] > (reach - 0.5) * _ROW:  # a farther row may still be nearer
        reach += 1
        for at_row in range(row - reach, row + reach + 1):
            middle = round(x - (at_row % 2) / 2)
            wide = ceil(reach / _ROW)
            for along in range(middle - wide, middle + wide + 1):
                if (along, at_row) in taken:
                    continue
                at_x, at_y = _centre((along, at_row))
                found = (round(hypot(at_x - x, at_y - y), 6), at_row, along)
                if best is None or found < best:
                    best = found
    return best[2], best[1]
