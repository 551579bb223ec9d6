"""A series of values over periods, with the range in which each may lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

from middleground.pictures.labels import ENGLISH, Words
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

_Place = Callable[[int], float]
_Height = Callable[[float], float]
_LEFT, _RIGHT, _TOP, _FLOOR = 52.0, 392.0, 22.0, 190.0
_LABELS = 5  # periods named below the axis, at most
_MARKED = 40  # values that get a mark of their own, at most


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """A period as it is called, its value, and the ends of its range, where these are known."""

    period: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The points in order, and what they are: "Ships, a year", "Port City", "ships"."""

    points: tuple[SeriesPoint, ...]
    what: str
    place: str = ""
    unit: str = ""


def series_chart(
    series: Series, *, prefix: str = "series", words: Words = ENGLISH, standalone: bool = False
) -> str:
    """A line with a mark at each value; a hatched band shows the ranges. Never by colour alone."""
    return picture(
        _body(series, prefix),
        prefix=prefix,
        size=(400, 220),
        title=_title(series, words),
        desc=_desc(series, words),
        class_="pic-narrow",
        standalone=standalone,
    )


def series_table(series: Series, *, words: Words = ENGLISH) -> Table:
    """The same facts as rows; with the ranges, if any value has one."""
    value = f"{words.series_value} ({series.unit})" if series.unit else words.series_value
    if not _has_ranges(series):
        rows = tuple((point.period, plain(point.value)) for point in series.points)
        return Table((words.series_period, value), rows)
    return Table(
        (words.series_period, value, words.series_range),
        tuple((point.period, plain(point.value), _range(point)) for point in series.points),
    )


def plain(value: float) -> str:
    """A value with a thin space between thousands, and no more digits than it was given with."""
    shown = f"{value:,.10g}" if abs(value) < 1e10 else f"{value:.6g}"
    return shown.replace(",", "\u202f").replace("-", "−")


def _range(point: SeriesPoint) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"{plain(point.low)} – {plain(point.high)}"


def _has_ranges(series: Series) -> bool:
    return any(point.low is not None for point in series.points)


def _title(series: Series, words: Words) -> str:
    if not series.place:
        return series.what
    return words.series_title.format(what=series.what, place=series.place)


def _desc(series: Series, words: Words) -> str:
    first, last = series.points[0], series.points[-1]
    least = min(series.points, key=lambda point: point.value)
    most = max(series.points, key=lambda point: point.value)
    told = words.series_desc.format(
        first=first.period,
        first_value=_with_unit(first.value, series),
        last=last.period,
        last_value=_with_unit(last.value, series),
        least=_with_unit(least.value, series),
        least_at=least.period,
        most=_with_unit(most.value, series),
        most_at=most.period,
    )
    return f"{told} {words.series_band}" if _has_ranges(series) else told


def _with_unit(value: float, series: Series) -> str:
    return f"{plain(value)} {series.unit}".strip()


def ticks(low: float, high: float) -> list[float]:
    """Four to eight round values that cover the range; 0 is one of them if it is near."""
    if 0 < low < high / 2:
        low = 0.0
    if high / 2 < 0 and low < high < 0:
        high = 0.0
    spread = (high - low) or abs(high) or 1.0
    rough = spread / 5
    size = 10.0 ** floor(log10(rough))
    step = next(size * each for each in (1, 2, 5, 10) if size * each >= rough)
    first = floor(low / step + 1e-9)
    values = [round(first * step, 12)]
    while values[-1] < high - step * 1e-9:
        values.append(round((first + len(values)) * step, 12))
    return values if len(values) > 1 else [values[0], round((first + 1) * step, 12)]


def _body(series: Series, prefix: str) -> str:
    points = series.points
    lows = [point.value if point.low is None else point.low for point in points]
    highs = [point.value if point.high is None else point.high for point in points]
    scale = ticks(min(lows), max(highs))
    bottom, top = scale[0], scale[-1]
    step = (_RIGHT - _LEFT) / max(1, len(points) - 1)

    def x_of(place: int) -> float:
        return _LEFT + step * place if len(points) > 1 else (_LEFT + _RIGHT) / 2

    def y_of(value: float) -> float:
        return _FLOOR - (_FLOOR - _TOP) * (value - bottom) / (top - bottom)

    drawn = [tag("defs", _stripes(prefix))]
    for value in scale:
        y = y_of(value)
        drawn.append(tag("path", d=f"M{_LEFT:g} {y:.2f}H{_RIGHT:g}", class_="pic-grid"))
        drawn.append(text(_LEFT - 8, y + 4, plain(value), "pic-soft pic-small pic-figure", "end"))
    if series.unit:
        drawn.append(text(_LEFT - 8, _TOP - 9, series.unit, "pic-soft pic-small"))
    drawn += _bands(points, prefix, x_of, y_of)
    line = "L".join(f"{x_of(at):.2f} {y_of(point.value):.2f}" for at, point in enumerate(points))
    drawn.append(tag("path", d=f"M{line}", class_="pic-series"))
    if len(points) <= _MARKED:
        drawn += [
            tag("circle", cx=x_of(at), cy=y_of(point.value), r=3.5, class_="pic-series-mark")
            for at, point in enumerate(points)
        ]
    drawn.append(tag("path", d=f"M{_LEFT:g} {_FLOOR:g}H{_RIGHT:g}", class_="pic-axis"))
    drawn += _periods(points, x_of)
    return "".join(drawn)


def _stripes(prefix: str) -> str:
    return tag(
        "pattern",
        tag("path", d="M0 6L6 0", class_="pic-series-stripe"),
        id=f"{prefix}-band",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )


def _bands(points: Sequence[SeriesPoint], prefix: str, x_of: _Place, y_of: _Height) -> list[str]:
    """A band over each run of values with ranges; a bar where one stands alone."""
    drawn: list[str] = []
    run: list[int] = []
    for at in range(len(points) + 1):
        if at < len(points) and points[at].low is not None:
            run.append(at)
            continue
        if run:
            reach = 5.0 if len(run) == 1 else 0.0
            upper = [(x_of(k) - reach, y_of(points[k].high or 0.0)) for k in run[:1]]
            upper += [(x_of(k) + reach, y_of(points[k].high or 0.0)) for k in run[-1:] if reach]
            upper += [(x_of(k), y_of(points[k].high or 0.0)) for k in run[1:]]
            lower = [(x_of(k) + reach, y_of(points[k].low or 0.0)) for k in reversed(run)]
            lower += [(x_of(k) - reach, y_of(points[k].low or 0.0)) for k in run[:1] if reach]
            outline = "L".join(f"{x:.2f} {y:.2f}" for x, y in [*upper, *lower])
            drawn.append(
                tag("path", d=f"M{outline}Z", fill=f"url(#{prefix}-band)", class_="pic-series-band")
            )
        run = []
    return drawn


def _periods(points: Sequence[SeriesPoint], x_of: _Place) -> list[str]:
    """Names of some periods: the first, the last, and others at equal distances."""
    last = len(points) - 1
    count = min(_LABELS, len(points))
    places = sorted({round(last * k / max(1, count - 1)) for k in range(count)})
    drawn = []
    for at in places:
        anchor = "middle"
        if len(points) > 1 and at in {0, last}:
            anchor = "start" if at == 0 else "end"
        drawn.append(text(x_of(at), _FLOOR + 20, points[at].period, "pic-soft pic-small", anchor))
    return drawn
