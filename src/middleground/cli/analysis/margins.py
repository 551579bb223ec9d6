"""``--attributes`` and ``--margins``: two CSV files, for weighting a map to a population.

Attributes: the column ``participant``, then one column for each attribute, with a category in each
cell; empty means unknown. Margins: the columns ``attribute``, ``category`` and ``share``.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.engine import Attribute, Margins


class BadTable(ValueError):
    """A file cannot be used; the message says which, and why."""


def read_attributes(path: Path) -> dict[str, Attribute]:
    """Read participants' attributes, by the attribute's name."""
    from middleground.engine import Attribute, InvalidVotes

    rows = _rows(path, ("participant",))
    found: dict[str, tuple[list[int], list[str]]] = {}
    for line, row in rows:
        try:
            person = int(row["participant"])
        except ValueError as error:
            message = f"{path}, line {line}: {row['participant']!r} is no participant's number."
            raise BadTable(message) from error
        for name, category in row.items():
            if name != "participant" and category.strip():
                participants, categories = found.setdefault(name, ([], []))
                participants.append(person)
                categories.append(category.strip())
    try:
        return {name: Attribute(*lists) for name, lists in found.items()}
    except InvalidVotes as error:
        raise BadTable(f"{path}: {error}") from error


def read_margins(path: Path, attributes: dict[str, Attribute]) -> Margins:
    from middleground.engine import CannotWeight, Margins

    targets: dict[str, dict[str, float]] = {}
    for line, row in _rows(path, ("attribute", "category", "share")):
        try:
            share = float(row["share"])
        except ValueError as error:
            message = f"{path}, line {line}: {row['share']!r} is no share."
            raise BadTable(message) from error
        targets.setdefault(row["attribute"].strip(), {})[row["category"].strip()] = share
    if not targets:
        raise BadTable(f"{path} has no shares.")
    try:
        return Margins(attributes, targets)
    except CannotWeight as error:
        raise BadTable(f"{path}: {error}") from error


def _rows(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="", restkey="")
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise BadTable(f"{path} has no column {missing[0]!r}.")
            return [
                (reader.line_num, {name: cell for name, cell in row.items() if name})
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path} cannot be read: {error}") from error
