"""How many things take which way through stages: bands whose width is how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from middleground.pictures.labels import ENGLISH, Words, number
from middleground.pictures.lines import wrap
from middleground.pictures.svg import USUAL, picture, tag, text, width_in
from middleground.pictures.tables import Table

WIDTH, _TOP, _HIGH = 640.0, 34.0, 220.0
_BAR, _GAP = 8.0, 10.0
_LINE, _LINES = 16.0, 2  # of a name beside its bar; below it stands how many
_LETTER, _HEAD = 17.0, 18.0  # heights of letters on a phone, where they are largest


@dataclass(frozen=True, slots=True)
class FlowPath:
    """How many take this way. It may end before the last stage."""

    stops: tuple[str, ...]
    count: int


@dataclass(slots=True)
class _Stop:
    """A bar of a stage. ``arrived`` and ``left``: how much of its height has its bands already."""

    x: float
    y: float
    height: float
    count: int
    name: Sequence[str]
    arrived: float = 0.0
    left: float = 0.0

    @property
    def room(self) -> float:
        """The height that its bar or its name takes, whichever is more."""
        return max(self.height, 2 + _LINE * (len(self.name) + 1))


def flow(
    paths: Sequence[FlowPath],
    stages: Sequence[str],
    *,
    prefix: str = "flow",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """A column of bars for each stage, by the order of the paths, and bands between them."""
    taken = [path for path in paths if path.count > 0]
    total = sum(path.count for path in taken)
    if not total:
        return picture(
            text(WIDTH / 2, 50, words.flow_empty, "pic-soft", "middle"),
            prefix=prefix,
            size=(WIDTH, 90),
            title=words.flow_title,
            desc=words.flow_empty,
            class_="pic-wide",
            standalone=standalone,
        )
    columns = [_column(taken, stage, len(stages), total) for stage in range(len(stages))]
    bottom = max(stop.y + stop.room for stops in columns for stop in stops.values())
    heads, below = _heads(stages)
    bands = _bands(taken, columns, total)
    marks = [_mark(stop, words) for stops in columns for stop in stops.values()]
    return picture(
        "".join(heads) + _lowered("".join((*bands, *marks)), below),
        prefix=prefix,
        size=(WIDTH, bottom + below + 8),
        title=words.flow_title,
        desc=" ".join([words.flow_desc, *(_told(path, words) for path in taken)]),
        class_="pic-wide",
        standalone=standalone,
    )


def flow_table(
    paths: Sequence[FlowPath], stages: Sequence[str], *, words: Words = ENGLISH
) -> Table:
    """The same facts: the stops of each way, and how many take it."""
    rows = tuple(
        (
            *path.stops,
            *[""] * (len(stages) - len(path.stops)),
            number(path.count, words),
        )
        for path in paths
        if path.count > 0
    )
    return Table((*stages, words.head_count), rows)


def _x(stage: int, stages: int) -> float:
    return stage * WIDTH / stages


def _heads(stages: Sequence[str]) -> tuple[list[str], float]:
    """The stages' names, and how much lower the picture is: long names alternate in two rows."""
    fits = USUAL / _HEAD  # the part of a width that is left on a phone
    wide = WIDTH / len(stages)
    long = any(width_in(name, "pic-strong") > (wide - 8) * fits for name in stages)
    shown = []
    for k, name in enumerate(stages):
        columns = 2 if long and k + 1 < len(stages) else 1
        room, y = (wide * columns - 8) * fits, 16 + _LINE * (long and k % 2)
        shown.append(text(_x(k, len(stages)), y, name, "pic-strong", room=room))
    return shown, _LINE if long else 0.0


def _lowered(body: str, by: float) -> str:
    return tag("g", body, transform=f"translate(0 {by:g})") if by else body


def _column(paths: Sequence[FlowPath], stage: int, stages: int, total: int) -> dict[str, _Stop]:
    """The bars of a stage, from the top down. None is so low that names would overlap."""
    counts: dict[str, int] = {}
    for path in paths:
        if stage < len(path.stops):
            counts[path.stops[stage]] = counts.get(path.stops[stage], 0) + path.count
    stops, y = {}, _TOP
    for name, count in counts.items():
        stop = _Stop(_x(stage, stages), y, _HIGH * count / total, count, _lines(name, stages))
        stops[name] = stop
        y += stop.room + _GAP
    return stops


def _lines(name: str, stages: int) -> list[str]:
    """A name that ends before the next column begins."""
    return wrap(name, (WIDTH / stages - _BAR - 9) / _LETTER, _LINES) or [name]


def _bands(paths: Sequence[FlowPath], columns: Sequence[dict[str, _Stop]], total: int) -> list[str]:
    drawn = []
    for stage in range(len(columns) - 1):
        counts: dict[tuple[str, str], int] = {}
        for path in paths:
            if stage + 1 < len(path.stops):
                ends = path.stops[stage], path.stops[stage + 1]
                counts[ends] = counts.get(ends, 0) + path.count
        for (start, end), count in counts.items():
            drawn.append(_band(columns[stage][start], columns[stage + 1][end], count, total))
    return drawn


def _band(start: _Stop, end: _Stop, count: int, total: int) -> str:
    high = _HIGH * count / total
    left, right, middle = start.x + _BAR, end.x, (start.x + _BAR + end.x) / 2
    y1, y2 = start.y + start.left, end.y + end.arrived
    start.left += high
    end.arrived += high
    way = (
        f"M{left:.2f} {y1:.2f}C{middle:.2f} {y1:.2f} {middle:.2f} {y2:.2f} {right:.2f} {y2:.2f}"
        f"v{high:.2f}C{middle:.2f} {y2 + high:.2f} {middle:.2f} {y1 + high:.2f}"
        f" {left:.2f} {y1 + high:.2f}Z"
    )
    return tag("path", d=way, class_="pic-flow")


def _mark(stop: _Stop, words: Words) -> str:
    x, y = stop.x + _BAR + 5, stop.y + 13
    if stop.height == stop.room:
        y = stop.y + stop.height / 2 - 2 - _LINE / 2 * (len(stop.name) - 1)
    below, figures = y + _LINE * len(stop.name), "pic-small pic-halo pic-figure pic-strong"
    lines = [text(x, y + _LINE * k, line, "pic-small pic-halo") for k, line in enumerate(stop.name)]
    return "".join(
        (
            tag(
                "rect", x=stop.x, y=stop.y, width=_BAR, height=max(stop.height, 1.5),
                class_="pic-column",
            ),
            *lines,
            text(x, below, number(stop.count, words), figures),
        )
    )  # fmt: skip


def _told(path: FlowPath, words: Words) -> str:
    return words.flow_way.format(n=number(path.count, words), way=" → ".join(path.stops))
