"""Where a page lies in a picture: a projection from mm on the page to pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from middleground.paper.layout import Area, Page
from middleground.paper.reading.arrays import Points, Projection
from middleground.paper.reading.trouble import PageTrouble

from .markers import Candidates

# How far corners may lie from where a flat sheet has them, in mm. Paper that curls needs some.
_MARKERS_OFF = 1.5
# A code is small, so what it says of the rest of the page is rough: as a share of the diagonal.
_ROUGH = 0.2
_CODE_OFF = 5.0
_SMALLEST = 2.4  # pixels for a mm; below, a cross is not told from a dot


@dataclass(frozen=True, slots=True)
class Placement:
    """``projection`` maps mm on the page to pixels of the picture.

    ``markers`` are the numbers of the markers that it was made from, ``off`` how far their corners
    lie from it on average, in mm.
    """

    projection: Projection
    markers: tuple[int, ...]
    off: float


def place(page: Page, code: Points, candidates: Candidates) -> Placement | PageTrouble:
    """Three markers suffice; with two the code's corners are used, too."""
    rough = _projection(_corners(page.code), code)
    near = _near(page, rough, candidates)
    if len(near) < 2:
        return "no_markers"
    best = min(
        (_placed(page, code, choice) for choice in _choices(near)), key=lambda each: each.off
    )
    if len(near) == 4 and best.off > _MARKERS_OFF:  # one may be no marker, or on a corner bent over
        fewer = ({m: near[m] for m in near if m != left_out} for left_out in near)
        best = min(
            (_placed(page, code, choice) for three in fewer for choice in _choices(three)),
            key=lambda each: each.off,
        )
    return _trouble(page, code, best) or best


def mapped(projection: Projection, points: Points) -> Points:
    """n × 2 points on the other side of a projection."""
    there = cv2.perspectiveTransform(points.reshape(-1, 1, 2), projection)
    return np.asarray(there, np.float64).reshape(-1, 2)


def _near(page: Page, rough: Projection, candidates: Candidates) -> Candidates:
    """For each marker of the page the candidates that lie roughly where the code says."""
    tolerance = _ROUGH * float(np.hypot(page.width, page.height))
    back = _back(rough)
    near: Candidates = {}
    for marker in page.markers:
        middle = _corners(marker.box).mean(axis=0)
        there = [
            found
            for found in candidates.get(marker.mark, [])
            if np.linalg.norm(mapped(back, found).mean(axis=0) - middle) < tolerance
        ]
        if there:
            near[marker.mark] = there
    return near


def _choices(near: Candidates) -> Iterator[dict[int, Points]]:
    for squares in product(*near.values()):
        yield dict(zip(near, squares, strict=True))


def _placed(page: Page, code: Points, choice: dict[int, Points]) -> Placement:
    boxes = {marker.mark: marker.box for marker in page.markers}
    on_page = [_corners(boxes[mark]) for mark in choice]
    in_picture = list(choice.values())
    if len(choice) == 2:
        on_page.append(_corners(page.code))
        in_picture.append(code)
    projection = _projection(np.concatenate(on_page), np.concatenate(in_picture))
    off = _distances(projection, np.concatenate(on_page), np.concatenate(in_picture))
    return Placement(projection, tuple(sorted(choice)), float(off.mean()))


def _trouble(page: Page, code: Points, placement: Placement) -> PageTrouble | None:
    code_off = _distances(placement.projection, _corners(page.code), code).max()
    if not placement.off <= _MARKERS_OFF or not code_off <= _CODE_OFF:
        return "not_flat"
    corners = mapped(placement.projection, _corners(Area(0, 0, page.width, page.height)))
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    lengths = np.array((page.width, page.height, page.width, page.height))
    return "too_small" if (sides / lengths).min() < _SMALLEST else None


def _projection(on_page: Points, in_picture: Points) -> Projection:
    found, _ = cv2.findHomography(on_page, in_picture)
    return np.full((3, 3), np.nan) if found is None else np.asarray(found, np.float64)


def _distances(projection: Projection, on_page: Points, in_picture: Points) -> Points:
    """How far each point of the picture lies from its place on the page, in mm."""
    if not np.isfinite(projection).all():
        return np.full(len(on_page), np.inf)
    off = mapped(_back(projection), in_picture) - on_page
    return np.hypot(off[:, 0], off[:, 1])


def _back(projection: Projection) -> Projection:
    return np.asarray(np.linalg.pinv(projection), np.float64)


def _corners(area: Area) -> Points:
    right, bottom = area.x + area.width, area.y + area.height
    return np.array(
        [(area.x, area.y), (right, area.y), (right, bottom), (area.x, bottom)], np.float64
    )
