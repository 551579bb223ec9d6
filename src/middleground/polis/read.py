"""Reads a Polis export folder. Unreadable rows are reported, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from middleground.engine.votes import Votes
from middleground.polis.csv_file import (
    Sheet,
    parse_integer,
    parse_integers,
    quoted,
    read_pairs,
    read_sheet,
)
from middleground.polis.export import (
    InvalidExport,
    PolisExport,
    PolisStatement,
    Problem,
    Sign,
    Status,
)
from middleground.polis.formulas import ESCAPED, with_formula
from middleground.polis.timestamps import parse_moment
from middleground.polis.vote_sign import IntArray, SignChoice, decide_sign

LONGEST_TEXT = 100_000
_MODERATED: dict[int, Status] = {-1: "rejected", 0: "unmoderated", 1: "accepted"}
# Tabs and line ends may be intended; other control characters never are.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SHOWN_PROBLEMS = 20

Columns = tuple[IntArray, IntArray, IntArray]


def read_export(
    folder: str | Path,
    *,
    strict: bool = False,
    sign: SignChoice = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> PolisExport:
    """Read ``comments.csv``, the votes, and ``summary.csv`` if there is one.

    The votes come from ``votes.csv``, or, without it, from ``participants-votes.csv``.
    ``progress`` is called with bytes done and bytes in all. Whole files are held in memory.

    Raises
    ------
    InvalidExport
        No folder, no file to read, or a required column missing; with ``strict`` also if any
        row has a problem: nothing is returned then, and ``problems`` of the error lists them all.
    """
    reader = _Reader(Path(folder), progress)
    export = reader.read(sign)
    if strict and export.problems:
        shown = [str(problem) for problem in export.problems[:_SHOWN_PROBLEMS]]
        if len(export.problems) > _SHOWN_PROBLEMS:
            shown.append(f"and {len(export.problems) - _SHOWN_PROBLEMS} more")
        raise InvalidExport("\n".join(["Nothing was read:", *shown]), export.problems)
    return export


def read_about(folder: str | Path, reason: str) -> PolisExport:
    """Read ``comments.csv``, and ``summary.csv`` if there is one; the votes are elsewhere.

    ``reason`` says how it is known that +1 means agree. Without ``comments.csv``, statements have
    no texts.
    """
    found = Path(folder)
    if not (found / "comments.csv").is_file():
        nothing = "There is no comments.csv, so statements have no texts."
        sign = Sign(False, "caller", reason)
        return PolisExport("", "", "", (), Votes([], [], []), notes=(nothing,), sign=sign)
    return _Reader(found, None, with_votes=False).about(reason)


class _Reader:
    """The state of one reading: what is left to read, and the problems so far."""

    def __init__(
        self,
        folder: Path,
        progress: Callable[[int, int], None] | None,
        *,
        with_votes: bool = True,
    ) -> None:
        self.folder = folder
        self.with_votes = with_votes
        self.progress = progress
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.unread_times = 0
        self.escaped = False
        self.done = 0
        self.files = self._find()
        self.total = sum(path.stat().st_size for path in self.files.values())

    def _find(self) -> dict[str, Path]:
        if not self.folder.is_dir():
            raise InvalidExport(f"There is no folder {self.folder}.")
        names = ("summary.csv", "comments.csv", "votes.csv", "participants-votes.csv")
        found = {name: self.folder / name for name in names if (self.folder / name).is_file()}
        if "comments.csv" not in found:
            raise InvalidExport(f"There is no comments.csv in {self.folder}.")
        if self.with_votes and not {"votes.csv", "participants-votes.csv"} & set(found):
            raise InvalidExport(
                f"There is neither votes.csv nor participants-votes.csv in {self.folder}."
            )
        return found

    def read(self, choice: SignChoice) -> PolisExport:
        about = self._summary()
        comments = self._sheet("comments.csv", ("comment-id", "comment-body"))
        statements = self._statements(comments)
        known = {item.id for item in statements}
        participants: Sheet | None = None
        if "votes.csv" in self.files:
            sheet = self._sheet("votes.csv", ("comment-id", "voter-id", "vote"))
            rows = _in_order(self._votes(sheet, known), sheet, self)
            participants = self._evidence()
        else:
            self.notes.append("There is no votes.csv; votes are from participants-votes.csv.")
            participants = self._sheet("participants-votes.csv", ("participant",))
            rows = self._cells(participants, known)
        found, votes = _with_sign(choice, rows, participants, comments)
        return PolisExport(
            about.get("topic", ""),
            about.get("url", ""),
            about.get("conversation-description", ""),
            statements,
            votes,
            tuple(self.problems),
            tuple(self.notes),
            found,
        )

    def about(self, reason: str) -> PolisExport:
        about = self._summary()
        statements = self._statements(self._sheet("comments.csv", ("comment-id", "comment-body")))
        return PolisExport(
            about.get("topic", ""),
            about.get("url", ""),
            about.get("conversation-description", ""),
            statements,
            Votes([], [], []),
            tuple(self.problems),
            tuple(self.notes),
            Sign(False, "caller", reason),
        )

    def report(self, read: int) -> None:
        self.done = min(self.total, self.done + read)
        if self.progress is not None:
            self.progress(self.done, self.total)

    def _finished(self, before: int, name: str) -> None:
        """Correct the progress at a file's end: lines are counted in characters, not bytes."""
        self.report(before + self.files[name].stat().st_size - self.done)

    def _sheet(self, name: str, required: tuple[str, ...]) -> Sheet:
        before = self.done
        sheet = read_sheet(self.files[name], required, self.problems, self.report)
        self._finished(before, name)
        return sheet

    def _summary(self) -> dict[str, str]:
        if "summary.csv" not in self.files:
            self.notes.append("There is no summary.csv, so topic and address are not known.")
            return {}
        before = self.done
        pairs = read_pairs(self.files["summary.csv"], self.problems, self.report)
        self._finished(before, "summary.csv")
        self.escaped = pairs.get(ESCAPED) == "yes"
        if self.escaped:
            pairs = {key: with_formula(value) for key, value in pairs.items()}
        return {key: _CONTROL.sub("", value) for key, value in pairs.items()}

    def _evidence(self) -> Sheet | None:
        """participants-votes.csv beside votes.csv decides the sign only; its faults are ignored."""
        name = "participants-votes.csv"
        if name not in self.files:
            return None
        before = self.done
        try:
            return read_sheet(self.files[name], ("participant",), [], self.report)
        except InvalidExport:
            return None
        finally:
            self._finished(before, name)

    def _problem(self, sheet: Sheet, row: int, reason: str) -> None:
        self.problems.append(Problem(sheet.name, sheet.lines[row], reason))

    def _statements(self, sheet: Sheet) -> tuple[PolisStatement, ...]:
        cells = {
            name: sheet.column(name)
            for name in ("comment-id", "comment-body", "author-id", "moderated", "timestamp")
        }
        cells["timestamp"] = cells["timestamp"] or sheet.column("datetime")
        if cells["moderated"] is None:
            self.notes.append("comments.csv has no column moderated; all count as unmoderated.")
        found: dict[int, PolisStatement] = {}
        for k in range(len(sheet.rows)):
            row = {name: column[k] for name, column in cells.items() if column is not None}
            statement = self._statement(sheet, k, row)
            if statement is None:
                continue
            if statement.id in found:
                self._problem(sheet, k, f"statement {statement.id} was given before")
            else:
                found[statement.id] = statement
        if self.unread_times:
            self.notes.append(f"{self.unread_times} times of statements cannot be read.")
        return tuple(found.values())

    def _statement(self, sheet: Sheet, k: int, row: dict[str, str]) -> PolisStatement | None:
        number = parse_integer(row["comment-id"])
        if number is None:
            self._problem(sheet, k, f"comment-id is {quoted(row['comment-id'])!r}, not a number")
            return None
        body = with_formula(row["comment-body"]) if self.escaped else row["comment-body"]
        text = _CONTROL.sub("", body)
        if not text.strip() or len(text) > LONGEST_TEXT:
            size = "empty" if not text.strip() else f"longer than {LONGEST_TEXT} characters"
            self._problem(sheet, k, f"the text of statement {number} is {size}")
            return None
        if text != body:
            self._problem(sheet, k, "control characters were taken out of the text")
        author = self._author(sheet, k, row.get("author-id", ""))
        created = self._created(row.get("timestamp", ""))
        return PolisStatement(
            number, text, author, self._status(sheet, k, row.get("moderated", "0")), created
        )

    def _author(self, sheet: Sheet, k: int, cell: str) -> int | None:
        author = parse_integer(cell)
        if author is None and cell.strip():
            self._problem(sheet, k, f"author-id is {quoted(cell)!r}, not a number; author unknown")
        return author

    def _created(self, cell: str) -> int | None:
        created = parse_moment(cell)
        self.unread_times += created is None and bool(cell.strip().strip("0"))
        return created

    def _status(self, sheet: Sheet, k: int, cell: str) -> Status:
        number = parse_integer(cell)
        if number not in _MODERATED:
            self._problem(sheet, k, f"moderated is {quoted(cell)!r}, not -1, 0 or 1; taken as 0")
            return "unmoderated"
        return _MODERATED[number]

    def _votes(self, sheet: Sheet, known: set[int]) -> tuple[Columns, IntArray]:
        """The columns of votes.csv and each vote's row in the sheet, without bad rows."""
        names = ("voter-id", "comment-id", "vote")
        cells = [sheet.column(name) or [] for name in names]
        person, statement, value = (parse_integers(column) for column in cells)
        good = []
        for k, row in enumerate(zip(person, statement, value, strict=True)):
            if row[0] is not None and row[1] in known and row[2] in (-1, 0, 1):
                good.append(k)
            else:
                self._problem(sheet, k, _fault(row, tuple(column[k] for column in cells)))
        rows = np.array(good, dtype=np.int64)
        return _arrays([(person[k], statement[k], value[k]) for k in good]), rows

    def _cells(self, sheet: Sheet, known: set[int]) -> Columns:
        """The votes of participants-votes.csv: one row per participant, a column per statement."""
        columns = [(k, parse_integer(name)) for k, name in enumerate(sheet.header)]
        numbered = [(k, number) for k, number in columns if number is not None]
        for _, number in numbered:
            if number not in known:
                reason = f"the column of statement {number}, which comments.csv does not have"
                self.problems.append(Problem(sheet.name, 1, reason))
        used = [(k, number) for k, number in numbered if number in known]
        votes: list[tuple[int | None, ...]] = []
        seen: set[int] = set()
        for row, person in enumerate(parse_integers(sheet.column("participant") or [])):
            if person is None or person in seen:
                why = "was given before" if person is not None else "is not a number"
                self._problem(sheet, row, f"participant {quoted(_first(sheet, row))!r} {why}")
                continue
            seen.add(person)
            self._row_votes(sheet, row, person, used, votes)
        arrays = _arrays(votes)
        order = np.lexsort((arrays[1], arrays[0]))
        return arrays[0][order], arrays[1][order], arrays[2][order]

    def _row_votes(
        self,
        sheet: Sheet,
        row: int,
        person: int,
        used: list[tuple[int, int]],
        votes: list[tuple[int | None, ...]],
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
                self._problem(sheet, row, reason)


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


def _in_order(votes: tuple[Columns, IntArray], sheet: Sheet, reader: _Reader) -> Columns:
    """Order by participant, then statement, then time for repeated votes.

    Times are read for repeated votes only and then dropped, because who voted when is private. If
    one of these times is unreadable, the order of the file is used for all of them.
    """
    (person, statement, value), rows = votes
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
            reader.notes.append("Some times of repeated votes cannot be read; row order was used.")
    return person[order], statement[order], value[order]


def _with_sign(
    choice: SignChoice, rows: Columns, participants: Sheet | None, comments: Sheet
) -> tuple[Sign, Votes]:
    """The sign, and the votes with +1 for agree."""
    person, statement, value = rows
    as_given = PolisExport("", "", "", (), Votes(person, statement, value)).last_votes()
    once = (as_given.participant, as_given.statement, as_given.value)
    found = decide_sign(choice, once, participants, comments)
    return found, Votes(person, statement, -value if found.flipped else value)
