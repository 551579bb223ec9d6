"""The ways by which a marked page reaches the computer. Each gives the bytes of an image file."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from .seeing import curled, folded, photographed, scanned
from .spoiling import (
    blurred,
    copied,
    dim,
    faxed,
    noisy,
    printed,
    shadowed,
    sharpened,
    softened,
    stained,
)

Grey = np.ndarray
Random = np.random.Generator


def scan(grey: Grey, random: Random) -> bytes:
    return _jpeg(noisy(scanned(grey, random), random.uniform(1, 4)), random)


def scan_turned(grey: Grey, random: Random) -> bytes:
    turned = scanned(grey, random, quarter=int(random.integers(1, 4)))
    return _png(noisy(turned, random.uniform(1, 3)))


def photocopy(grey: Grey, random: Random) -> bytes:
    return _jpeg(scanned(copied(grey, random), random), random)


def fax(grey: Grey, random: Random) -> bytes:
    return _png(faxed(scanned(grey, random), random))


def coffee(grey: Grey, random: Random) -> bytes:
    return _jpeg(noisy(scanned(stained(grey, random), random), random.uniform(1, 4)), random)


def photograph(grey: Grey, random: Random) -> bytes:
    return _jpeg(noisy(photographed(grey, random), random.uniform(2, 5)), random)


def low_angle(grey: Grey, random: Random) -> bytes:
    """Turned any way, too."""
    seen = photographed(grey, random, tilt=0.32, turn=180)
    return _jpeg(noisy(seen, random.uniform(2, 5)), random)


def shadow(grey: Grey, random: Random) -> bytes:
    seen = shadowed(photographed(grey, random), random)
    return _jpeg(noisy(seen, random.uniform(2, 5)), random)


def low_light(grey: Grey, random: Random) -> bytes:
    return _jpeg(dim(photographed(grey, random), random), random)


def blur(grey: Grey, random: Random) -> bytes:
    seen = blurred(photographed(grey, random), random)
    return _jpeg(noisy(seen, random.uniform(1, 3)), random)


def folds(grey: Grey, random: Random) -> bytes:
    seen = photographed(grey, random, bend=folded(grey, random))
    return _jpeg(noisy(shadowed(seen, random, darkest=0.75), 3), random)


def curl(grey: Grey, random: Random) -> bytes:
    seen = photographed(grey, random, bend=curled(grey, random))
    return _jpeg(noisy(shadowed(seen, random, darkest=0.7), 3), random)


def printed_and_photographed(grey: Grey, random: Random) -> bytes:
    """All that a printer and a telephone do, together and mildly."""
    bend = (curled if random.random() < 0.5 else folded)(grey, random)
    seen = photographed(printed(grey, random), random, tilt=0.15, turn=25, bend=bend)
    seen = shadowed(seen, random, darkest=0.6)
    if random.random() < 0.5:
        seen = softened(seen, random)
    return _jpeg(sharpened(noisy(seen, random.uniform(2, 7))), random, lowest=55)


def _jpeg(grey: Grey, random: Random, lowest: int = 68) -> bytes:
    quality = int(random.integers(lowest, 92))
    return cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes()


def _png(grey: Grey) -> bytes:
    return cv2.imencode(".png", grey)[1].tobytes()


WAYS: dict[str, Callable[[Grey, Random], bytes]] = {
    "scanned": scan,
    "scanned upside down or sideways": scan_turned,
    "photocopied": photocopy,
    "faxed": fax,
    "coffee, or a corner covered": coffee,
    "photographed": photograph,
    "from a low angle": low_angle,
    "in a shadow": shadow,
    "in low light": low_light,
    "out of focus, or moved": blur,
    "folded": folds,
    "curled": curl,
    "printed and photographed": printed_and_photographed,
}
