"""Take away what light, shadow and stains do to paper, and measure ink on an absolute scale.

The scale has two fixed ends on every page: the paper beside a place is 0, and the black that is
printed in the corner markers is 1. Nothing depends on what else is marked.
"""

from __future__ import annotations

import cv2
import numpy as np

from middleground.paper.reading.arrays import Grey, Measures

# A pixel that is neither black nor white; how many others on either side are not black, how many
# such pixels make a line and no speck; and the share of them on a page.
_GREYS, _LONE, _RUN, _SOME = (60, 200), 3, 24, 0.0005
_TWO = 0.85  # share of pixels that have one of two shades where a machine chose between the two
_COARSE = 4  # the light is looked at in squares of so many pixels; the edge of a shadow is sharp
# Widest dark thing, as a share of the picture's longer side, that is not taken for a shadow.
_WIDEST = 1 / 22


def evened(grey: Grey) -> Grey:
    """The picture as if the light were the same everywhere: paper is 255."""
    share = grey / np.maximum(paper(grey), 1)
    return np.asarray(np.clip(share * 255, 0, 255), np.uint8)


def sharpest(grey: Grey) -> float:
    """How steep the picture's edges are: 1 is from paper to black within a pixel."""
    even = cv2.GaussianBlur(evened(grey), (0, 0), 1).astype(np.float32) / 255
    across, down = (cv2.Sobel(even, cv2.CV_32F, *step, scale=1 / 8) for step in ((1, 0), (0, 1)))
    return float(np.percentile(np.hypot(across, down), 99.5))


def shows_greys(grey: Grey) -> bool:
    """Whether a straight page has shades of grey, such as fine lines, apart from edges and specks.

    Fax machines and some scanners make black or white of everything, and of a light stroke of a
    pencil often white.
    """
    shades = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()
    if np.sort(shades)[-2:].sum() < _TWO * grey.size:
        return True
    side = 2 * _LONE + 1
    darkest_near = cv2.erode(grey, np.ones((side, side), np.uint8))
    lone = (darkest_near > _GREYS[0]) & (grey < _GREYS[1])
    lines = cv2.morphologyEx(lone.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, _RUN), np.uint8))
    return bool(lines.mean() > _SOME)


def paper(grey: Grey) -> Measures:
    """How bright the paper is at each pixel, 0 to 255: ink is bridged, shadows and stains stay."""
    height, width = grey.shape
    small = cv2.resize(
        cv2.medianBlur(grey, 3),
        (max(1, width // _COARSE), max(1, height // _COARSE)),
        interpolation=cv2.INTER_AREA,
    )
    size = max(3, round(max(small.shape) * _WIDEST)) | 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, disk, borderType=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(closed.astype(np.float32), (0, 0), 1)
    return np.asarray(cv2.resize(smooth, (width, height)), np.float32)


def ink(share: Measures, black: float) -> Measures:
    """Share of ink at each pixel: 0 for bare paper, 1 for printed black.

    ``share`` is how bright each pixel is as a share of the paper there, and ``black`` the same of
    printed black.
    """
    return np.asarray(np.clip((1 - share) / max(1 - black, 0.01), 0, 1.2), np.float32)
