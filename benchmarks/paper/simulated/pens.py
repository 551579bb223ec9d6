"""Pens, pencils and erasers on a picture of a page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

SCALE = 10  # pixels for a mm
_FINE = 4  # bits after the point in OpenCV's coordinates


@dataclass(frozen=True, slots=True)
class Pen:
    """``width`` in mm; ``darkest`` and ``lightest`` are shades of grey on white paper."""

    width: float
    darkest: int
    lightest: int
    grain: float  # share of a stroke's shade that differs from place to place


PENS = {
    "pencil": Pen(0.6, 60, 120, 0.35),
    "black ballpoint": Pen(0.4, 25, 60, 0.15),
    "blue ballpoint": Pen(0.4, 50, 95, 0.15),
    "red ballpoint": Pen(0.45, 75, 110, 0.12),
    "felt pen": Pen(1.1, 20, 60, 0.05),
}


class Sheet:
    """A page that can be marked. ``grey`` is the picture."""

    def __init__(self, grey: np.ndarray) -> None:
        self.grey = grey.copy()

    def stroke(self, points: np.ndarray, pen: Pen, random: np.random.Generator) -> None:
        """Lines from point to point, in mm; the pen presses as its owner does today."""
        low = np.floor((points.min(axis=0) - 2) * SCALE).astype(int).clip(0)
        high = np.ceil((points.max(axis=0) + 2) * SCALE).astype(int)
        part = self.grey[low[1] : high[1], low[0] : high[0]]
        if not part.size:
            return
        drawn = np.zeros(part.shape, np.uint8)
        at = np.rint((points * SCALE - low) * 2**_FINE).astype(np.int32)
        thick = max(1, round(pen.width * SCALE * random.uniform(0.85, 1.2)))
        cv2.polylines(drawn, [at.reshape(-1, 1, 2)], False, 255, thick, cv2.LINE_AA, _FINE)
        shade = random.uniform(pen.darkest, pen.lightest) / 255
        self._darken(part, drawn / 255 * (1 - shade), pen.grain, random)

    def rubbed(self, x: float, y: float, radius: float, random: np.random.Generator) -> None:
        """What an eraser leaves of a filled bubble: a grey veil, and traces of strokes."""
        half = round(radius * 1.3 * SCALE)
        row, column = round(y * SCALE), round(x * SCALE)
        part = self.grey[row - half : row + half, column - half : column + half]
        down, across = np.mgrid[: part.shape[0], : part.shape[1]] - half
        veil = np.clip(1.2 - np.hypot(down, across) / (radius * SCALE), 0, 1)
        self._darken(part, veil * random.uniform(0.03, 0.16), 0.6, random)

    def _darken(
        self, part: np.ndarray, share: np.ndarray, grain: float, random: np.random.Generator
    ) -> None:
        noise = random.normal(0, 1, [-(-side // 2) for side in part.shape]).astype(np.float32)
        rough = cv2.resize(noise, part.shape[::-1])
        uneven = share * np.clip(1 - grain * np.abs(rough), 0, 1)
        part[:] = np.minimum(part, np.rint(part * (1 - uneven)))
