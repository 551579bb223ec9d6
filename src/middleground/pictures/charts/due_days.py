"""Promised days on a time line: each slip stays visible beside the day that is due now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from middleground.pictures.labels import ENGLISH, Words
from middleground.pictures.lines import wrap
from middleground.pictures.svg import picture, size_of, tag, text, width_in
from middleground.pictures.tables import Table

_LEFT, _RIGHT, _TOP, _ROW = 8.0, 392.0, 30.0, 44.0
_NAME = 154.0  # the room of a name in the legend
_WIDE = 1.12  # a line holds two texts, so that their widths must suffice in wide fonts, too
_BESIDE = 12.0  # between what was promised and its state
_Place = Callable[[date], float]
_Told = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something promised: ``days`` are all due days, the first one first.

    ``outcome`` is "open", "kept" or "given up"; ``told`` names it in the reader's words. ``ended``
    is the day on which it was kept or given up.
    """

    what: str
    made: date
    days: tuple[date, ...]
    outcome: str
    told: str
    ended: date | None = None


def due_days(
    lines: Sequence[DueLine],
    today: date,
    day: _Told,
    *,
    prefix: str = "due",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """A row for each line. ``day`` writes a day as the reader expects it."""
    bottom = _TOP + _ROW * len(lines)
    first, last = _ends(lines, today)
    span = max(1, (last - first).days)

    def x_of(when: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (when - first).days / span

    drawn = [
        tag("path", d=f"M{x_of(today):.2f} {_TOP - 8:g}V{bottom:g}", class_="pic-half"),
        text(*_beside(x_of(today)), words.due_today, "pic-soft pic-small", _anchor(x_of(today))),
    ]
    for place, line in enumerate(lines):
        drawn += _row(line, _TOP + _ROW * place, x_of, today)
    drawn += [
        tag("path", d=f"M{_LEFT:g} {bottom:g}H{_RIGHT:g}", class_="pic-axis"),
        text(_LEFT, bottom + 18, day(first), "pic-soft pic-small"),
        text(_RIGHT, bottom + 18, day(last), "pic-soft pic-small", "end"),
        *_legend(bottom + 40, words),
    ]
    return picture(
        "".join(drawn),
        prefix=prefix,
        size=(400, bottom + 70),
        title=words.due_title,
        desc=" ".join([words.due_desc, *(_told(line, day, words) for line in lines)]),
        class_="pic-narrow",
        standalone=standalone,
    )


def due_days_table(lines: Sequence[DueLine], day: _Told, *, words: Words = ENGLISH) -> Table:
    """The same facts: each day that was promised, and how it stands."""
    header = (words.due_what, words.due_made, words.due_first, words.due_now, words.due_state)
    rows = tuple(
        (line.what, day(line.made), *_first_and_now(line, day), _state(line, day, words))
        for line in lines
    )
    return Table(header, rows)


def _first_and_now(line: DueLine, day: _Told) -> tuple[str, str]:
    return day(line.days[0]), " → ".join(day(each) for each in line.days[1:]) or "—"


def _state(line: DueLine, day: _Told, words: Words) -> str:
    if line.ended is None:
        return line.told
    return words.due_ended.format(state=line.told, day=day(line.ended))


def _told(line: DueLine, day: _Told, words: Words) -> str:
    days = " → ".join(day(each) for each in line.days)
    return words.due_line.format(what=line.what, days=days, state=_state(line, day, words))


def _ends(lines: Sequence[DueLine], today: date) -> tuple[date, date]:
    days = [today, *(line.made for line in lines)]
    days += [each for line in lines for each in line.days]
    days += [line.ended for line in lines if line.ended is not None]
    return min(days), max(days)


def _row(line: DueLine, top: float, x_of: _Place, today: date) -> list[str]:
    """What, its state, and below them the line from the promise to the day that is due now."""
    y, first, due = top + 32, x_of(line.days[0]), x_of(line.days[-1])
    css, state = "pic-small pic-halo", "pic-small pic-halo pic-strong"
    room = (_RIGHT - _LEFT - _BESIDE) / _WIDE - width_in(line.told, state)
    what = "".join(wrap(line.what, room / size_of(css), 1))
    drawn = [
        text(_LEFT, top + 16, what, css),
        text(_RIGHT, top + 16, line.told, state, "end"),
        tag("path", d=f"M{x_of(line.made):.2f} {y:g}H{first:.2f}", class_="pic-axis"),
    ]
    if len(line.days) > 1:
        drawn.append(tag("path", d=f"M{first:.2f} {y:g}H{due:.2f}", class_="pic-half"))
    end = line.ended or (today if today > line.days[-1] else None)
    if end is not None and end > line.days[-1]:  # late, so far or for good
        drawn.append(tag("path", d=f"M{due:.2f} {y:g}H{x_of(end):.2f}", class_="pic-way"))
    drawn += [_slipped(x_of(each), y) for each in line.days[:-1]]
    if line.ended is None:
        drawn.append(_due(due, y))
    else:
        drawn.append(tag("path", d=f"M{due:.2f} {y - 6:g}V{y + 6:g}", class_="pic-series"))
        drawn.append(_kept(x_of(end or today), y, kept=line.outcome == "kept"))
    return drawn


def _slipped(x: float, y: float) -> str:
    ring = tag("circle", cx=x, cy=y, r=4.5, class_="pic-series-mark")
    return ring + tag("path", d=f"M{x - 3:.2f} {y + 3:g}l6 -6", class_="pic-whisker")


def _due(x: float, y: float) -> str:
    return tag("circle", cx=x, cy=y, r=5.5, class_="pic-pin")


def _kept(x: float, y: float, *, kept: bool) -> str:
    """A tick or a cross on a disc of paper, told apart by shape."""
    disc = tag("circle", cx=x, cy=y, r=8, class_="pic-paper")
    way = f"M{x - 5:.2f} {y:g}l4 4l7 -9" if kept else f"M{x - 4:.2f} {y - 4:g}l8 8m0 -8l-8 8"
    return disc + tag("path", d=way, class_="pic-way")


def _legend(y: float, words: Words) -> list[str]:
    """What the marks mean."""

    def named(x: float, below: float, name: str) -> str:
        return text(_LEFT + x, y + below + 4, name, "pic-soft pic-small", room=_NAME)

    return [
        _slipped(_LEFT + 6, y), named(18, 0, words.due_slipped),
        _due(_LEFT + 206, y), named(218, 0, words.due_due),
        _kept(_LEFT + 6, y + 20, kept=True), named(18, 20, words.due_kept),
        _kept(_LEFT + 206, y + 20, kept=False), named(218, 20, words.due_given_up),
    ]  # fmt: skip


def _beside(x: float) -> tuple[float, float]:
    return x, _TOP - 13


def _anchor(x: float) -> str:
    if x < _LEFT + 30:
        return "start"
    return "end" if x > _RIGHT - 30 else "middle"
