"""The facts of a picture as rows of text, for the table beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of equally many cells, all plain text (not escaped)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def named_rows(self) -> list[dict[str, str]]:
        """The rows with named cells: cell1, cell2 and so on."""
        names = [f"cell{column}" for column in range(1, len(self.header) + 1)]
        return [dict(zip(names, row, strict=True)) for row in self.rows]
