"""Due days as a calendar file, RFC 5545. The same entries give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.policy import check_day

PRODUCT = "-//middleground//deadlines//EN"
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day to note.

    ``uid``: the same as long as it is about the same thing, or else a reader's calendar shows it
    twice. ``changed``: when the entry last changed, which tells nothing about who asks for it.
    """

    uid: str
    day: date
    title: str
    changed: datetime
    text: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        check_day(self.day)
        if self.changed.utcoffset() is None:
            raise InvalidDeadline("moment", given=self.changed)
        if not re.fullmatch(r"[!-~]+", self.uid):
            raise InvalidDeadline("entry", what="identifier in ASCII", given=self.uid)
        if not re.fullmatch(r"[!-~]*", self.address):
            raise InvalidDeadline("entry", what="address in ASCII", given=self.address)


def calendar_file(entries: Iterable[DayEntry], name: str) -> bytes:
    """The file with an all-day event for each entry, by day. It blocks nobody's time."""
    from icalendar import Calendar, Event, vText  # slow to import, and for calendar files only

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(_clean(name)))
    seen: set[str] = set()
    for entry in sorted(entries, key=lambda each: (each.day, each.uid)):
        if entry.uid in seen:
            raise InvalidDeadline("same_uid", given=entry.uid)
        seen.add(entry.uid)
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.changed.astimezone(UTC))
        event.add("dtstart", entry.day)
        event.add("summary", _clean(entry.title))
        event.add("transp", "TRANSPARENT")
        if entry.text:
            event.add("description", _clean(entry.text))
        if entry.address:
            event.add("url", entry.address)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _clean(text: str) -> str:
    """Without control characters, which a calendar's text may not contain."""
    return _NOT_ALLOWED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
