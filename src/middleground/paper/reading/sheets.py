"""Put the pages of one sheet together, whatever order they come in.

A sheet's number is printed once, so a page that comes twice is a copy: what it says is counted
once, and where two copies say different things a person looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from middleground.paper.sheet_code import SheetCode

from .marks.own_words import OwnWords
from .marks.rows import RowReading
from .page_reading import PageReading


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet. ``code`` is that of its lowest page that was read.

    ``missing``: numbers of pages that did not come; ``copies``: how many pages came again.
    ``own``: all rooms for own statements in which something is written.
    """

    code: SheetCode
    rows: tuple[RowReading, ...]
    own: tuple[OwnWords, ...]
    missing: tuple[int, ...]
    copies: int

    @property
    def needs_a_person(self) -> bool:
        return any(row.trouble for row in self.rows)


def put_together(
    readings: Iterable[PageReading], pages_of: Callable[[SheetCode], int]
) -> list[ReadSheet]:
    """The sheets, in the order in which their first pages came.

    ``pages_of`` says how many pages the form has. Whether a sheet was counted before is not known
    here: its number is, to whoever stores it.
    """
    sheets: dict[tuple[int, int, str, str], dict[int, list[PageReading]]] = {}
    for reading in readings:
        code = reading.code
        key = (code.edition, code.form, code.digest, code.sheet)
        sheets.setdefault(key, {}).setdefault(code.page, []).append(reading)
    return [_sheet(pages, pages_of) for pages in sheets.values()]


def _sheet(pages: dict[int, list[PageReading]], pages_of: Callable[[SheetCode], int]) -> ReadSheet:
    numbers = sorted(pages)
    code = pages[numbers[0]][0].code
    every = range(1, pages_of(code) + 1)
    return ReadSheet(
        code=code,
        rows=tuple(row for number in numbers for row in _agreed(pages[number])),
        own=tuple(
            reading.own
            for number in numbers
            for reading in pages[number][:1]
            if reading.own and reading.own.written
        ),
        missing=tuple(number for number in every if number not in pages),
        copies=sum(len(copies) - 1 for copies in pages.values()),
    )


def _agreed(copies: list[PageReading]) -> list[RowReading]:
    """What all copies of a page say of each row."""
    return [_of_row(rows) for rows in zip(*(copy.rows for copy in copies), strict=True)]


def _of_row(rows: tuple[RowReading, ...]) -> RowReading:
    """The row if all copies say the same, else a trouble, with the picture of a doubtful one."""
    doubtful = next((row for row in rows if row.trouble), None)
    if doubtful:
        return doubtful
    if len({row.answer for row in rows}) == 1:
        return min(rows, key=lambda row: row.certainty)
    return replace(rows[0], answer=None, trouble="copies_differ", certainty=0.0)
