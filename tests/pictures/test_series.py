"""The exact marks of a series: scale, line, band, periods, table."""

from __future__ import annotations

import re

import pytest

from middleground.pictures import Series, SeriesPoint, series_chart, series_table
from middleground.pictures.charts.series import plain, ticks

POINTS = (
    SeriesPoint("2019", 0.0, 0.0, 10.0),
    SeriesPoint("2020", 50.0, 40.0, 60.0),
    SeriesPoint("2021", 100.0),
)
SERIES = Series(POINTS, "Ships", "Quay", "ships")


def test_line_marks_band_and_labels_stand_where_the_values_are() -> None:
    svg = series_chart(SERIES)
    assert re.findall(r'<path d="([^"]+)" class="pic-series"', svg) == [
        "M52.00 190.00L222.00 106.00L392.00 22.00"
    ]
    assert re.findall(r'd="([^"]+)" fill="url\(#series-band\)"', svg) == [
        "M52.00 173.20L222.00 89.20L222.00 122.80L52.00 190.00Z"
    ]
    assert svg.count("pic-series-mark") == 3
    assert '<title id="series-title">Ships, Quay</title>' in svg
    assert (
        "From 0 ships (2019) to 100 ships (2021). Lowest: 0 ships (2019). Highest: 100 ships"
        " (2021). The striped band is the range that the source gives."
    ) in svg


def test_the_table_has_the_same_facts_and_ranges_only_where_given() -> None:
    table = series_table(SERIES)
    assert table.header == ("Period", "Value (ships)", "Range")
    assert table.rows == (("2019", "0", "0 – 10"), ("2020", "50", "40 – 60"), ("2021", "100", ""))
    bare = Series((SeriesPoint("May", -1234.5),), "Balance")
    assert series_table(bare).header == ("Period", "Value")
    assert series_table(bare).rows == (("May", "−1\u202f234.5"),)
    assert "pic-series-band" not in series_chart(bare)


def test_a_range_that_stands_alone_is_a_bar() -> None:
    svg = series_chart(Series((SeriesPoint("May", 5.0, 4.0, 6.0),), "Level"))
    (band,) = re.findall(r'd="([^"]+)" fill="url', svg)
    assert re.findall(r"[ML]([\d.]+)", band) == ["217.00", "227.00", "227.00", "217.00"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (57, 63, [56, 58, 60, 62, 64]),
        (3, 9, [0, 2, 4, 6, 8, 10]),
        (-5, 5, [-6, -4, -2, 0, 2, 4, 6]),
        (0.001, 0.0012, [0.001, 0.00105, 0.0011, 0.00115, 0.0012]),
        (5, 5, [5, 6]),
        (0, 0, [0, 0.2]),
    ],
)
def test_ticks_are_round_and_cover_the_values(
    low: float, high: float, expected: list[float]
) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert high <= found[-1]
    if low != high:
        assert found == pytest.approx(expected)


def test_values_keep_the_digits_that_they_were_given_with() -> None:
    assert [plain(value) for value in (0.1, 1e9, 12345.678, 3e14)] == [
        "0.1",
        "1\u202f000\u202f000\u202f000",
        "12\u202f345.678",
        "3e+14",
    ]


def test_what_staff_wrote_is_escaped() -> None:
    hostile = Series((SeriesPoint("<b>", 1.0),), "</title><script>", "&", "<i>")
    svg = series_chart(hostile)
    assert re.findall(r"<(?:b|i|script)>", svg) == []
    assert svg.count("&lt;script&gt;") == 1
