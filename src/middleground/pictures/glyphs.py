"""Signs that do not depend on colour: a shape for each group, hatches and textures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

from middleground.pictures.palette import GroupStyle, Shape
from middleground.pictures.svg import number, tag


@lru_cache(maxsize=1_000)
def mark(shape: Shape, x: float, y: float, size: float, css: str) -> str:
    """A filled shape of about ``size`` units across, centred on (x, y)."""
    return tag("path", d=_path(shape, x, y, size / 2), class_=f"pic-mark {css}")


def many_marks(shape: Shape, places: Iterable[tuple[float, float]], size: float) -> str:
    """The outline of the same shape at many places: a picture has a hundred, so it is short."""
    one = _outline(shape, size / 2)
    return "".join(f"M{number(round(x, 1))} {number(round(y, 1))}{one}" for x, y in places)


@lru_cache(maxsize=100)
def _outline(shape: Shape, r: float) -> str:
    """A shape around the point where the pen is."""
    r = round(r, 1)
    if shape in ("circle", "drop"):  # a drop this small would look like a circle, but for its tip
        tip = f"l{number(r)} {number(-r)}l{number(r)} {number(r)}" if shape == "drop" else ""
        over = tip or f"a{number(r)} {number(r)} 0 0 1 {number(2 * r)} 0"
        return f"m{number(-r)} 0{over}a{number(r)} {number(r)} 0 0 1 {number(-2 * r)} 0z"
    corners = [(round(x, 1), round(y, 1)) for x, y in _corners(shape, 0.0, 0.0, r)]
    steps = [
        f"{number(x1 - x0)} {number(y1 - y0)}"
        for (x0, y0), (x1, y1) in pairwise([(0.0, 0.0), *corners])
    ]
    return f"m{steps[0]}l{' '.join(steps[1:])}z"


def _path(shape: Shape, x: float, y: float, r: float) -> str:
    if shape == "circle":
        return _round(x, y, r)
    if shape == "drop":
        return (
            f"M{number(x)} {number(y - r * 1.2)}Q{number(x + r * 1.5)} {number(y + r)} "
            f"{number(x)} {number(y + r)}Q{number(x - r * 1.5)} {number(y + r)} "
            f"{number(x)} {number(y - r * 1.2)}Z"
        )
    return _polygon(_corners(shape, x, y, r))


def _corners(shape: Shape, x: float, y: float, r: float) -> list[tuple[float, float]]:
    return _cross(x, y, r) if shape == "cross" else _CORNERS[shape](x, y, r)


def _round(x: float, y: float, r: float) -> str:
    arc = f"A{number(r)} {number(r)} 0 1 1 "
    left, right = f"{number(x - r)} {number(y)}", f"{number(x + r)} {number(y)}"
    return f"M{left}{arc}{right}{arc}{left}Z"


def _ring(x: float, y: float, r: float, corners: int, start: float) -> list[tuple[float, float]]:
    turns = [start + 2 * pi * k / corners for k in range(corners)]
    return [(x + r * cos(a), y + r * sin(a)) for a in turns]


def _star(x: float, y: float, r: float) -> list[tuple[float, float]]:
    outer = _ring(x, y, r * 1.2, 5, -pi / 2)
    inner = _ring(x, y, r * 0.52, 5, -pi / 2 + pi / 5)
    return [corner for pair in zip(outer, inner, strict=True) for corner in pair]


def _cross(x: float, y: float, r: float) -> list[tuple[float, float]]:
    t = r * 0.38
    return [
        (x + dx, y + dy)
        for dx, dy in (
            (-t, -r),
            (t, -r),
            (t, -t),
            (r, -t),
            (r, t),
            (t, t),
            (t, r),
            (-t, r),
            (-t, t),
            (-r, t),
            (-r, -t),
            (-t, -t),
        )
    ]


_CORNERS = {
    "square": lambda x, y, r: _ring(x, y, r * 1.25, 4, pi / 4),
    "triangle": lambda x, y, r: _ring(x, y + r * 0.2, r * 1.25, 3, -pi / 2),
    "diamond": lambda x, y, r: _ring(x, y, r * 1.25, 4, 0),
    "hexagon": lambda x, y, r: _ring(x, y, r * 1.1, 6, 0),
    "star": _star,
}


def _polygon(corners: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "Z"


def hatch(name: str, style: GroupStyle) -> str:
    """A pattern of parallel lines at the group's angle and distance."""
    angle, step = style.hatch
    return _lines(name, angle, step, f"pic-hatch {style.css}")


def striped_in_print(name: str, style: GroupStyle) -> str:
    """A group's colour; on paper with stripes at the group's angle, which a grey print keeps."""
    angle, step = style.hatch
    return tag(
        "pattern",
        tag("rect", width=step, height=step, class_=f"pic-sure {style.css}"),
        tag("line", x1=0, y1=0, x2=0, y2=step, class_="pic-print-stripe"),
        id=name,
        width=step,
        height=step,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )


def stripes(name: str, css: str, angle: int = 45, step: float = 6) -> str:
    """A pattern of parallel lines drawn with the class ``css``."""
    return _lines(name, angle, step, css)


def dots(name: str) -> str:
    """A pattern of small paper-coloured dots."""
    return tag(
        "pattern",
        tag("circle", cx=2.5, cy=2.5, r=1, class_="pic-dot"),
        id=name,
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
    )


def _lines(name: str, angle: int, step: float, css: str) -> str:
    return tag(
        "pattern",
        tag("line", x1=0, y1=0, x2=0, y2=step, class_=css),
        id=name,
        width=step,
        height=step,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )
