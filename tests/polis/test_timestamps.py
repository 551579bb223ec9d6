"""Times of exports are read and written to the millisecond."""

from __future__ import annotations

import pytest

from middleground.polis.timestamps import format_moment, parse_moment

MOMENT = 1_542_431_376_000  # 2018-11-17 05:09:36 UTC
DAY = 86_400_000


@pytest.mark.parametrize(
    ("cell", "milliseconds"),
    [
        ("1542431376", MOMENT),
        ("1542431376123", MOMENT + 123),
        (" 1542431376123.9 ", MOMENT + 123),
        ("99999999999", 99_999_999_999_000),
        ("100000000000", 100_000_000_000),
        ("2018-11-17", MOMENT - (5 * 3600 + 9 * 60 + 36) * 1000),
        ("2018-11-17 05:09", MOMENT - 36_000),
        ("2018-11-17T05:09:36", MOMENT),
        ("2018-11-17T05:09:36Z", MOMENT),
        ("2018-11-17 05:09:36 UTC", MOMENT),
        ("2018-11-17 05:09:36 GMT", MOMENT),
        ("2018-11-17T05:09:36.1Z", MOMENT + 100),
        ("2018-11-17T05:09:36.123999999Z", MOMENT + 123),
        ("2018-11-17T06:09:36+01:00", MOMENT),
        ("2018-11-16T23:39:36-0530", MOMENT),
        ("Sat Nov 17 05:09:36 UTC 2018", MOMENT),
        ("Sat Nov 17 06:09:36 +0100 2018", MOMENT),
        ("Thu Mar  1 00:00:00 GMT 2018", 1_519_862_400_000),
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59.999", -1),
        ("1969-12-31T23:59:59.9996", -1),
        ("0001-01-01T00:00+01:00", -62_135_600_400_000),
        ("9999-12-31T23:59:59.999", 253_402_300_799_999),
        ("2020-02-29", 1_582_934_400_000),
    ],
)
def test_times_that_are_read(cell: str, milliseconds: int) -> None:
    assert parse_moment(cell) == milliseconds


@pytest.mark.parametrize(
    "cell",
    [
        "", "0", "12345678", "12345678901234567", "yesterday",
        "2019-02-29", "2018-13-01", "2018-00-10", "2018-11-00", "0000-01-01",
        "2018-11-17T24:00", "2018-11-17T05:60", "2018-11-17T05:09:60", "2018-11-17T5:09",
        "2018-11-17T05:09:36.1234567890", "2018-11-17T05:09:36 WIB", "2018-11-17T05:09:36+1",
        "17.11.2018", "Sat Nov 31 05:09:36 UTC 2018", "Sat Abc 17 05:09:36 UTC 2018",
        "Sat Nov 17 05:09:36 WIB 2018", "٢٠١٨-١١-١٧",
    ],
)  # fmt: skip
def test_invalid_and_ambiguous_times_are_not_read(cell: str) -> None:
    assert parse_moment(cell) is None


@pytest.mark.parametrize("month", range(12))
def test_every_month_has_its_name(month: int) -> None:
    name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    cell = f"Mon {name[month]} 7 12:00:00 UTC 2026"
    assert parse_moment(cell) == parse_moment(f"2026-{month + 1:02d}-07 12:00")


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (MOMENT + 123, "2018-11-17T05:09:36.123Z"),
        (MOMENT, "2018-11-17T05:09:36.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-719_162 * DAY, "0001-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_written_to_the_millisecond_and_read_back(milliseconds: int, text: str) -> None:
    assert format_moment(milliseconds) == text
    assert parse_moment(text) == milliseconds


@pytest.mark.parametrize("milliseconds", [253_402_300_800_000, 9_999_999_999_999_999])
def test_times_after_the_calendar_are_written_as_numbers_and_read_back(milliseconds: int) -> None:
    assert format_moment(milliseconds) == str(milliseconds)
    assert parse_moment(str(milliseconds)) == milliseconds


def test_a_time_before_the_calendar_is_written_as_a_number() -> None:
    assert format_moment(-719_162 * DAY - 1) == str(-719_162 * DAY - 1)
