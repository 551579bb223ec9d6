"""Whether something is written in the room for an own statement."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from middleground.paper.layout import Area
from middleground.paper.reading.finding.straight import SCALE, StraightPage

_WRITTEN = 0.002  # share of the room; a short word covers more
_STROKE = 0.3  # ink
_INSET = 1.5  # mm; the room's own frame is not writing
_LINE = 12  # mm; what is straight for so long is printed


@dataclass(frozen=True, slots=True)
class OwnWords:
    """``ink`` is the share of the room that strokes cover; ``picture`` a PNG file of it."""

    written: bool
    ink: float
    picture: bytes | None


def read_own_words(straight: StraightPage, room: Area) -> OwnWords:
    """Printed lines are taken away before ink is counted."""
    strokes = (straight.ink[straight.cut(room, -_INSET)] > _STROKE).astype(np.uint8)
    strokes = np.asarray(cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)))
    across, down = np.ones((1, _LINE * SCALE), np.uint8), np.ones((_LINE * SCALE, 1), np.uint8)
    for line in (across, down):
        printed = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, line)
        strokes = strokes * (cv2.dilate(printed, np.ones((7, 7), np.uint8)) == 0)
    share = float(strokes.mean()) if strokes.size else 0.0
    written = share > _WRITTEN
    return OwnWords(written, share, straight.picture(room) if written else None)
