"""A page laid flat: the picture with the page's edges straight, and the ink on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np

from middleground.paper.layout import Area, CornerMarker, Page
from middleground.paper.reading.arrays import Grey, Measures

from .light import ink, paper, shows_greys
from .placement import Placement

SCALE = 8  # pixels for a mm, 203 dots an inch
_GRAIN = 0.13  # mm; what is finer is noise of the camera, since strokes are wider
_CELLS = 6  # a marker is 4 × 4 squares in a frame of black ones


@dataclass(frozen=True, slots=True)
class StraightPage:
    """All arrays have ``SCALE`` pixels for a mm from the page's upper left corner.

    ``light``: how bright bare paper is at each pixel, 0 to 255.

    ``black`` is how bright printed black is, as a share of the paper beside it: 1 is no contrast.
    ``has_greys``: whether light strokes are there at all, and not made white.
    """

    grey: Grey
    light: Measures
    ink: Measures
    black: float
    has_greys: bool

    def cut(self, area: Area, margin: float = 0) -> tuple[slice, slice]:
        """Rows and columns of the arrays that an area with a margin, in mm, covers."""
        top, left = area.y - margin, area.x - margin
        bottom, right = area.y + area.height + margin, area.x + area.width + margin
        return (
            slice(max(0, round(top * SCALE)), max(0, round(bottom * SCALE))),
            slice(max(0, round(left * SCALE)), max(0, round(right * SCALE))),
        )

    def picture(self, area: Area, margin: float = 2) -> bytes:
        """The area as a PNG file, for the person who decides."""
        _, file = cv2.imencode(".png", self.grey[self.cut(area, margin)])
        return bytes(file)


def straighten(grey: Grey, page: Page, placement: Placement) -> StraightPage:
    """Lay the page flat as far as its corners tell; what curls between them stays."""
    to_mm = np.diag((1 / SCALE, 1 / SCALE, 1.0))
    size = (round(page.width * SCALE), round(page.height * SCALE))
    flat = np.asarray(
        cv2.warpPerspective(
            grey,
            placement.projection @ to_mm,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
    calm = cv2.GaussianBlur(flat, (0, 0), _GRAIN * SCALE)
    light = np.maximum(paper(flat), 1)
    share = np.asarray(calm / light, np.float32)
    black = _printed_black(share, [m for m in page.markers if m.mark in placement.markers])
    return StraightPage(flat, light, ink(share, black), black, shows_greys(flat))


def _printed_black(share: Measures, markers: Collection[CornerMarker]) -> float:
    """How bright the frames of the markers are, as a share of the paper."""
    return float(np.median(np.concatenate([_frame(share, marker.box) for marker in markers])))


def _frame(share: Measures, box: Area) -> Measures:
    """Values along the middle of the frame's four sides."""
    cell = box.width / _CELLS
    near, far = cell / 2, box.width - cell / 2
    along = np.linspace(near, far, 40)
    across = np.concatenate([np.full(40, near), np.full(40, far)])
    x = np.concatenate([along, along, across]) + box.x
    y = np.concatenate([across, along, along]) + box.y
    columns = np.clip(np.rint(x * SCALE), 0, share.shape[1] - 1).astype(int)
    rows = np.clip(np.rint(y * SCALE), 0, share.shape[0] - 1).astype(int)
    return np.asarray(share[rows, columns])
