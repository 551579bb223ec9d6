"""Draws the plot of the picture of statements: frame, corners, spans, marks and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from middleground.engine.facts import MapFacts
from middleground.pictures.glyphs import mark
from middleground.pictures.labels import Words, who
from middleground.pictures.layout import Box, box_at, edge_towards, place
from middleground.pictures.lines import wrap
from middleground.pictures.palette import style_of
from middleground.pictures.statements.plotted import Plotted
from middleground.pictures.svg import number, size_of, tag, text, width_in

WIDTH = 400
_LEFT, _RIGHT, _BADGE = 64.0, 390.0, 20.0
_TOP, _SIDE, _BELOW = 12.0, _RIGHT - _LEFT, 52.0
# Words of the corners stand in bands of their own inside the frame, beyond 0 and 100 percent: many
# statements lie at those edges, and their marks would cover the words.
_BAND = 26.0
_NEXT_LINE = 14.0
_SIGN, _AXIS = 18.0, "pic-small pic-strong"  # the room of a sign, and the class of a name
_INSET = 7.0  # of these words from the frame
_ROW, _LOWEST = 11.0, 120.0  # of the rows on a single axis
_POINT = 11.0  # room for the mark of a finding that has a number
_CHARACTER, _ABOVE, _CAPTION = 7.6, 14.0, 20.0

Point = tuple[float, float]
_Axis = tuple[str, list[str]]  # the group whose sign stands before the name, and its lines


@dataclass(frozen=True)
class StatementSheet:
    """The plot of ``marks``: a square, or rows along one axis if there are no groups."""

    facts: MapFacts
    marks: Sequence[Plotted]
    words: Words

    @property
    def divided(self) -> bool:
        return self.facts.status == "groups"

    @property
    def band(self) -> float:
        """The height of the words of the corners, of which the longest may need two lines."""
        most = max(len(lines) for _, _, lines in _corners(self))
        return _BAND + _NEXT_LINE * (most - 1)

    @property
    def highest(self) -> float:
        """Where the plane of the marks begins."""
        return _TOP + self.band

    @property
    def lowest(self) -> float:
        """Where the plane of the marks ends."""
        if self.divided:
            return self.highest + _SIDE
        return self.highest + min(_SIDE, max(_LOWEST, _ROW * len(self.marks)))

    def up(self, share: float) -> float:
        """The place of a share on the upward axis."""
        return self.highest + _SIDE * (1 - share)

    @property
    def bottom(self) -> float:
        """The lower edge of the frame; rows on a single axis have no words below them."""
        return self.lowest + self.band * self.divided

    @property
    def height(self) -> float:
        (_, across), _ = _axis_names(self)
        return self.bottom + _BELOW + _NEXT_LINE * (len(across) - 1)

    def drawn(self, texts: Mapping[int, str], href: Callable[[int], str] | None) -> str:
        """Everything but the title: links have the statement's words as their name."""
        places = _places(self)
        return "".join(
            (
                _ground(self),
                _spans(self, places),
                _plain_marks(self, places),
                _numbers(self, places, texts, href),
                _scales(self),
            )
        )


def _badge(each: Plotted, x: float, y: float) -> str:
    """A finding's number on a disc if it is shared, on a diamond if it divides."""
    r = _BADGE / 2
    if each.kind == "middle_ground":
        shape = tag("circle", cx=x, cy=y, r=r - 0.5, class_="pic-shared")
        css = "pic-badge pic-on-ink"
    else:
        d = r + 2.5
        path = f"M{number(x - d)} {number(y)}l{d:g} {-d:g} {d:g} {d:g} {-d:g} {d:g}Z"
        shape, css = tag("path", d=path, class_="pic-divisive"), "pic-badge"
    return shape + text(x, y + 4.5, str(each.rank), css, "middle")


def _across(share: float) -> float:
    return _LEFT + _SIDE * share


def _places(sheet: StatementSheet) -> list[Point]:
    """Where each mark is; on a single axis each has a row, the largest share at the top."""
    if sheet.divided:
        return [
            (_across(m.across.middle), sheet.up(m.upward.middle)) for m in sheet.marks if m.upward
        ]
    falling = sorted(sheet.marks, key=lambda m: (-m.across.middle, m.facts.statement))
    row = (sheet.lowest - sheet.highest) / max(1, len(falling))
    rows = {m.facts.statement: sheet.highest + row * (k + 0.5) for k, m in enumerate(falling)}
    return [(_across(m.across.middle), rows[m.facts.statement]) for m in sheet.marks]


