"""Spreadsheets are read with bounded memory and time, whatever they claim to be."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from middleground.texts import spreadsheet
from middleground.texts.spreadsheet import BadSpreadsheet, is_spreadsheet, read_spreadsheet
from texts.spreadsheets import ods, xlsx

ROWS = [["n", "text"], ["1", "Fish & ships"], ["2", "  Größe, Ελλάδα, ไทย "]]


def zipped(name: str, content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("make", [xlsx, ods])
def test_cells_are_read_as_text(make: Callable[..., bytes]) -> None:
    assert is_spreadsheet(make(ROWS))
    assert read_spreadsheet(make(ROWS)) == [ROWS]


def test_numbers_are_text_too() -> None:
    more = '<row r="9"><c r="A9"><v>7</v></c><c r="B9"><v>0.5</v></c></row>'
    assert read_spreadsheet(xlsx([["n", "text"]], more))[0][-1] == ["7", "0.5"]


def long_cell(megabytes: int) -> bytes:
    """A sheet with one cell of one letter, packed piece by piece."""
    file, sheet = io.BytesIO(), "xl/worksheets/sheet1.xml"
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([["text"], ["@@"]]))) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in given.namelist():
            before, _, after = given.read(name).partition(b"@@")
            with archive.open(name, "w") as entry:
                entry.write(before)
                for _piece in range(megabytes if name == sheet else 0):
                    entry.write(b"A" * 1_000_000)
                entry.write(after)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "too_large"),
    [
        # One cell at the very end of a sheet of 17 thousand million.
        (lambda: xlsx(ROWS, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), True),
        (lambda: long_cell(200), True),
        (lambda: b"PK\x03\x04 and no more", False),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), False),
        (lambda: zipped("a.txt", "no sheet"), False),
    ],
    ids=["far cell", "long cell", "broken zip", "broken xls", "no sheet"],
)
def test_what_is_too_large_or_broken_is_refused(
    content: Callable[[], bytes], too_large: bool
) -> None:
    file = content()
    assert len(file) < 1_000_000
    with pytest.raises(BadSpreadsheet) as caught:
        read_spreadsheet(file)
    assert caught.value.too_large is too_large


def test_a_long_cell_within_the_limits_is_read() -> None:
    """As a control: it is the size that is refused, not the making of the file."""
    assert len(read_spreadsheet(long_cell(1))[0][1][0]) == 1_000_000


def one_text_in(cells: int, length: int) -> bytes:
    """A sheet with a long text that stands once in the file, and in so many cells."""
    repeated = (
        f'<table:table-row table:number-rows-repeated="{cells}"><table:table-cell'
        f' office:value-type="string"><text:p>{"A" * length}</text:p>'
        "</table:table-cell></table:table-row>"
    )
    return ods([["text"]], repeated)


def test_one_long_text_in_many_cells_is_refused() -> None:
    """The server would read and decode what the process may hold."""
    content = one_text_in(1_000, 100_000)
    assert len(content) < 2_000
    with pytest.raises(BadSpreadsheet) as caught:
        read_spreadsheet(content)
    assert caught.value.too_large
    # The control: as many cells, and as long a text, within the limit.
    assert len(read_spreadsheet(one_text_in(1_000, 1_000))[0]) == 1_001
    assert len(read_spreadsheet(one_text_in(10, 100_000))[0]) == 11


def test_no_more_is_read_than_the_limits_allow_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    content = xlsx([["text"], ["\u0e01😀\x85" * 1_000]])
    size = len(json.dumps(read_spreadsheet(content), ensure_ascii=False).encode())
    monkeypatch.setattr(spreadsheet, "MOST_WRITTEN", size - 1)
    with pytest.raises(BadSpreadsheet) as caught:
        read_spreadsheet(content)
    assert caught.value.too_large
    monkeypatch.setattr(spreadsheet, "MOST_WRITTEN", size)
    assert len(read_spreadsheet(content)[0][1][0]) == 3_000  # the control


def test_a_process_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_SECONDS", 0)
    with pytest.raises(BadSpreadsheet) as caught:
        read_spreadsheet(xlsx(ROWS) + bytes(1_000_000))  # more than a pipe holds
    assert caught.value.too_large


def test_a_text_repeated_a_thousand_million_times_is_refused() -> None:
    repeated = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    with pytest.raises(BadSpreadsheet):
        read_spreadsheet(ods([["text"]], repeated))


def test_other_files_are_none() -> None:
    assert not is_spreadsheet(b"text\nFish\n")
