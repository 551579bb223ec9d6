"""The sheet of the map of people: its height, its plane, and where labels stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from middleground.engine.facts import Group, MapFacts, Mark
from middleground.pictures.layout import Box, PlotArea, box_at, place
from middleground.pictures.people.packing import packed

WIDTH = 480
# The height follows the marks, within these limits: a flat map would leave an empty sheet.
LOWEST, HIGHEST = 190.0, 440.0
LABEL_HEIGHT = 46.0
LINE_HEIGHT = 17.0  # of the caption
_EDGE = 12.0
_LARGEST_MARK = 22.0
_MARK = 0.84  # of the distance between places

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture's height, and its sheet; below it stand so many lines of caption."""

    height: float = 380.0
    lines: int = 1

    @property
    def sheet(self) -> Box:
        return Box(_EDGE, _EDGE, WIDTH - _EDGE, self.height - 19 - LINE_HEIGHT * self.lines)

    def height_around(self, room: float) -> float:
        """The height of all that is not filled by marks, with so much room on the sheet."""
        return self.height - (self.sheet.bottom - self.sheet.top) + room

    def holds(self, x: float, y: float) -> bool:
        return box_at(x, y, 2, 2).outside(self.sheet) == 0

    def nearest(self, x: float, y: float) -> Point:
        """The point, or where on the sheet a pin for it has room."""
        sheet = self.sheet
        return (
            min(max(x, sheet.left + 14), sheet.right - 14),
            min(max(y, sheet.top + 36), sheet.bottom - 6),
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all readers: the plane, and the marks and labels on the sheet.

    ``marks`` has the places of each group's marks, ``boxes`` what they cover. ``middles`` has the
    middle of each group's marks, ``labels`` that of its label; a group outside the sheet has none.
    """

    frame: Frame
    plane: PlotArea
    mark_size: float
    marks: Mapping[str, Sequence[Point]]
    boxes: Sequence[Box]
    middles: Mapping[str, Point]
    labels: Mapping[str, Point]
    widths: Mapping[str, float]

    def label_box(self, label: str) -> Box:
        return box_at(*self.labels[label], self.widths[label], LABEL_HEIGHT)

    def labels_off(self, taken: Box) -> Mapping[str, Point]:
        """The labels' places if this box is taken, too: only those in its way move."""
        boxes = {label: self.label_box(label) for label in self.labels}
        moved = [label for label, box in boxes.items() if box.grown(2).overlap(taken)]
        if not moved:
            return self.labels
        others = [box for label, box in boxes.items() if label not in moved]
        return {**self.labels, **self._placed(moved, [taken, *others])}

    def _placed(self, labels: Iterable[str], taken: Sequence[Box]) -> dict[str, Point]:
        """Labels near the middle of their groups' marks, off all marks if there is room."""
        found, boxes = {}, [*self.boxes, *taken]
        for label in labels:
            x, y = self.middles[label]
            if not self.frame.holds(x, y):
                continue
            width, sheet = self.widths[label], self.frame.sheet.grown(-4)
            found[label] = place(x, y, width, LABEL_HEIGHT, boxes, sheet)
            boxes.append(box_at(*found[label], width, LABEL_HEIGHT))
        return found

    def _is_clear(self) -> bool:
        """Whether no label covers a mark."""
        labels = [self.label_box(label) for label in self.labels]
        return not any(mark.overlap(label) for mark in self.boxes for label in labels)


def scene(facts: MapFacts, zoom: str | None, widths: Mapping[str, float], lines: int) -> Scene:
    """The map of all groups, or with ``zoom`` of one; ``widths`` are those of the labels."""
    step, moved = packed(facts.marks)
    extent = _extent(facts, moved, zoom, step)
    strip = LABEL_HEIGHT + 8
    # Where labels have no room beside the marks, in a strip below, or in one above as well.
    for above, below in ((_EDGE, _EDGE), (_EDGE, strip), (strip, strip)):
        found = _scene(facts, moved, _fitted(extent, above, below, lines), step, widths)
        if not moved or found._is_clear():
            break
    return found


def _scene(
    facts: MapFacts,
    moved: Sequence[Mark],
    fitted: tuple[Frame, PlotArea],
    step: float,
    widths: Mapping[str, float],
) -> Scene:
    frame, plane = fitted
    marks = {
        group.label: [plane.point(mark.x, mark.y) for mark in moved if mark.group == group.label]
        for group in facts.groups
    }
    middles = {
        group.label: _middle(marks[group.label]) or plane.point(*group.centre)
        for group in facts.groups
    }
    size = min(_LARGEST_MARK, _MARK * step * plane.scale)
    boxes = [box_at(x, y, size, size) for own in marks.values() for x, y in own]
    empty = Scene(frame, plane, size, marks, boxes, middles, {}, widths)
    return replace(empty, labels=empty._placed(middles, ()))


def _middle(points: Sequence[Point]) -> Point | None:
    if not points:
        return None
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _extent(facts: MapFacts, moved: Sequence[Mark], zoom: str | None, step: float) -> Box:
    """The box, in the plane, around the marks that are shown whole; around groups without marks."""
    boxes = [
        box_at(mark.x, mark.y, step, step) for mark in moved if zoom in (None, mark.group)
    ] or [_reach(group) for group in facts.groups if zoom in (None, group.label)]
    return Box(
        min((box.left for box in boxes), default=-1.0),
        min((box.top for box in boxes), default=-1.0),
        max((box.right for box in boxes), default=1.0),
        max((box.bottom for box in boxes), default=1.0),
    )


def _reach(group: Group) -> Box:
    """Two standard deviations on either side of the group's centre."""
    wide, high = (4 * sqrt(max(0.0, group.covariance[i])) for i in (0, 2))
    return box_at(*group.centre, wide, high)


def _fitted(extent: Box, above: float, below: float, lines: int) -> tuple[Frame, PlotArea]:
    """The lowest frame on which the extent fills the width, with so much room above and below."""
    fixed = Frame(0.0, lines).height_around(above + below)
    wide = max(extent.right - extent.left, 1e-6)
    tall = max(extent.bottom - extent.top, 1e-6)
    scale = min((WIDTH - 4 * _EDGE) / wide, (HIGHEST - fixed) / tall)
    frame = Frame(round(min(HIGHEST, max(LOWEST, tall * scale + fixed))), lines)
    x0 = WIDTH / 2 - scale * (extent.left + extent.right) / 2
    middle = (frame.sheet.top + above + frame.sheet.bottom - below) / 2
    return frame, PlotArea(scale, x0, middle + scale * (extent.top + extent.bottom) / 2)
