"""Pages of a sheet come in any order, twice, or not at all."""

from __future__ import annotations

from dataclasses import replace

from middleground.paper.layout import Answer
from middleground.paper.reading.marks.own_words import OwnWords
from middleground.paper.reading.marks.rows import RowReading
from middleground.paper.reading.page_reading import PageReading
from middleground.paper.reading.sheets import ReadSheet, put_together
from middleground.paper.reading.trouble import RowTrouble
from middleground.paper.sheet_code import SheetCode
from paper.reading.marked import cross, layout_of_form, marked, read, turns
from paper.samples import a_form

SHEET, OTHER = "0123456789ABCDEF", "ZZZZZZZZZZZZZZZZ"
WRITTEN = OwnWords(written=True, ink=0.01, picture=b"png")
EMPTY = OwnWords(written=False, ink=0.0, picture=None)


def row(
    statement: int, answer: Answer | None = None, trouble: RowTrouble | None = None, sure: float = 1
) -> RowReading:
    return RowReading(statement, answer, trouble, 0 if trouble else sure)


def page(
    number: int, *rows: RowReading, sheet: str = SHEET, own: OwnWords | None = None
) -> PageReading:
    return PageReading(SheetCode(12, 3, number, "es", "K3J5ABCDEF", sheet), rows, own)


def together(*pages: PageReading) -> list[ReadSheet]:
    return put_together(pages, lambda _: 2)


FIRST = page(1, row(3, "agree"), row(10))
SECOND = page(2, row(17, "pass"), own=WRITTEN)


def test_pages_in_any_order_are_one_sheet() -> None:
    (sheet,) = together(SECOND, FIRST)
    assert [sheet] == together(FIRST, SECOND)
    assert sheet == ReadSheet(FIRST.code, FIRST.rows + SECOND.rows, (WRITTEN,), (), 0)
    assert not sheet.needs_a_person


def test_a_page_that_did_not_come_is_missing() -> None:
    (sheet,) = together(SECOND)
    assert (sheet.rows, sheet.missing, sheet.code.page) == (SECOND.rows, (1,), 2)


def test_other_sheets_and_other_forms_stay_apart() -> None:
    same_number = replace(FIRST, code=replace(FIRST.code, digest="ZZZZZZZZZZ"))
    other = page(1, row(3, "pass"), sheet=OTHER)
    sheets = together(FIRST, other, same_number, SECOND)
    assert [sheet.missing for sheet in sheets] == [(), (2,), (2,)]
    assert [sheet.code.sheet for sheet in sheets] == [SHEET, OTHER, SHEET]


def test_a_copy_that_says_the_same_is_counted_once() -> None:
    less_sure = page(1, row(3, "agree", sure=0.4), row(10))
    (sheet,) = together(FIRST, SECOND, less_sure, SECOND)
    assert sheet.rows == less_sure.rows[:1] + FIRST.rows[1:] + SECOND.rows
    assert sheet.own == (WRITTEN,)
    assert sheet.copies == 2
    assert not sheet.needs_a_person


def test_a_copy_that_says_something_else_goes_to_a_person() -> None:
    changed = page(1, row(3, "disagree"), row(10, "agree"))
    for pages in ((FIRST, changed), (changed, FIRST), (FIRST, FIRST, changed)):
        (sheet,) = together(*pages, SECOND)
        assert [each.trouble for each in sheet.rows] == ["copies_differ", "copies_differ", None]
        assert [each.answer for each in sheet.rows] == [None, None, "pass"]
        assert sheet.needs_a_person


def test_a_doubtful_row_stays_doubtful_beside_a_certain_copy() -> None:
    doubtful = page(1, row(3, trouble="two_marks"), row(10))
    for pages in ((FIRST, doubtful), (doubtful, FIRST)):
        (sheet,) = together(*pages)
        assert sheet.rows[0] == doubtful.rows[0]


def test_a_marked_form_of_two_pages_is_one_sheet() -> None:
    form = a_form(tuple(f"Statement {number}." for number in range(24)))
    assert len(layout_of_form(form).pages) == 2
    pages = [read(marked(cross(), form, number), form) for number in (2, 1)]
    assert all(isinstance(page, PageReading) for page in pages)
    (sheet,) = together(*(page for page in pages if isinstance(page, PageReading)))
    assert {row.statement: row.answer or "blank" for row in sheet.rows} == {
        **turns(form, 1),
        **turns(form, 2),
    }
    assert (sheet.missing, sheet.copies, sheet.needs_a_person) == ((), 0, False)


def test_an_empty_room_for_an_own_statement_is_none() -> None:
    (sheet,) = together(page(1, row(3), own=EMPTY))
    assert sheet.own == ()
