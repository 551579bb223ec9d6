"""The usual way to read bubbles, to compare with: what is dark is told within each row.

As in readers for exams (OMRChecker): a row's values are sorted, and the largest gap between them
parts marked from blank. It gets the same page, found and laid flat by the same code.
"""

from __future__ import annotations

import cv2
import numpy as np

from middleground.paper.layout import Page, Row
from middleground.paper.reading.arrays import Grey
from middleground.paper.reading.finding.straight import SCALE


def read_row(grey: Grey, page: Page, row: Row) -> str:
    """An answer, or "unsure" where more than one bubble is darker than the gap."""
    values = [_mean(grey, bubble.x, bubble.y, page.radius) for bubble in row.bubbles]
    ordered = np.sort(values)
    gap = int(np.argmax(np.diff(ordered)))
    marked = [
        bubble.answer
        for bubble, value in zip(row.bubbles, values, strict=True)
        if value <= (ordered[gap] + ordered[gap + 1]) / 2
    ]
    return marked[0] if len(marked) == 1 else "unsure"


def _mean(grey: Grey, x: float, y: float, radius: float) -> float:
    half = round(radius * SCALE)
    column, row = round(x * SCALE), round(y * SCALE)
    part = grey[row - half : row + half + 1, column - half : column + half + 1]
    inside = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, part.shape[::-1])
    return float(part[inside > 0].mean())
