"""Find the squares in the corners of a page."""

from __future__ import annotations

from collections import defaultdict

import cv2
import numpy as np

from middleground.paper.reading.arrays import Grey, Points

_LONG_SIDE = 1_700  # pixels; more finds nothing more and takes longer

Candidates = dict[int, list[Points]]


def find_markers(grey: Grey) -> Candidates:
    """Number of a marker → what may be it, each 4 × 2 pixels from its own upper left corner on.

    Text looks like a marker now and then, so a number can have more than one candidate.
    """
    scale = min(1.0, _LONG_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    corners, numbers, _ = _detector(min(small.shape)).detectMarkers(small)
    found: defaultdict[int, list[Points]] = defaultdict(list)
    if numbers is not None:
        for number, square in zip(numbers.ravel(), corners, strict=True):
            # The middle of a pixel stays the middle when a picture is made smaller.
            found[int(number)].append((square.reshape(4, 2).astype(np.float64) + 0.5) / scale - 0.5)
    return dict(found)


def _detector(side: int) -> cv2.aruco.ArucoDetector:
    how = cv2.aruco.DetectorParameters()
    how.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    how.adaptiveThreshWinSizeMin = 5
    how.adaptiveThreshWinSizeMax = max(25, side // 20)
    how.adaptiveThreshWinSizeStep = max(10, side // 60)
    how.minMarkerPerimeterRate = 0.02
    how.maxMarkerPerimeterRate = 0.6
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return cv2.aruco.ArucoDetector(dictionary, how)
