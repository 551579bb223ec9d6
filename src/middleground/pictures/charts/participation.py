"""Small pictures: participants per day, certainty of group membership, progress."""

from __future__ import annotations

from collections.abc import Sequence

from middleground.engine.facts import Group, MapFacts
from middleground.pictures.glyphs import hatch, mark, stripes
from middleground.pictures.labels import (
    ENGLISH,
    Words,
    about_participants,
    number,
    participant_count,
    who,
)
from middleground.pictures.palette import style_of
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

Day = tuple[str, int]
_LEFT, _RIGHT, _TOP, _FLOOR = 44.0, 470.0, 16.0, 170.0
_SURE = 150.0  # the width of a group's bar


def participation_chart(
    points: Sequence[Day],
    *,
    rounding: int = 1,
    minimum: int = 5,
    prefix: str = "days",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """A column for each (day, participants); below ``minimum`` it is a stub without a figure."""
    return picture(
        _days_body(points, minimum, prefix, words) if points else _days_empty(words),
        prefix=prefix,
        size=(480, 200),
        title=words.days_title,
        desc=_days_desc(points, rounding, minimum, words),
        class_="pic-wide",
        standalone=standalone,
    )


def participation_table(
    points: Sequence[Day], *, rounding: int = 1, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    rows = tuple((day, _day_count(count, rounding, minimum, words)) for day, count in points)
    return Table((words.head_day, words.head_people), rows)


def _day_count(count: int, rounding: int, minimum: int, words: Words) -> str:
    return participant_count(count, words, rounding, minimum if count else 0)


def _days_desc(points: Sequence[Day], rounding: int, minimum: int, words: Words) -> str:
    if not points:
        return words.days_empty
    most = _day_count(max(count for _, count in points), rounding, minimum, words)
    first, last = points[0][0], points[-1][0]
    return words.days_desc.format(first=first, last=last, most=most)


def _days_empty(words: Words) -> str:
    return tag("path", d=f"M{_LEFT:g} {_FLOOR:g}H{_RIGHT:g}", class_="pic-axis") + text(
        240, 100, words.days_empty, "pic-soft", "middle"
    )


def round_top(highest: int) -> int:
    """The end of a scale: the smallest of 1, 2, 4, 6 or 8 times a power of ten that fits."""
    top = 1
    while True:
        for step in (1, 2, 4, 6, 8):
            if step * top >= max(4, highest):
                return step * top
        top *= 10


def _days_body(points: Sequence[Day], minimum: int, prefix: str, words: Words) -> str:
    top = round_top(max(count for _, count in points))
    height, step = _FLOOR - _TOP, (_RIGHT - _LEFT) / len(points)
    drawn = [tag("defs", stripes(f"{prefix}-none", "pic-withheld-line", 45, 4))]
    for share in (0.5, 1.0):
        y = _FLOOR - height * share
        drawn.append(tag("path", d=f"M{_LEFT:g} {y:g}H{_RIGHT:g}", class_="pic-grid"))
        label = number(round(top * share), words)
        drawn.append(text(_LEFT - 6, y + 4, label, "pic-soft pic-small pic-figure", "end"))
    gap = min(3.0, step * 0.2)
    for k, (_, count) in enumerate(points):
        x, few = _LEFT + k * step + gap / 2, 0 < count < minimum
        tall = height * (minimum if few else count) / top
        look: dict[str, str | float | None] = {
            "x": x,
            "y": _FLOOR - tall,
            "width": step - gap,
            "height": tall,
        }
        if few:
            drawn.append(tag("rect", **look, fill=f"url(#{prefix}-none)"))
        elif count:
            drawn.append(tag("rect", **look, class_="pic-column"))
    drawn.append(tag("path", d=f"M{_LEFT:g} {_FLOOR:g}H{_RIGHT:g}", class_="pic-axis"))
    first, last = points[0][0], points[-1][0]
    drawn.append(text(_LEFT, _FLOOR + 18, first, "pic-soft pic-small"))
    if len(points) > 1:
        drawn.append(text(_RIGHT, _FLOOR + 18, last, "pic-soft pic-small", "end"))
    return "".join(drawn)


def sureness(
    facts: MapFacts,
    *,
    rounding: int = 1,
    minimum: int = 5,
    prefix: str = "sure",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """A bar for each group: solid for participants clearly in it, hatched for the rest."""
    groups = _divided(facts)
    rows = [_sure_row(g, k, rounding, minimum, prefix, words) for k, g in enumerate(groups)]
    defs = [hatch(f"{prefix}-hatch-{g.label}", style_of(g.label)) for g in groups]
    defs.append(stripes(f"{prefix}-none", "pic-withheld-line"))
    return picture(
        tag("defs", *defs) + "".join(rows),
        prefix=prefix,
        size=(400, 10 + 26 * len(rows)),
        title=words.sure_title,
        desc=" ".join(_sure_sentence(g, rounding, minimum, words) for g in groups)
        or words.no_groups_desc,
        class_="pic-narrow",
        standalone=standalone,
    )


def sureness_table(
    facts: MapFacts, *, rounding: int = 1, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    rows = tuple(
        (who(g.label, words), *_sure_cells(g, rounding, minimum, words)) for g in _divided(facts)
    )
    return Table((words.head_group, words.head_sure, words.head_unsure), rows)


def _divided(facts: MapFacts) -> tuple[Group, ...]:
    """The groups if there is more than one; with a single group, certainty means nothing."""
    return facts.groups if facts.status == "groups" else ()


def _sure_cells(group: Group, rounding: int, minimum: int, words: Words) -> tuple[str, str]:
    """How many are clearly in the group, and how many are not; the second is a difference."""
    if group.size < minimum:
        return words.withheld.format(n=minimum), ""
    return (
        participant_count(group.certain, words, rounding, minimum),
        about_participants(group.size - group.certain, words, rounding, minimum),
    )


def _sure_sentence(group: Group, rounding: int, minimum: int, words: Words) -> str:
    sure, unsure = _sure_cells(group, rounding, minimum, words)
    if not unsure:
        return words.rate_of.format(who=who(group.label, words), figure=sure)
    return words.sure_of.format(who=who(group.label, words), sure=sure, unsure=unsure)


def _sure_row(group: Group, k: int, rounding: int, minimum: int, prefix: str, words: Words) -> str:
    y, style = 8.0 + 26 * k, style_of(group.label)
    bar: dict[str, str | float | None] = {"x": 54, "y": y, "height": 12}
    drawn = [
        mark(style.shape, 14, y + 6, 12, style.css),
        text(30, y + 11.5, group.label, "pic-strong"),
    ]
    sure, unsure = _sure_cells(group, rounding, minimum, words)
    if not unsure:
        drawn.append(tag("rect", **bar, width=_SURE, fill=f"url(#{prefix}-none)"))
        drawn.append(text(62 + _SURE, y + 11.5, sure, "pic-small"))
        return "".join(drawn)
    width = _SURE * group.certain / group.size
    drawn.append(tag("rect", **bar, width=_SURE, fill=f"url(#{prefix}-hatch-{group.label})"))
    drawn.append(tag("rect", **bar, width=width, class_=f"pic-sure {style.css}"))
    drawn.append(tag("rect", **bar, width=_SURE, class_="pic-box"))
    figure = words.sure_figure.format(people=sure)
    drawn.append(text(62 + _SURE, y + 11.5, figure, "pic-figure pic-small"))
    return "".join(drawn)


def progress_bar(
    done: int,
    total: int,
    *,
    prefix: str = "progress",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """A thin bar of progress. Raises ValueError unless 0 <= done <= total and total > 0."""
    if not 0 <= done <= total or total == 0:
        raise ValueError(f"{done} of {total} is not a progress.")
    title = words.progress_title.format(done=done, total=total)
    body = tag("rect", x=0, y=2, width=400, height=6, rx=3, class_="pic-track")
    if done:
        body += tag("rect", x=0, y=2, width=400 * done / total, height=6, rx=3, class_="pic-column")
    return picture(
        body, prefix=prefix, size=(400, 10), title=title, desc=title, standalone=standalone
    )
