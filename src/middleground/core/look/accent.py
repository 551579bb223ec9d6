"""From one chosen colour the accents of the light and the dark theme, and their style sheet.

A theme takes the colour as it is if links, buttons and other parts can be read with it, also under
the pointer; otherwise the nearest colour of the same hue that can.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from middleground.core.look.colours import (
    at_lightness,
    brightened,
    contrast,
    lightness,
    mixed,
)

TEXT_CONTRAST, PART_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
BUILT_IN = "#4a4a8f"  # stands for the accents of the style sheet
HOVER = 1.08  # of buttons under the pointer: ``filter: brightness`` in 20-components.css
_HALVINGS = 10  # of the distance in lightness


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of the style sheet (10-base.css) that an accent meets; a test compares them."""

    name: str
    colours: Mapping[str, str]
    built_in: tuple[str, str, str]  # accent, the ink on it, and the soft ground
    inks: tuple[str, str]  # of a button's words; the one that reads better is taken
    tint: float  # how much of the accent is in a soft ground

    @property
    def grounds(self) -> tuple[str, ...]:
        """On which links and quiet buttons stand."""
        names = ("paper", "sheet", "sunken", "agree-soft", "disagree-soft", "warn-soft")
        return tuple(self.colours[name] for name in names)


LIGHT = Theme(
    "light",
    {
        "paper": "#faf7f0", "sheet": "#fffdf8", "sunken": "#f1ece1", "ink": "#23211d",
        "ink-soft": "#5b564c", "line": "#d8d0bf", "line-strong": "#8d8574",
        "agree-soft": "#e2eef8", "disagree-soft": "#fbeadb", "warn-soft": "#fbf0cf",
    },
    (BUILT_IN, "#ffffff", "#ecebf5"),
    ("#ffffff", "#1a1a1a"),
    0.1,
)  # fmt: skip
DARK = Theme(
    "dark",
    {
        "paper": "#191816", "sheet": "#22211e", "sunken": "#141311", "ink": "#ece7dc",
        "ink-soft": "#b5ad9e", "line": "#3d3a34", "line-strong": "#857d6d",
        "agree-soft": "#1c3145", "disagree-soft": "#402a17", "warn-soft": "#3b3213",
    },
    ("#b3b3f0", "#1a1a38", "#2c2c45"),
    ("#1a1a1a", "#ffffff"),
    0.16,
)  # fmt: skip
THEMES = (LIGHT, DARK)


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent of a theme. ``measured``: the lowest contrast that a text would have."""

    theme: Theme
    colour: str
    ink: str
    soft: str
    measured: float

    @property
    def can_be_read(self) -> bool:
        return self.measured >= TEXT_CONTRAST


@dataclass(frozen=True, slots=True)
class ThemeAccent:
    """``wanted`` is the chosen colour, ``used`` the one that the theme takes."""

    wanted: Accent
    used: Accent

    @property
    def is_as_chosen(self) -> bool:
        return self.wanted.colour == self.used.colour


@lru_cache(maxsize=64)
def accents(chosen: str) -> tuple[ThemeAccent, ...]:
    """The accent of each theme for the chosen colour."""
    return tuple(_for(theme, chosen) for theme in THEMES)


def _for(theme: Theme, chosen: str) -> ThemeAccent:
    if chosen == BUILT_IN:
        built_in = _with(theme, *theme.built_in)
        return ThemeAccent(built_in, built_in)
    wanted = _measured(theme, chosen)
    if wanted.can_be_read:
        return ThemeAccent(wanted, wanted)
    end = 0.0 if theme is LIGHT else 1.0  # black and white can be read
    near, used = lightness(chosen), _measured(theme, at_lightness(chosen, end))
    far = end
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        found = _measured(theme, at_lightness(chosen, middle))
        if found.can_be_read:
            far, used = middle, found
        else:
            near = middle
    return ThemeAccent(wanted, used)


def _measured(theme: Theme, colour: str) -> Accent:
    soft = mixed(colour, theme.colours["sheet"], theme.tint)
    ink = max(theme.inks, key=lambda each: contrast(colour, each))
    return _with(theme, colour, ink, soft)


def _with(theme: Theme, colour: str, ink: str, soft: str) -> Accent:
    under_pointer = brightened(colour, HOVER)
    ratios = [
        contrast(text, ground) for text in (colour, under_pointer) for ground in theme.grounds
    ]
    ratios += [contrast(colour, soft), contrast(theme.colours["ink"], soft)]
    ratios += [contrast(colour, ink), contrast(under_pointer, brightened(ink, HOVER))]
    return Accent(theme, colour, ink, soft, min(ratios))


def style_sheet(chosen: str) -> str:
    """The few rules that follow the site's style sheet."""
    light, dark = (_rules(each.used) for each in accents(chosen))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def preview_sheet(chosen: str) -> str:
    """Both themes side by side on one page, whatever the reader's own is."""
    return "\n".join(
        f".look-{each.used.theme.name}{{{_ground(each.used.theme)}{_rules(each.used)}}}"
        for each in accents(chosen)
    )


def _rules(accent: Accent) -> str:
    """The focus ring is the accent, too: it stands on the same grounds."""
    values = {
        "accent": accent.colour,
        "accent-ink": accent.ink,
        "accent-soft": accent.soft,
        "focus": accent.colour,
    }
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def _ground(theme: Theme) -> str:
    listed = "".join(f"--{name}:{value};" for name, value in theme.colours.items())
    return f"{listed}color-scheme:{theme.name};background:var(--paper);color:var(--ink);"


_NAME = re.compile(r"(accent|preview)-([0-9a-f]{6})-([0-9a-f]{8})")
_SHEETS = {"accent": style_sheet, "preview": preview_sheet}


def file_name(kind: str, chosen: str) -> str:
    """The file's name without its ending. It tells the colour and the hash of the rules.

    So no file is stored, and one that a browser kept never goes out of date.
    """
    digest = hashlib.sha256(_SHEETS[kind](chosen).encode()).hexdigest()
    return f"{kind}-{chosen[1:]}-{digest[:8]}"


def file_called(name: str) -> str | None:
    """The rules; None if no file has this name."""
    found = _NAME.fullmatch(name)
    if found is None or file_name(found[1], f"#{found[2]}") != name:
        return None
    return _SHEETS[found[1]](f"#{found[2]}")
