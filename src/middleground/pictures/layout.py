"""Layout of the opinion map: the plane on the sheet, and labels that do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """The area of the intersection."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def outside(self, sheet: Box) -> float:
        """The area outside ``sheet``."""
        area = (self.right - self.left) * (self.bottom - self.top)
        return area - self.overlap(sheet)

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def grown(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def box_at(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def edge_towards(box: Box, x: float, y: float) -> tuple[float, float]:
    """Where the line from the centre of ``box`` to (x, y) leaves it; (x, y) if it does not."""
    middle_x, middle_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    dx, dy = x - middle_x, y - middle_y
    reach = min(
        (box.right - middle_x) / abs(dx) if dx else 1.0,
        (box.bottom - middle_y) / abs(dy) if dy else 1.0,
        1.0,
    )
    return middle_x + reach * dx, middle_y + reach * dy


@dataclass(frozen=True, slots=True)
class PlotArea:
    """Maps model coordinates to sheet coordinates: one scale for both axes, y upwards."""

    scale: float
    x0: float
    y0: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.x0 + self.scale * x, self.y0 - self.scale * y


def place(
    x: float, y: float, width: float, height: float, taken: Sequence[Box], sheet: Box
) -> tuple[float, float]:
    """The centre of a label near (x, y) that is on the sheet and covers no taken box.

    Candidates lie on rings around the point; the one that overlaps least wins, then the nearest.
    """
    best, best_cost = (x, y), float("inf")
    others, half_width, half_height = [_edges(box) for box in taken], width / 2, height / 2
    on_sheet = [_edges(sheet)]
    for ring in range(13):
        if best_cost <= ring * 2:  # no place this far away can cost less
            break
        for turn_x, turn_y in _TURNS if ring else _TURNS[:1]:
            at_x, at_y = x + ring * 14 * turn_x, y + ring * 12 * turn_y
            left, top, right, bottom = (
                at_x - half_width, at_y - half_height, at_x + half_width, at_y + half_height
            )  # fmt: skip
            area = (right - left) * (bottom - top)
            outside = 4 * (area - _overlap(left, top, right, bottom, on_sheet))
            if outside + ring * 2 >= best_cost:
                continue
            covered = _overlap(left - 2, top - 2, right + 2, bottom + 2, others)
            cost = covered + outside + ring * 2
            if cost < best_cost:
                best, best_cost = (at_x, at_y), cost
    return best


_Edges = tuple[float, float, float, float]


def _edges(box: Box) -> _Edges:
    return box.left, box.top, box.right, box.bottom


def _overlap(
    left: float, top: float, right: float, bottom: float, others: Iterable[_Edges]
) -> float:
    """The sum of ``Box.overlap``, without boxes, of which ``place`` would make hundreds."""
    area = 0.0
    for its_left, its_top, its_right, its_bottom in others:
        if its_left < right and left < its_right and its_top < bottom and top < its_bottom:
            wide = min(right, its_right) - max(left, its_left)
            high = min(bottom, its_bottom) - max(top, its_top)
            area += wide * high
    return area


# Sixteen directions from a point, the first one downwards on the sheet.
_TURNS = [(cos(turn), sin(turn)) for turn in (2 * pi * step / 16 + pi / 2 for step in range(16))]
