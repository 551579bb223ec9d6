"""Where a scanner or a camera sees each place of a page, also if the paper is not flat."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from .pens import SCALE

Grey = np.ndarray
Random = np.random.Generator
# Places on the page, x and y in mm, to the mm by which each is moved.
Bend = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

_CORNERS = np.array(((0, 0), (1, 0), (1, 1), (0, 1)))
_STEP = 8  # pixels of the picture between places that are asked for; the rest lies between


def flat(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros_like(x), np.zeros_like(y)


def curled(grey: Grey, random: Random) -> Bend:
    """A page that rises by 1 to 3 mm between its edges, along one side or askew."""
    width, height = np.array(grey.shape[::-1]) / SCALE
    high, askew = random.uniform(1, 3) * random.choice((-1, 1)), random.uniform(-0.3, 0.3)
    upright = random.random() < 0.5

    def moved(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        along = (x / width + askew * (y / height - 0.5)) if upright else y / height
        by = high * np.sin(np.pi * np.clip(along, 0, 1))
        return (0.25 * by, by) if upright else (by, 0.4 * by)

    return moved


def folded(grey: Grey, random: Random) -> Bend:
    """One to three creases across the page; what lies near each is moved, up or down, by mm."""
    height = grey.shape[0] / SCALE
    creases = [
        (random.uniform(0.2, 0.8) * height, random.normal(0, 0.4), random.normal(0, 0.6))
        for _ in range(random.integers(1, 4))
    ]

    def moved(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        by_x, by_y = np.zeros_like(x), np.zeros_like(y)
        for at, sideways, along in creases:
            near = np.exp(-np.abs(y - at) / 25) * np.tanh((y - at) / 3)
            by_x, by_y = by_x + sideways * near, by_y + along * near
        return by_x, by_y

    return moved


def photographed(
    grey: Grey, random: Random, *, tilt: float = 0.12, turn: float = 12, bend: Bend = flat
) -> Grey:
    """On a table, with 5 megapixels. ``tilt``: share by which corners are out of square."""
    high, wide = 2_600, 1_950
    size = np.array(grey.shape[::-1]) / SCALE
    fill = random.uniform(0.8, 0.94) * min(wide / size[0], high / size[1])
    angle = np.radians(random.uniform(-turn, turn))
    rotation = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
    corners = (_CORNERS - 0.5) * size * fill @ rotation * (1 - random.uniform(0, tilt, (4, 2)))
    reach = np.abs(corners).max(axis=0) / (np.array((wide, high)) / 2 * 0.98)
    corners = corners / max(1, reach.max()) + np.array((wide / 2, high / 2))
    back = cv2.getPerspectiveTransform(
        corners.astype(np.float32), (_CORNERS * size).astype(np.float32)
    )
    return _seen(grey, back, (wide, high), bend, random.uniform(30, 190))


def scanned(grey: Grey, random: Random, *, quarter: int = 0) -> Grey:
    """On a scanner's glass, 150 to 300 dots an inch, a little askew, not quite its size.

    ``quarter``: how many quarter turns it lies from upright.
    """
    upright = np.rot90(grey, quarter)
    dots = random.choice((150, 200, 240, 300)) / 25.4
    size = np.array(upright.shape[::-1]) / SCALE
    middle = (float(size[0] / 2), float(size[1] / 2))
    turned = np.vstack((cv2.getRotationMatrix2D(middle, random.uniform(-1.5, 1.5), 1), (0, 0, 1)))
    stretch = np.diag((*(dots * random.uniform(0.98, 1.02, 2)), 1))
    wide, high = (int(side) for side in np.rint(size * dots))
    back = np.linalg.inv(stretch @ turned)
    return _seen(upright, back, (wide, high), flat, random.uniform(235, 255))


def _seen(grey: Grey, back: np.ndarray, size: tuple[int, int], bend: Bend, table: float) -> Grey:
    """The picture of ``size``; ``back`` maps its pixels to mm on the page."""
    wide, high = size
    across, down = np.meshgrid(np.arange(0, wide + _STEP, _STEP), np.arange(0, high + _STEP, _STEP))
    points = np.stack((across, down), axis=-1).astype(np.float64)
    on_page = cv2.perspectiveTransform(points, back)
    x, y = on_page[..., 0], on_page[..., 1]
    by_x, by_y = bend(x, y)
    maps = [
        # A resized array's first value stands half a step in, so the picture is cut there.
        cv2.resize((each * SCALE).astype(np.float32), None, fx=_STEP, fy=_STEP)[
            _STEP // 2 : _STEP // 2 + high, _STEP // 2 : _STEP // 2 + wide
        ]
        for each in (x + by_x, y + by_y)
    ]
    zoom = np.sqrt(abs(np.linalg.det(back[:2, :2]))) * SCALE
    soft = cv2.GaussianBlur(grey, (0, 0), max(0.3, zoom * 0.4)) if zoom > 1 else grey
    return cv2.remap(
        soft, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=table
    )
