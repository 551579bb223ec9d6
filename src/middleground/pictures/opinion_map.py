"""The opinion map as a picture: where the groups lie, how large they are, where you are.

The axes have no names because the software does not know what they mean. Regions are the groups'
normal ellipses, so the picture shows what the engine reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import hypot

from middleground.engine.facts import Group, MapFacts, UnmetMinimum
from middleground.pictures.glyphs import hatch, mark
from middleground.pictures.labels import ENGLISH, Words, about_participants, participant_count, who
from middleground.pictures.layout import Box, PlotArea, box_at, edge_towards, fit, place, radius_for
from middleground.pictures.palette import EVERYONE_STYLE, GroupStyle, style_of
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

WIDTH = 480
# The height follows the groups, within these limits: a flat map would leave an empty sheet.
LOWEST, HIGHEST = 240.0, 380.0
_CONTOURS = (0.9, 0.7, 0.5)
_LETTER_WIDTH, _LABEL_HEIGHT, _CHARACTER = 50.0, 46.0, 8.2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The picture's height, its sheet, and the area into which regions are fitted."""

    height: float = HIGHEST

    @property
    def sheet(self) -> Box:
        return Box(12, 12, WIDTH - 12, self.height - 36)

    @property
    def inner(self) -> Box:
        return Box(26, 24, WIDTH - 26, self.height - 50)


@dataclass(frozen=True, slots=True)
class _Options:
    you: Point | None
    zoom: str | None
    rounding: int
    minimum: int
    href: Callable[[str], str] | None
    prefix: str
    words: Words
    frame: _Frame = _Frame()
    standalone: bool = False


