"""Tables that people open in a spreadsheet, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from middleground.polis.formulas import without_formula

Cell = int | float | str | None


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
