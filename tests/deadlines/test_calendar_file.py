"""The calendar file: read back by the library, and the bytes themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from middleground.deadlines.calendar_file import DayEntry, calendar_file
from middleground.deadlines.errors import InvalidDeadline

CHANGED = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
TITLE = "Due: the Chief of Police, “lights; trees, paths” \\ " + "é" * 60
FIRST = DayEntry(
    "case-7@example.org", date(2028, 2, 29), "Leap", CHANGED, text="One\r\ntwo\x00\rthree"
)
LAST = DayEntry(
    "case-3@example.org",
    date(2028, 12, 31),
    TITLE,
    CHANGED.astimezone(timezone(timedelta(hours=-8))),
    address="https://example.org/d/x/answers/3/",
)


def test_the_same_entries_give_the_same_file_that_reads_back() -> None:
    made = calendar_file([LAST, FIRST], "Deadlines; all,\nof them")
    assert made == calendar_file([FIRST, LAST], "Deadlines; all,\nof them")
    read = Calendar.from_ical(made)
    first, last = read.walk("VEVENT")
    assert [str(event["uid"]) for event in (first, last)] == [FIRST.uid, LAST.uid]
    assert [event["dtstart"].dt for event in (first, last)] == [FIRST.day, LAST.day]
    assert [event["dtstamp"].dt for event in (first, last)] == [CHANGED, CHANGED]
    assert (str(first["description"]), str(last["summary"])) == ("One\ntwo\nthree", TITLE)
    assert str(last["url"]) == LAST.address
    lines = made.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert rb"X-WR-CALNAME:Deadlines\; all\,\nof them" in lines
    assert b"DTSTART;VALUE=DATE:20280229" in lines
    assert b"DTSTAMP:20260201T120000Z" in lines
    assert lines.count(b"TRANSP:TRANSPARENT") == 2


def test_an_empty_calendar_is_one_too() -> None:
    assert calendar_file([], "None") == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//middleground//deadlines//EN\r\n"
        b"X-WR-CALNAME:None\r\nEND:VCALENDAR\r\n"
    )


def test_what_would_break_the_file_is_refused() -> None:
    day = date(2026, 3, 2)
    for make, code in (
        (lambda: DayEntry("a b", day, "x", CHANGED), "entry"),
        (lambda: DayEntry("", day, "x", CHANGED), "entry"),
        (lambda: DayEntry("a", day, "x", CHANGED, address="https://x\nATTACH:y"), "entry"),
        (lambda: DayEntry("a", day, "x", datetime(2026, 3, 2)), "moment"),  # noqa: DTZ001
        (lambda: DayEntry("a", CHANGED, "x", CHANGED), "day"),
        (lambda: calendar_file([FIRST, FIRST], "x"), "same_uid"),
    ):
        with pytest.raises(InvalidDeadline) as refused:
            make()
        assert refused.value.code == code
