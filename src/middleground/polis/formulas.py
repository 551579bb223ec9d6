"""Texts in CSV files that a spreadsheet would take for formulas, which may send data elsewhere.

An apostrophe before such a text makes it a text for spreadsheets. A text that begins with
apostrophes and then like a formula gets one more, so that taking one away gives every text back.
The same holds after a semicolon within a text: where the comma writes decimals, spreadsheets split
a file there, whatever quotes stand around.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = int | float | str | None

ESCAPED = "formulas-escaped"  # the row of summary.csv that tells a reader to take them away

# Also the wide forms, which spreadsheets of some languages read as the narrow ones.
_FORMULA = re.compile(r"(^|; *)(?='*[=+\-@\t\r\n＝＋－＠])")
_ESCAPED = re.compile(r"(^|; *)'(?='*[=+\-@\t\r\n＝＋－＠])")


def without_formula(text: str) -> str:
    # Of the thousands of texts in a file hardly one needs the search.
    if ";" not in text and not _FORMULA.match(text):
        return text
    return _FORMULA.sub(r"\1'", text)


def with_formula(text: str) -> str:
    """The text from which ``without_formula`` made this one."""
    return _ESCAPED.sub(r"\1", text)


def csv_table(columns: Sequence[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """The rows below the names of their columns, without texts that act as formulas.

    UTF-8 with a byte-order mark, without which spreadsheets misread non-English letters.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    return without_formula(cell) if isinstance(cell, str) else cell
