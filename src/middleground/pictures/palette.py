"""Colours, shapes and textures of all pictures, and their stylesheet.

The hues follow the ideas of Paul Tol's "muted" scheme for colour-blind readers (Tol, "Colour
Schemes", SRON technical note 09-002). Lightness and chroma were then tuned so that every colour has
a contrast of at least 3:1 with its background (WCAG 2.2, 1.4.11) and any two stay distinct under
protanopia, deuteranopia and tritanopia (matrices of Machado, Oliveira and Fernandes, 2009).
tests/pictures/test_palette.py computes both. The first two colours have about equal weight and are
not those of parties that readers may know.

Colour is never the only sign: each group has its own letter, shape, hatch and dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

Shape = Literal["circle", "square", "triangle", "diamond", "cross", "star", "hexagon", "drop"]


@dataclass(frozen=True, slots=True)
class GroupStyle:
    """How one opinion group looks: colours by theme, and signs that do not depend on colour.

    ``hatch`` is an angle in degrees and a distance between lines; ``dash`` a stroke-dasharray.
    """

    css: str
    light: str
    dark: str
    shape: Shape
    hatch: tuple[int, float]
    dash: str


PAPER = {"light": "#faf7f0", "dark": "#191816"}
INK = {"light": "#23211d", "dark": "#ece7dc"}
SOFT = {"light": "#5b564c", "dark": "#b5ad9e"}
LINE = {"light": "#d8d0bf", "dark": "#3d3a34"}
AGREE = {"light": "#1d5f96", "dark": "#7fbcec"}
DISAGREE = {"light": "#a8500f", "dark": "#f0a264"}
PASS = {"light": "#857d6d", "dark": "#9a917f"}

GROUP_STYLES: tuple[GroupStyle, ...] = (
    GroupStyle("pic-g1", "#887be2", "#9785ec", "circle", (45, 7), "none"),
    GroupStyle("pic-g2", "#b38400", "#e0af26", "square", (135, 7), "7 3"),
    GroupStyle("pic-g3", "#007269", "#3cd4c4", "triangle", (0, 6), "2 3"),
    GroupStyle("pic-g4", "#6c0616", "#bc5655", "diamond", (90, 6), "9 3 2 3"),
    GroupStyle("pic-g5", "#204b68", "#55f1ff", "cross", (22, 9), "12 4"),
    GroupStyle("pic-g6", "#a94600", "#d77d5e", "star", (158, 9), "4 4"),
    GroupStyle("pic-g7", "#3d9a6b", "#caeab5", "hexagon", (68, 5), "1 2"),
    GroupStyle("pic-g8", "#9f5897", "#8f6a9c", "drop", (112, 5), "6 2 1 2 1 2"),
)
EVERYONE_STYLE = GroupStyle("pic-g0", SOFT["light"], SOFT["dark"], "circle", (45, 9), "none")


def style_of(label: str) -> GroupStyle:
    """A group's style by its letter; "" is everyone. The ninth letter reuses the first style."""
    if not label:
        return EVERYONE_STYLE
    return GROUP_STYLES[(ord(label[0].upper()) - ord("A")) % len(GROUP_STYLES)]


def css() -> str:
    """The stylesheet of all pictures (pictures.css), for a site's bundle or a standalone file."""
    return files(__package__).joinpath("pictures.css").read_text(encoding="utf-8")
