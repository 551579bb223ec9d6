"""What light, coffee, copiers and cameras do to the picture of a page, in shades of grey."""

from __future__ import annotations

import cv2
import numpy as np

Grey = np.ndarray
Random = np.random.Generator
_COARSE = 3  # light is simulated in squares of so many pixels


def shadowed(grey: Grey, random: Random, *, darkest: float = 0.45) -> Grey:
    """Light from one side, and a shadow with a soft or a sharp edge, as of a telephone."""
    high, wide = (side // _COARSE for side in grey.shape)
    down, across = np.mgrid[:high, :wide].astype(np.float32)
    down, across = down / high, across / wide
    angle = random.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * across + np.sin(angle) * down) * random.uniform(0.1, 0.35)
    angle, at = random.uniform(0, 2 * np.pi), random.uniform(0.2, 0.8)
    behind = np.cos(angle) * (across - at) + np.sin(angle) * (down - at)
    soft = 10 ** random.uniform(-3.5, -1.2)
    edge = 1 / (1 + np.exp(-np.clip(behind / soft, -30, 30)))
    light = (1 - slope + slope.min()) * (1 - edge * random.uniform(0.1, 1 - darkest))
    return _lit(grey, light)


def noisy(grey: Grey, sigma: float) -> Grey:
    noise = np.empty(grey.shape, np.int16)
    cv2.randn(noise, 0, sigma)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def dim(grey: Grey, random: Random) -> Grey:
    """Little light, much noise, some smoothing by the camera."""
    dark = _clipped(grey * random.uniform(0.22, 0.45) + random.uniform(2, 12))
    seen = noisy(dark, random.uniform(4, 9))
    return cv2.GaussianBlur(seen, (0, 0), random.uniform(0.5, 1.0))


def blurred(grey: Grey, random: Random) -> Grey:
    """Out of focus, or a hand that moved."""
    if random.random() < 0.5:
        return cv2.GaussianBlur(grey, (0, 0), random.uniform(1.2, 2.6))
    length = int(random.integers(4, 10))
    kernel = np.zeros((length, length), np.float32)
    angle = random.uniform(0, np.pi)
    along = np.linspace(-1, 1, 4 * length) * (length - 1) / 2
    down = np.rint((length - 1) / 2 + along * np.sin(angle)).astype(int)
    across = np.rint((length - 1) / 2 + along * np.cos(angle)).astype(int)
    kernel[down, across] = 1
    return cv2.filter2D(grey, -1, kernel / kernel.sum())


def softened(grey: Grey, random: Random) -> Grey:
    return cv2.GaussianBlur(grey, (0, 0), random.uniform(0.5, 1.3))


def copied(grey: Grey, random: Random) -> Grey:
    """A photocopy: hard contrast, specks, here and there a line."""
    middle, steep = random.uniform(105, 165), random.uniform(14, 32)
    out = _clipped(255 / (1 + np.exp(-(grey.astype(np.float32) - middle) / steep)))
    for _ in range(random.integers(150, 700)):
        at = tuple(int(random.integers(0, side)) for side in out.shape[::-1])
        cv2.circle(out, at, int(random.integers(1, 4)), int(random.integers(0, 120)), -1)
    if random.random() < 0.3:
        across = int(random.integers(0, out.shape[1]))
        cv2.line(out, (across, 0), (across, out.shape[0]), 150, 2)
    return out


def stained(grey: Grey, random: Random) -> Grey:
    """Coffee near a corner, a tint with a darker rim; sometimes a corner is covered."""
    high, wide = grey.shape
    high, wide = high // _COARSE, wide // _COARSE
    corner = np.array(((0.06, 0.05), (0.94, 0.05), (0.94, 0.85), (0.06, 0.85)))[random.integers(4)]
    middle = corner * np.array((wide, high)) + random.normal(0, 60 / _COARSE, 2)
    size = random.uniform(200, 420) / _COARSE
    down, across = np.mgrid[:high, :wide].astype(np.float32)
    down, across = down - middle[1], across - middle[0]
    uneven = size * (1 + 0.06 * np.sin(3 * np.arctan2(down, across) + 1))
    away = np.hypot(across, down) / uneven - 1
    tint = random.uniform(0.15, 0.4) / (1 + np.exp(np.clip(away, -1, 1) * 60))
    rim = random.uniform(0.15, 0.4) * np.exp(-((away / 0.03) ** 2))
    out = _lit(grey, 1 - np.maximum(tint, rim))
    over_the_code = corner[0] > 0.5 and corner[1] < 0.5
    if random.random() < 0.4 and not over_the_code:
        at = np.rint((corner > 0.5) * np.array((wide, high * 0.87)) * _COARSE).astype(int)
        reach = int(size * _COARSE * 0.8)
        cv2.circle(out, (int(at[0]), int(at[1])), reach, int(random.integers(60, 180)), -1)
    return out


def faxed(grey: Grey, random: Random) -> Grey:
    """Black or white only."""
    rough = noisy(grey, random.uniform(3, 12))
    return (rough > random.uniform(110, 170)).astype(np.uint8) * 255


def printed(grey: Grey, random: Random) -> Grey:
    """As a printer prints: black that is not quite, paper that is not white, ink that spreads."""
    spread = cv2.GaussianBlur(grey, (0, 0), random.uniform(0.6, 1.3)).astype(np.float32)
    level = random.uniform(20, 55) + spread / 255 * random.uniform(165, 195)
    fibre = random.normal(0, 2, (grey.shape[0] // 6, grey.shape[1] // 6))
    return _clipped(level + cv2.resize(fibre, grey.shape[::-1]))


def sharpened(grey: Grey) -> Grey:
    """As telephones do to every picture."""
    soft = cv2.GaussianBlur(grey, (0, 0), 1.5)
    return cv2.addWeighted(grey, 1.6, soft, -0.6, 0)


def _lit(grey: Grey, light: np.ndarray) -> Grey:
    """``light``: a share for each place, more coarsely."""
    share = cv2.resize(light.astype(np.float32), grey.shape[::-1])
    return cv2.multiply(grey, share, dtype=cv2.CV_8U)


def _clipped(values: np.ndarray) -> Grey:
    return np.clip(values, 0, 255).astype(np.uint8)
