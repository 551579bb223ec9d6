"""Writes a Polis export folder, so that reading it returns the same conversation.

What middleground does not know is left empty: the time of a vote (it is never stored), Polis's
group of a participant, and views. Texts that a spreadsheet would take for formulas get an
apostrophe, and summary.csv says so: in an export of Polis itself an apostrophe belongs to the text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from middleground.engine.votes import Votes
from middleground.polis.export import PolisExport, Status
from middleground.polis.formulas import ESCAPED, without_formula
from middleground.polis.timestamps import format_moment

_MODERATED: dict[Status, int] = {"rejected": -1, "unmoderated": 0, "accepted": 1}

Cell = str | int


def write_export(export: PolisExport, folder: str | Path) -> None:
    """Write summary.csv, comments.csv, votes.csv and participants-votes.csv into ``folder``.

    Creates the folder if needed and replaces files with these names. +1 means agree.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write_about(export, target)
    last = export.last_votes()
    _write(target / "votes.csv", _votes(export.votes))
    _write(target / "participants-votes.csv", _participants(export, last))


def write_about(export: PolisExport, folder: Path) -> None:
    """Write summary.csv and comments.csv only."""
    last = export.last_votes()
    _write(folder / "summary.csv", _summary(export, last))
    _write(folder / "comments.csv", _comments(export, last))


def _write(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        # All texts are quoted, because a lone carriage return would otherwise end the row.
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: Cell) -> Cell:
    return without_formula(cell) if isinstance(cell, str) else cell


def _summary(export: PolisExport, last: Votes) -> list[Sequence[Cell]]:
    voters = len(np.unique(last.participant))
    authors = {item.author for item in export.statements if item.author is not None}
    return [
        ("topic", export.topic),
        ("url", export.url),
        ("voters", voters),
        ("voters-in-conv", voters),
        ("commenters", len(authors)),
        ("comments", len(export.statements)),
        ("conversation-description", export.description),
        (ESCAPED, "yes"),
    ]


def _comments(export: PolisExport, last: Votes) -> Iterable[Sequence[Cell]]:
    yield (
        "timestamp", "datetime", "comment-id", "author-id",
        "agrees", "disagrees", "moderated", "comment-body",
    )  # fmt: skip
    agrees = _count(last.statement[last.value == 1])
    disagrees = _count(last.statement[last.value == -1])
    for item in export.statements:
        known = item.created is not None
        yield (
            item.created if item.created is not None else "",
            format_moment(item.created or 0) if known else "",
            item.id,
            "" if item.author is None else item.author,
            agrees.get(item.id, 0),
            disagrees.get(item.id, 0),
            _MODERATED[item.status],
            item.text,
        )


def _count(ids: np.ndarray) -> dict[int, int]:
    distinct, counts = np.unique(ids, return_counts=True)
    return dict(zip(distinct.tolist(), counts.tolist(), strict=True))


def _votes(votes: Votes) -> Iterable[Sequence[Cell]]:
    yield ("timestamp", "datetime", "comment-id", "voter-id", "vote")
    columns = (votes.statement.tolist(), votes.participant.tolist(), votes.value.tolist())
    for statement, participant, value in zip(*columns, strict=True):
        yield ("", "", statement, participant, value)


def _participants(export: PolisExport, last: Votes) -> Iterable[Sequence[Cell]]:
    ids = [item.id for item in export.statements]
    place = {statement: k for k, statement in enumerate(ids)}
    yield ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *ids)
    written = _count(np.array([s.author for s in export.statements if s.author is not None], int))
    participants, starts = np.unique(last.participant, return_index=True)
    # last_votes() is ordered by participant, so each participant is one slice.
    ends = np.append(starts, len(last))[1:]
    for person, start, end in zip(participants.tolist(), starts, ends, strict=True):
        values = last.value[start:end]
        cells: list[Cell] = [""] * len(ids)
        for statement, value in zip(
            last.statement[start:end].tolist(), values.tolist(), strict=True
        ):
            cells[place[statement]] = value
        agree, disagree = int((values == 1).sum()), int((values == -1).sum())
        yield (person, "", written.get(person, 0), len(values), agree, disagree, *cells)
