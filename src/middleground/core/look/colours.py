"""Colours as numbers: contrast by WCAG, and distance and lightness as people see them.

Colours are "#rrggbb". Contrast and relative luminance are those of WCAG 2.2 ("relative luminance",
"contrast ratio"), https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. OKLab is Björn Ottosson's, "A
perceptual color space for image processing" (2020), which is in the public domain.
"""

from __future__ import annotations

import math
import re

Channels = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def read_colour(text: str) -> str | None:
    """ "#rrggbb" of what somebody typed, such as "#ABC" or "aabbcc"; None if it is no colour."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def channels(colour: str) -> Channels:
    """Red, green and blue, from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def hex_of(parts: Channels) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 for black to 1 for white."""
    red, green, blue = map(_linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brightened(colour: str, factor: float) -> str:
    """As the style sheet's ``filter: brightness(…)`` shows it."""
    red, green, blue = channels(colour)
    return hex_of((red * factor, green * factor, blue * factor))


def mixed(colour: str, ground: str, share: float) -> str:
    """The ground with this share of the colour in it."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    red, green, blue = (share * part + (1 - share) * under for part, under in pairs)
    return hex_of((red, green, blue))


def distance(one: str, other: str) -> float:
    """How different two colours look: the distance in OKLab, 1 between black and white."""
    return math.dist(_oklab(one), _oklab(other))


def lightness(colour: str) -> float:
    """The lightness in OKLab, from 0 to 1."""
    return _oklab(colour)[0]


def at_lightness(colour: str, wanted: float) -> str:
    """The colour of the same hue at this lightness, as colourful as a screen can show it."""
    _, a, b = _oklab(colour)
    low, high = 0.0, 1.0
    if _fits(_from_oklab((wanted, a, b))):
        low = 1.0
    else:
        for _ in range(20):
            middle = (low + high) / 2
            fits = _fits(_from_oklab((wanted, a * middle, b * middle)))
            low, high = (middle, high) if fits else (low, middle)
    return hex_of(_from_oklab((wanted, a * low, b * low)))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    bent = abs(part) ** (1 / 2.4)
    return 12.92 * part if part <= 0.0031308 else 1.055 * bent - 0.055


def _fits(parts: Channels) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in parts)


def _oklab(colour: str) -> Channels:
    red, green, blue = map(_linear, channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: Channels) -> Channels:
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
