"""Writes a Polis export folder, so that reading it returns the same conversation.

What middleground does not know is left empty: the time of a vote (it is never stored), and views.
Texts that a spreadsheet would take for formulas get an apostrophe, and summary.csv says so: in an
export of Polis itself an apostrophe belongs to the text.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from middleground.engine.votes import Votes
from middleground.polis.export import PolisExport, Status
from middleground.polis.files import COMMENTS, MAP, MATRIX, OLD_MATRIX, SUMMARY, VOTES
from middleground.polis.formulas import ESCAPED, without_formula
from middleground.polis.map_setup import settings_of, tables_of
from middleground.polis.timestamps import format_moment

GROUPS = "comment-groups.csv"
CONVENTION = "agree=+1;disagree=-1;pass=0"
_MODERATED: dict[Status, int] = {"rejected": -1, "unmoderated": 0, "accepted": 1}

Cell = str | int


def write_export(export: PolisExport, folder: str | Path, *, older: bool = False) -> None:
    """Write the files that Polis gives out today, or those of its ``older`` exporter.

    Creates the folder if needed and replaces files with these names. +1 means agree. With a
    ``setup`` there are three more files, which only middleground reads.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write_about(export, target, older=older)
    last = export.last_votes()
    _write(target / VOTES, _votes(export.votes))
    _write(target / (OLD_MATRIX if older else MATRIX), _participants(export, last))
    if not older:
        _write(target / GROUPS, _comment_groups(export, last))
    if export.setup is not None:
        for name, rows in tables_of(export, export.setup):
            _write(target / name, rows)
        (target / MAP).write_text(settings_of(export.setup), encoding="utf-8")


def write_about(export: PolisExport, folder: Path, *, older: bool = False) -> None:
    """Write summary.csv and comments.csv only."""
    last = export.last_votes()
    _write(folder / SUMMARY, _summary(export, last, older))
    _write(folder / COMMENTS, _comments(export, last, older))


def write_texts(export: PolisExport, folder: Path) -> None:
    """Write summary.csv and comments.csv with empty cells where they count people or votes."""
    blank = {"voters", "voters-in-conv", "commenters", "groups", "agrees", "disagrees"}
    last = export.last_votes()
    about = [(key, "" if key in blank else value) for key, value in _summary(export, last, False)]
    _write(folder / SUMMARY, about)
    header, *rows = _comments(export, last, False)
    empty = [name in blank for name in header]
    cells = [["" if no else cell for no, cell in zip(empty, row, strict=True)] for row in rows]
    _write(folder / COMMENTS, [header, *cells])


def _write(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        # The mark tells spreadsheets that the file is UTF-8.
        file.write(codecs.BOM_UTF8.decode())
        # All texts are quoted, because a lone carriage return would otherwise end the row.
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: Cell) -> Cell:
    return without_formula(cell) if isinstance(cell, str) else cell


def _summary(export: PolisExport, last: Votes, older: bool) -> Iterator[Sequence[Cell]]:
    authors = {item.author for item in export.statements if item.author is not None}
    yield "topic", export.topic
    yield "url", export.url
    if older:
        yield "views", ""
    yield "voters", len(np.unique(last.participant))
    yield "voters-in-conv", export.in_map
    yield "commenters", len(authors)
    yield "comments", len(export.statements)
    yield "groups", len(set(export.groups.values()))
    yield "conversation-description", export.description
    if not older:
        yield "vote-convention", CONVENTION
    yield ESCAPED, "yes"


def _comments(export: PolisExport, last: Votes, older: bool) -> Iterator[Sequence[Cell]]:
    yield (
        "timestamp", "datetime", "comment-id", "author-id",
        "agrees", "disagrees", "moderated", "comment-body",
    )  # fmt: skip
    agrees = _count(last.statement[last.value == 1])
    disagrees = _count(last.statement[last.value == -1])
    for item in export.statements:
        known = item.created is not None
        stamp = (item.created or 0) if older else (item.created or 0) // 1000
        yield (
            stamp if known else "",
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


def _votes(votes: Votes) -> Iterator[Sequence[Cell]]:
    yield ("timestamp", "datetime", "comment-id", "voter-id", "vote")
    columns = (votes.statement.tolist(), votes.participant.tolist(), votes.value.tolist())
    for statement, participant, value in zip(*columns, strict=True):
        yield ("", "", statement, participant, value)


def _participants(export: PolisExport, last: Votes) -> Iterator[Sequence[Cell]]:
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
        group = export.groups.get(person, "")
        yield (person, group, written.get(person, 0), len(values), agree, disagree, *cells)


def _comment_groups(export: PolisExport, last: Votes) -> Iterator[Sequence[Cell]]:
    """What each group said to each statement that is shown. Totals are of those in a group."""
    groups = sorted(set(export.groups.values()))
    names = [f"group-{letter_of(group)}" for group in groups]
    kinds = ("votes", "agrees", "disagrees", "passes")
    yield (
        "comment-id", "comment", *(f"total-{kind}" for kind in kinds),
        *(f"{name}-{kind}" for name in names for kind in kinds),
    )  # fmt: skip
    shown = [item for item in export.statements if item.status != "rejected"]
    place = {item.id: k for k, item in enumerate(shown)}
    counts = np.zeros((len(shown), len(groups), 3), dtype=np.int64)
    columns = (last.participant.tolist(), last.statement.tolist(), last.value.tolist())
    for person, statement, value in zip(*columns, strict=True):
        group = export.groups.get(person)
        if group is not None and statement in place:
            counts[place[statement], groups.index(group), value] += 1  # -1 is the last
    for k, item in enumerate(shown if groups else ()):
        rows = [counts[k].sum(axis=0), *counts[k]]
        cells = [int(n) for passes, yes, no in rows for n in (yes + no + passes, yes, no, passes)]
        yield (item.id, item.text, *cells)


def letter_of(group: int) -> str:
    """Polis' letter of a group: 0 is a. Groups after z have their number."""
    return chr(ord("a") + group) if 0 <= group < 26 else str(group)
