"""The facts of a picture as rows of text, for the table beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of equally many cells, all plain text (not escaped)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
