"""Reads the votes of an export from its list of votes, or from its table of participants."""

from __future__ import annotations

import numpy as np

from middleground.polis.csv_file import Sheet, parse_integer, parse_integers, quoted
from middleground.polis.export import Problem
from middleground.polis.timestamps import parse_moment
from middleground.polis.vote_sign import IntArray

Columns = tuple[IntArray, IntArray, IntArray]


def listed_votes(
    sheet: Sheet, known: set[int], problems: list[Problem], notes: list[str]
) -> Columns:
    """The votes of votes.csv, ordered by participant, then statement, then time."""
    names = ("voter-id", "comment-id", "vote")
    cells = [sheet.column(name) or [] for name in names]
    person, statement, value = (parse_integers(column) for column in cells)
    good = []
    for k, row in enumerate(zip(person, statement, value, strict=True)):
        if row[0] is not None and row[1] in known and row[2] in (-1, 0, 1):
            good.append(k)
        else:
            reason = _fault(row, tuple(column[k] for column in cells))
            problems.append(Problem(sheet.name, sheet.lines[k], reason))
    rows = np.array(good, dtype=np.int64)
    return _in_order(
        _arrays([(person[k], statement[k], value[k]) for k in good]), rows, sheet, notes
    )


def tabled_votes(sheet: Sheet, known: set[int], problems: list[Problem]) -> Columns:
    """The votes of participant-votes.csv: one row per participant, a column per statement."""
    columns = [(k, parse_integer(name)) for k, name in enumerate(sheet.header)]
    numbered = [(k, number) for k, number in columns if number is not None]
    for _, number in numbered:
        if number not in known:
            reason = f"the column of statement {number}, which comments.csv does not have"
            problems.append(Problem(sheet.name, 1, reason))
    used = [(k, number) for k, number in numbered if number in known]
    votes: list[tuple[int | None, ...]] = []
    seen: set[int] = set()
    for row, person in enumerate(parse_integers(sheet.column("participant") or [])):
        if person is None or person in seen:
            why = "was given before" if person is not None else "is not a number"
            reason = f"participant {quoted(_first(sheet, row))!r} {why}"
            problems.append(Problem(sheet.name, sheet.lines[row], reason))
            continue
        seen.add(person)
        _row_votes(sheet, row, person, used, votes, problems)
    arrays = _arrays(votes)
    order = np.lexsort((arrays[1], arrays[0]))
    return arrays[0][order], arrays[1][order], arrays[2][order]


def groups_of(sheet: Sheet | None) -> dict[int, int]:
    """The group of each participant who is in one, as whoever wrote the export computed it."""
    if sheet is None:
        return {}
    people, groups = sheet.column("participant"), sheet.column("group-id")
    if people is None or groups is None:
        return {}
    pairs = zip(parse_integers(people), parse_integers(groups), strict=True)
    return {
        person: group
        for person, group in pairs
        if person is not None and group is not None and group >= 0
    }


def _row_votes(
    sheet: Sheet,
    row: int,
    person: int,
    used: list[tuple[int, int]],
    votes: list[tuple[int | None, ...]],
    problems: list[Problem],
) -> None:
    cells = sheet.rows[row]
    for k, statement in used:
        cell = cells[k]
        if not cell:
            continue
        value = parse_integer(cell)
        if value in (-1, 0, 1):
            votes.append((person, statement, value))
        elif cell.strip():
            reason = f"the vote on {statement} is {quoted(cell)!r}, not -1, 0 or 1"
            problems.append(Problem(sheet.name, sheet.lines[row], reason))


def _first(sheet: Sheet, row: int) -> str:
    return sheet.rows[row][sheet.header.index("participant")]


def _fault(row: tuple[int | None, ...], cells: tuple[str, ...]) -> str:
    if row[0] is None:
        return f"voter-id is {quoted(cells[0])!r}, not a number"
    if row[1] is None:
        return f"comment-id is {quoted(cells[1])!r}, not a number"
    if row[2] not in (-1, 0, 1):
        return f"the vote is {quoted(cells[2])!r}, not -1, 0 or 1"
    return f"a vote on statement {row[1]}, which comments.csv does not have"


def _arrays(rows: list[tuple[int | None, ...]]) -> Columns:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _in_order(votes: Columns, rows: IntArray, sheet: Sheet, notes: list[str]) -> Columns:
    """Order by participant, then statement, then time for repeated votes.

    Times are read for repeated votes only and then dropped, because who voted when is private. If
    one of these times is unreadable, the order of the file is used for all of them.
    """
    person, statement, value = votes
    order = np.lexsort((statement, person))
    again = np.zeros(len(order), dtype=bool)
    same = (np.diff(person[order]) == 0) & (np.diff(statement[order]) == 0)
    again[order[1:][same]] = again[order[:-1][same]] = True
    stamps = sheet.column("timestamp")
    if again.any() and stamps is not None:
        times = [parse_moment(stamps[k]) for k in rows[again]]
        if all(moment is not None for moment in times):
            when = np.zeros(len(order), dtype=np.int64)
            when[again] = np.array(times, dtype=np.int64)
            order = np.lexsort((when, statement, person))
        elif any(moment is not None for moment in times):
            notes.append("Some times of repeated votes cannot be read; row order was used.")
    return person[order], statement[order], value[order]