def _ground(sheet: StatementSheet) -> str:
    """The region of the middle ground, the lines at one half, the frame."""
    middle, bottom = _across(0.5), sheet.bottom
    top = sheet.up(0.5) if sheet.divided else bottom
    half = f"M{middle:g} {_TOP:g}V{bottom:g}" + (f"M{_LEFT:g} {top:g}H{_RIGHT:g}" * sheet.divided)
    region = tag(
        "rect",
        x=middle,
        y=_TOP,
        width=_RIGHT - middle,
        height=top - _TOP,
        class_="pic-shared-region",
    )
    frame = tag("rect", x=_LEFT, y=_TOP, width=_SIDE, height=bottom - _TOP, class_="pic-frame")
    captions = "".join(
        text(x, y, words, "pic-soft pic-small pic-halo", anchor)
        for x, y, words, anchor in _captions(sheet)
    )
    return region + tag("path", d=half, class_="pic-half") + frame + captions


def _captions(sheet: StatementSheet) -> list[tuple[float, float, str, str]]:
    """What each corner means, line by line: place, words and anchor."""
    places = []
    for anchor, low, lines in _corners(sheet):
        x = _RIGHT - _INSET if anchor == "end" else _LEFT + _INSET
        first = sheet.bottom - 8 - _NEXT_LINE * (len(lines) - 1) if low else _TOP + 15
        places += [(x, first + _NEXT_LINE * k, line, anchor) for k, line in enumerate(lines)]
    return places


def _corners(sheet: StatementSheet) -> list[tuple[str, bool, list[str]]]:
    """The words of the corners: their anchor, whether they stand below, and their lines."""
    words, labels = sheet.words, [group.label for group in sheet.facts.groups]
    if not sheet.divided:
        told = [("end", False, words.plot_most_agree), ("start", False, words.plot_few_agree)]
    elif len(labels) > 2:
        told = [
            ("end", False, words.plot_all_agree),
            ("end", True, words.plot_some_agree),
            ("start", True, words.plot_none_agrees),
        ]
    else:
        first, second = labels
        told = [
            ("end", False, words.plot_both_agree),
            ("end", True, words.plot_only.format(label=first)),
            ("start", False, words.plot_only.format(label=second)),
            ("start", True, words.plot_neither_agrees),
        ]
    room = (_SIDE / 2 - _INSET) / size_of("pic-small")
    return [(anchor, low, wrap(name, room, 2)) for anchor, low, name in told]


def _spans(sheet: StatementSheet, places: Sequence[Point]) -> str:
    """The intervals of all marks; those of the numbered ones are stronger."""
    faint: list[str] = []
    strong: list[str] = []
    for each, (x, y) in zip(sheet.marks, places, strict=True):
        lines, across, upward = strong if each.rank else faint, each.across, each.upward
        if across.has_interval:
            start, end = number(_across(across.low)), number(_across(across.high))
            lines.append(f"M{start} {number(y)}H{end}")
        if upward is not None and upward.has_interval:
            start, end = number(sheet.up(upward.low)), number(sheet.up(upward.high))
            lines.append(f"M{number(x)} {start}V{end}")
    return _path(faint, "pic-span") + _path(strong, "pic-span pic-span-strong")


def _plain_marks(sheet: StatementSheet, places: Sequence[Point]) -> str:
    """All marks, each kind in one path: a map of hundreds of statements stays a small page.

    A mark is hollow if only a range is told of one of its shares, and it lies in its middle.
    """
    paths: dict[str, list[str]] = {}
    for each, (x, y) in zip(sheet.marks, places, strict=True):
        css, radius = _MARKS[each.kind], 3.8 if each.kind else 2.4
        if each.kind == "divisive":
            shape = _diamond(x, y)
        else:
            shape = _disc(x, y, radius)
            css += " pic-hollow" if any(rate.rate is None for rate in each.rates) else ""
        paths.setdefault(css, []).append(shape)
    return "".join(_path(shapes, css) for css, shapes in sorted(paths.items()))