def opinion_map(
    facts: MapFacts,
    statement_texts: Mapping[int, str] | None = None,
    *,
    you: Point | None = None,
    zoom: str | None = None,
    rounding: int = 1,
    minimum: int = 5,
    href: Callable[[str], str] | None = None,
    prefix: str = "map",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """The map of ``facts`` as SVG text.

    ``you`` is a position in the map's plane. ``zoom`` is the label of the group that fills the
    sheet. Sizes are shown in steps of ``rounding`` and never below ``minimum``. ``href`` gives the
    link of a group's region. ``statement_texts`` let the description say what characterises each
    group. Raises ValueError if there is no group ``zoom``.
    """
    options = _Options(you, zoom, rounding, minimum, href, prefix, words, standalone=standalone)
    if zoom is not None and zoom not in {group.label for group in facts.groups}:
        raise ValueError(f"There is no group {zoom!r} to zoom to.")
    options = replace(options, frame=_frame(facts, options))
    return _draw(facts, statement_texts or {}, options)


def _draw(
    facts: MapFacts,
    statement_texts: Mapping[int, str],
    options: _Options,
    labels_and_pin: str | None = None,
) -> str:
    """The picture; ``labels_and_pin`` replaces those of a map with groups."""
    words, zoom = options.words, options.zoom
    if facts.status == "too_little":
        body, title = _empty_sheet(facts, options), words.map_title_empty
    elif facts.status == "one_group":
        body, title = _one_region(facts, options), words.map_title_one
    else:
        body = _regions(facts, options, labels_and_pin)
        title = words.map_title.format(n=len(facts.groups))
        if zoom is not None:
            title = words.map_title_zoom.format(label=zoom)
    return picture(
        body,
        prefix=options.prefix,
        size=(WIDTH, round(options.frame.height)),
        title=title,
        desc=_description(facts, statement_texts, options),
        class_="pic-wide",
        links=options.href is not None and facts.status == "groups",
        standalone=options.standalone,
    )


def opinion_map_table(
    facts: MapFacts, *, rounding: int = 1, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    """The facts of the picture: groups and sizes, or what is missing."""
    if facts.status == "too_little":
        return Table(
            (words.head_missing, words.head_have, words.head_need),
            tuple(
                (getattr(words, item.code), str(item.have), str(item.need))
                for item in facts.unmet_minimums
            ),
        )
    if facts.status == "one_group":
        size = participant_count(facts.diagnostics.eligible, words, rounding, minimum)
        return Table((words.head_group, words.head_people), ((words.no_groups, size),))
    rows = tuple(
        (
            who(group.label, words),
            participant_count(group.size, words, rounding, minimum),
            participant_count(group.certain, words, rounding, minimum),
        )
        for group in facts.groups
    )
    head = (words.head_group, words.head_people, words.head_sure)
    # On a Polis-like map every participant is in a group, with no degrees of certainty.
    return Table(head[:2], tuple(row[:2] for row in rows)) if facts.parity else Table(head, rows)


def _description(facts: MapFacts, texts: Mapping[int, str], options: _Options) -> str:
    words = options.words
    if facts.status == "too_little":
        return ". ".join(
            [words.too_little, *(_missing(item, words) for item in facts.unmet_minimums)]
        )
    size = participant_count(facts.diagnostics.eligible, words, options.rounding, options.minimum)
    if facts.status == "one_group":
        parts = [words.no_groups_desc, f"{size}.", words.map_desc]
        return " ".join(parts + ([words.you_desc] if options.you else []))
    parts = [words.map_desc, words.map_lines]
    for group in facts.groups:
        size = participant_count(group.size, words, options.rounding, options.minimum)
        parts.append(
            words.group_of.format(label=group.label, people=size) + _marks_of(group, texts, words)
        )
    if not facts.parity:
        unsure = about_participants(
            facts.diagnostics.unsure, words, options.rounding, options.minimum
        )
        parts.append(words.unsure_people.format(people=unsure) + ".")
    if options.you:
        seen = _is_on_sheet(_plane(facts, options).point(*options.you), options.frame)
        parts.append(words.you_desc if seen else words.you_outside)
    return " ".join(parts)


def _marks_of(group: Group, texts: Mapping[int, str], words: Words) -> str:
    for item in group.representative:
        if item.statement in texts:
            template = words.more_agree if item.direction == "agree" else words.more_disagree
            return ", " + template.format(text=f"“{texts[item.statement]}”") + "."
    return "."


def _missing(item: UnmetMinimum, words: Words) -> str:
    template: str = getattr(words, f"need_{item.code}")
    return template.format(have=item.have, need=item.need)


def _plane(facts: MapFacts, options: _Options) -> PlotArea:
    shown = [g for g in facts.groups if options.zoom in (None, g.label)]
    points = [options.you] if options.you and options.zoom is None else []
    return fit(shown, points, options.frame.inner)


def _frame(facts: MapFacts, options: _Options) -> _Frame:
    """As high as the fitted regions, with room for a label above and below a flat one."""
    if facts.status != "groups":
        return _Frame()
    plane, reach = _plane(facts, options), radius_for(_CONTOURS[0])
    edges = [plane.point(*options.you)[1]] if options.you and options.zoom is None else []
    for group in facts.groups:
        if options.zoom in (None, group.label):
            x, y = group.centre
            high = max(reach * max(0.0, group.covariance[2]) ** 0.5, 30 / plane.scale)
            edges += [plane.point(x, y - high)[1], plane.point(x, y + high)[1]]
    needed = max(edges) - min(edges) + (HIGHEST - (_Frame().inner.bottom - _Frame().inner.top))
    crowded = 28 * max(0, len(facts.groups) - 2)  # room for labels side by side
    return _Frame(min(HIGHEST, max(LOWEST + crowded, needed)))


def _is_on_sheet(point: Point, frame: _Frame) -> bool:
    return box_at(*point, 2, 2).outside(frame.sheet) == 0


def _sheet(options: _Options, *body: str) -> str:
    """The map's sheet: a fine grid, the content, and a double frame as in an atlas."""
    sheet, prefix = options.frame.sheet, options.prefix
    step = (sheet.right - sheet.left) / 8
    lines = [f"M{sheet.left + k * step:g} {sheet.top:g}V{sheet.bottom:g}" for k in range(1, 8)]
    rows = int((sheet.bottom - sheet.top) // step)
    lines += [
        f"M{sheet.left:g} {sheet.top + k * step:g}H{sheet.right:g}" for k in range(1, rows + 1)
    ]
    clip = tag("clipPath", _frame_rect(sheet, None), id=f"{prefix}-clip")
    return "".join(
        (
            tag("defs", clip),
            _frame_rect(sheet, "pic-paper"),
            tag("path", d="".join(lines), class_="pic-grid"),
            tag("g", *body, clip_path=f"url(#{prefix}-clip)"),
            _frame_rect(sheet, "pic-frame"),
            _frame_rect(sheet.grown(4), "pic-frame"),
        )
    )


def _frame_rect(box: Box, css: str | None) -> str:
    return tag(
        "rect",
        x=box.left,
        y=box.top,
        width=box.right - box.left,
        height=box.bottom - box.top,
        class_=css,
    )


def _caption(options: _Options) -> str:
    caption, at = options.words.map_caption, options.frame.height - 11
    return text(WIDTH / 2, at, caption, "pic-soft pic-small", "middle")


def _empty_sheet(facts: MapFacts, options: _Options) -> str:
    words = options.words
    lines = [_missing(item, words) for item in facts.unmet_minimums]
    sheet = options.frame.sheet
    top = (sheet.top + sheet.bottom) / 2 - 12 * len(lines)
    middle = WIDTH / 2
    shown = [text(middle, top, words.too_little, "pic-strong pic-halo", "middle")]
    for k, line in enumerate(lines):
        shown.append(text(middle, top + 28 + 22 * k, line, "pic-soft pic-halo", "middle"))
    return _sheet(options, *shown)


def _one_region(facts: MapFacts, options: _Options) -> str:
    """One plain region without a letter, because it is not a group."""
    words = options.words
    group = facts.groups[0] if facts.groups else Group("", 0, 0, (0, 0), (1, 0, 1), ())
    plane = fit([group], [options.you] if options.you else [], options.frame.inner)
    name = f"{options.prefix}-hatch-all"
    region = _ellipses(plane, group, EVERYONE_STYLE, name)
    size = participant_count(facts.diagnostics.eligible, words, options.rounding, options.minimum)
    x, y = plane.point(*group.centre)
    taken = [box_at(x, y, 200, 48)]
    labels = text(x, y - 2, words.no_groups, "pic-strong pic-halo", "middle")
    labels += text(x, y + 18, size, "pic-halo", "middle")
    pin = _pin(plane, options, taken)
    defs = tag("defs", hatch(name, EVERYONE_STYLE))
    return defs + _sheet(options, region, labels, pin) + _caption(options)


def _regions(facts: MapFacts, options: _Options, labels_and_pin: str | None) -> str:
    plane = _plane(facts, options)
    defs, regions = [], []
    # The largest first, so that a large region never hides a small one.
    for group in sorted(facts.groups, key=lambda g: (-g.size, g.label)):
        style = style_of(group.label)
        name = f"{options.prefix}-hatch-{group.label}"
        defs.append(hatch(name, style))
        region = _ellipses(plane, group, style, name)
        far = options.zoom is not None and group.label != options.zoom
        region = tag("g", region, class_="pic-far" if far else None)
        if options.href is not None:
            label = who(group.label, options.words)
            region = tag("a", region, href=options.href(group.label), aria_label=label)
        regions.append(region)
    if labels_and_pin is None:
        taken = _pin_boxes(plane, options)
        labels_and_pin = _labels(plane, facts, options, taken)
        labels_and_pin += _pin(plane, options, taken)
    sheet = _sheet(options, *regions, labels_and_pin)
    return tag("defs", *defs) + sheet + _caption(options)


def _labels(plane: PlotArea, facts: MapFacts, options: _Options, taken: list[Box]) -> str:
    """All groups' labels, off the boxes that are taken, to which their own are added."""
    return "".join(_label(plane, group, options, taken) for group in facts.groups)


def _ellipses(plane: PlotArea, group: Group, style: GroupStyle, hatch_name: str) -> str:
    """Contours as on a relief map: shading and dashes outside, hatching and lines inside."""
    one = plane.ellipse(group)
    drawn = []
    for share in _CONTOURS:
        reach = radius_for(share)
        outer = share == _CONTOURS[0]
        ellipse: dict[str, str | float | None] = {
            "cx": one.x,
            "cy": one.y,
            "rx": one.rx * reach,
            "ry": one.ry * reach,
            "transform": f"rotate({one.angle:.1f} {one.x:.2f} {one.y:.2f})",
        }
        dash = style.dash if outer and style.dash != "none" else None
        css = f"{'pic-region' if outer else 'pic-contour'} {style.css}"
        drawn.append(tag("ellipse", **ellipse, class_=css, stroke_dasharray=dash))
        if outer:
            drawn.append(tag("ellipse", **ellipse, fill=f"url(#{hatch_name})"))
    return "".join(drawn)


def _label(plane: PlotArea, group: Group, options: _Options, taken: list[Box]) -> str:
    """Shape and letter with the size below; with a line to the centre if the label had to move."""
    x, y = plane.point(*group.centre)
    if not _is_on_sheet((x, y), options.frame):
        return ""
    size = participant_count(group.size, options.words, options.rounding, options.minimum)
    width = max(_LETTER_WIDTH, len(size) * _CHARACTER)
    at_x, at_y = place(x, y, width, _LABEL_HEIGHT, taken, options.frame.sheet.grown(-4))
    taken.append(box_at(at_x, at_y, width, _LABEL_HEIGHT))
    style = style_of(group.label)
    shown = [
        mark(style.shape, at_x - 13, at_y - 11, 15, style.css),
        text(at_x + 9, at_y - 2, group.label, "pic-letter pic-halo", "middle"),
        text(at_x, at_y + 17, size, "pic-halo", "middle"),
    ]
    end_x, end_y = edge_towards(taken[-1], x, y)
    if hypot(end_x - x, end_y - y) > 8:
        shown.append(tag("line", x1=x, y1=y, x2=end_x, y2=end_y, class_="pic-leader"))
        shown.append(tag("circle", cx=x, cy=y, r=2, class_="pic-pin"))
    return "".join(shown)


def _pin_boxes(plane: PlotArea, options: _Options) -> list[Box]:
    if options.you is None:
        return []
    x, y = plane.point(*options.you)
    return [Box(x - 12, y - 34, x + 12, y + 4)]


def _pin(plane: PlotArea, options: _Options, taken: list[Box]) -> str:
    """A pin at the participant's position, with its label beside it."""
    if options.you is None:
        return ""
    x, y = plane.point(*options.you)
    if not _is_on_sheet((x, y), options.frame):
        return ""
    label = options.words.you
    width = len(label) * _CHARACTER + 8
    boxes = [*taken, *_pin_boxes(plane, options)]
    at_x, at_y = place(x + 16 + width / 2, y - 22, width, 22, boxes, options.frame.sheet.grown(-4))
    body = (
        f"M{x:.2f} {y:.2f}C{x - 4:.2f} {y - 10:.2f} {x - 10:.2f} {y - 13:.2f} "
        f"{x - 10:.2f} {y - 21:.2f}A10 10 0 1 1 {x + 10:.2f} {y - 21:.2f}"
        f"C{x + 10:.2f} {y - 13:.2f} {x + 4:.2f} {y - 10:.2f} {x:.2f} {y:.2f}Z"
    )
    return "".join(
        (
            tag("path", d=body, class_="pic-pin"),
            tag("circle", cx=x, cy=y - 21, r=4, class_="pic-pin-eye"),
            text(at_x, at_y + 5, label, "pic-strong pic-halo", "middle"),
        )
    )
