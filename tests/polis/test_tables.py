"""A table for spreadsheets: no text in it is a formula, whichever column it is in."""

from __future__ import annotations

from middleground.polis.tables import csv_table


def test_texts_are_made_harmless_once_and_numbers_stay() -> None:
    made = csv_table(("number", "text"), [(-1, "=1+1"), (None, "'=1"), (2.5, 'Aé, "b"')])
    assert made == (
        b"\xef\xbb\xbfnumber,text\r\n-1,'=1+1\r\n,''=1\r\n" + '2.5,"Aé, ""b"""\r\n'.encode()
    )