_MARKS = {"middle_ground": "pic-shared", "divisive": "pic-divisive", "": "pic-other"}


def _disc(x: float, y: float, r: float) -> str:
    return f"M{number(x - r)} {number(y)}a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0"


def _diamond(x: float, y: float) -> str:
    return f"M{number(x - 4.6)} {number(y)}l4.6-4.6 4.6 4.6-4.6 4.6Z"


def _path(pieces: Sequence[str], css: str) -> str:
    return tag("path", d="".join(pieces), class_=css) if pieces else ""


def _numbers(
    sheet: StatementSheet,
    places: Sequence[Point],
    texts: Mapping[int, str],
    href: Callable[[int], str] | None,
) -> str:
    """The numbers of the findings that matter most, each beside its mark, with a line to it."""
    taken = [_caption_box(*caption) for caption in _captions(sheet)]
    numbered = [each for each in zip(sheet.marks, places, strict=True) if each[0].rank]
    taken += [box_at(x, y, _POINT, _POINT) for _, (x, y) in numbered]
    within = Box(_LEFT, _TOP, _RIGHT, sheet.bottom).grown(-2)
    drawn = []
    for each, (x, y) in numbered:
        at_x, at_y = place(x, y, _BADGE, _BADGE, taken, within)
        box = box_at(at_x, at_y, _BADGE, _BADGE)
        taken.append(box)
        end_x, end_y = edge_towards(box, x, y)
        line = tag("line", x1=x, y1=y, x2=end_x, y2=end_y, class_="pic-leader")
        shown = line + _badge(each, at_x, at_y)
        if href is not None:
            name = texts.get(each.facts.statement, "")
            shown = tag("a", shown, href=href(each.facts.statement), aria_label=name)
        drawn.append(shown)
    return "".join(drawn)


def _caption_box(x: float, y: float, words: str, anchor: str) -> Box:
    width = max(_CHARACTER * len(words), width_in(words, "pic-small"))
    left = x - width if anchor == "end" else x
    return Box(left, y - _ABOVE, left + width, y - _ABOVE + _CAPTION)


def _scales(sheet: StatementSheet) -> str:
    """Ticks and names of the axes."""
    shown, words, bottom = [], sheet.words, sheet.bottom
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        tick = words.percent.format(n=50) if share == 0.5 else f"{share * 100:g}"
        shown.append(text(_across(share), bottom + 17, tick, "pic-soft pic-small", anchor))
        if sheet.divided:
            shown.append(text(_LEFT - 6, sheet.up(share) + 4, tick, "pic-soft pic-small", "end"))
    across, upward = _axis_names(sheet)
    shown.append(_axis_name(*across, _LEFT, bottom + 39))
    if sheet.divided:
        x, y = 13.0, sheet.lowest
        name = _axis_name(*upward, x, y)
        shown.append(tag("g", name, transform=f"rotate(-90 {x:g} {y:g})"))
    return "".join(shown)


def _axis_names(sheet: StatementSheet) -> tuple[_Axis, _Axis]:
    """For each axis the group whose sign stands before its name, if any, and the name's lines."""
    words, labels = sheet.words, [group.label for group in sheet.facts.groups]
    if not sheet.divided:
        return ("", _lines(words.plot_axis.format(who=words.everyone))), ("", [])
    if len(labels) > 2:
        return ("", _lines(words.plot_most_willing)), ("", _lines(words.plot_least_willing))
    first, second = (words.plot_axis.format(who=who(label, words)) for label in labels)
    return (labels[0], _lines(first)), (labels[1], _lines(second))


def _lines(name: str) -> list[str]:
    return wrap(name, (_SIDE - _SIGN) / size_of(_AXIS), 2)


def _axis_name(group: str, lines: Sequence[str], x: float, y: float) -> str:
    """The name from (x, y) on, after the group's sign."""
    at, sign = x, ""
    if group:
        style = style_of(group)
        at, sign = x + _SIGN, mark(style.shape, x + 6, y - 4.5, 12, style.css)
    return sign + "".join(text(at, y + _NEXT_LINE * k, line, _AXIS) for k, line in enumerate(lines))
