"""Draws the sheet of the map of people, a leader to a label, and the reader's pin."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from middleground.pictures.layout import Box, box_at, edge_towards, place
from middleground.pictures.people.sheet import Frame, Point, Scene
from middleground.pictures.svg import tag, text

_CHARACTER = 8.2  # the width of one, on average
_NEAR = 30.0  # a label that moved no further stands beside its pin


def label_width(texts: Sequence[str]) -> float:
    """Room for the longest of some short texts."""
    return max(50.0, *(len(one) * _CHARACTER for one in texts))


def sheet_start(frame: Frame, prefix: str, defs: Sequence[str]) -> str:
    """Paper and a fine grid; what follows up to ``sheet_end`` is cut off at the sheet's edge."""
    sheet = frame.sheet
    step = (sheet.right - sheet.left) / 8
    lines = [f"M{sheet.left + k * step:g} {sheet.top:g}V{sheet.bottom:g}" for k in range(1, 8)]
    rows = int((sheet.bottom - sheet.top) // step)
    lines += [
        f"M{sheet.left:g} {sheet.top + k * step:g}H{sheet.right:g}" for k in range(1, rows + 1)
    ]
    clip = tag("clipPath", _rect(sheet, None), id=f"{prefix}-clip")
    return "".join(
        (
            tag("defs", clip, *defs),
            _rect(sheet, "pic-paper"),
            tag("path", d="".join(lines), class_="pic-grid"),
            f'<g clip-path="url(#{prefix}-clip)">',
        )
    )


def sheet_end(frame: Frame) -> str:
    """A double frame, as in an atlas."""
    sheet = frame.sheet
    return "</g>" + _rect(sheet, "pic-frame") + _rect(sheet.grown(4), "pic-frame")


def _rect(box: Box, css: str | None) -> str:
    return tag(
        "rect",
        x=box.left,
        y=box.top,
        width=box.right - box.left,
        height=box.bottom - box.top,
        class_=css,
    )


def leader(scene: Scene, label: str, box: Box) -> str:
    """A line from a group's middle to its label, if that had to move."""
    x, y = scene.middles[label]
    end_x, end_y = edge_towards(box, x, y)
    if hypot(end_x - x, end_y - y) <= 8:
        return ""
    line = tag("line", x1=x, y1=y, x2=end_x, y2=end_y, class_="pic-leader")
    return line + tag("circle", cx=x, cy=y, r=2, class_="pic-pin")


def pin_box(point: Point) -> Box:
    x, y = point
    return Box(x - 12, y - 34, x + 12, y + 4)


def pin(point: Point, label: str, taken: Sequence[Box], frame: Frame) -> str:
    """A pin at the participant's position, with its label beside it.

    A label that had to move off the marks of people has a line from the pin.
    """
    x, y = point
    width = label_width([label]) + 8
    beside = x + 16 + width / 2, y - 22
    at_x, at_y = place(*beside, width, 22, taken, frame.sheet.grown(-4))
    line = ""
    if hypot(at_x - beside[0], at_y - beside[1]) > _NEAR:
        end_x, end_y = edge_towards(box_at(at_x, at_y, width, 22), x, y - 21)
        line = tag("line", x1=x, y1=y - 21, x2=end_x, y2=end_y, class_="pic-leader")
    body = (
        f"M{x:.2f} {y:.2f}C{x - 4:.2f} {y - 10:.2f} {x - 10:.2f} {y - 13:.2f} "
        f"{x - 10:.2f} {y - 21:.2f}A10 10 0 1 1 {x + 10:.2f} {y - 21:.2f}"
        f"C{x + 10:.2f} {y - 13:.2f} {x + 4:.2f} {y - 10:.2f} {x:.2f} {y:.2f}Z"
    )
    return "".join(
        (
            line,
            tag("path", d=body, class_="pic-pin"),
            tag("circle", cx=x, cy=y - 21, r=4, class_="pic-pin-eye"),
            text(at_x, at_y + 5, label, "pic-strong pic-halo", "middle"),
        )
    )
