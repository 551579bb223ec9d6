"""Reads a Polis export, a folder or a zip. Unreadable rows are reported, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from middleground.engine.votes import Votes
from middleground.polis import columns, files
from middleground.polis.csv_file import Sheet, parse_integer, quoted, read_pairs, read_sheet
from middleground.polis.export import (
    InvalidExport,
    MapSetup,
    PolisExport,
    PolisStatement,
    Problem,
    Sign,
    Status,
)
from middleground.polis.formulas import ESCAPED, with_formula
from middleground.polis.map_setup import read_setup, with_looked_up
from middleground.polis.read_votes import Columns, groups_of, listed_votes, tabled_votes
from middleground.polis.timestamps import parse_moment
from middleground.polis.vote_sign import Declaration, SignChoice, decide_sign, declared, declared_in

LONGEST_TEXT = 100_000
_MODERATED: dict[int, Status] = {-1: "rejected", 0: "unmoderated", 1: "accepted"}
# Tabs and line ends may be intended; other control characters never are.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SHOWN_PROBLEMS = 20


def read_export(
    folder: str | Path,
    *,
    strict: bool = False,
    sign: SignChoice = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> PolisExport:
    """Read ``comments.csv``, the votes, and ``summary.csv`` if there is one.

    ``folder`` may also be a zip; how its files may be called is in ``files.py``. The votes come
    from ``votes.csv``, or, without it, from ``participant-votes.csv``.
    ``progress`` is called with bytes done and bytes in all. Whole files are held in memory.

    Raises
    ------
    InvalidExport
        No folder, no file to read, files of two reports, or a required column missing. With
        ``strict`` also if any row has a problem: nothing is returned then, and ``problems`` of the
        error lists them all.
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
    if files.COMMENTS not in files.find_files(found).files:
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
        self.progress = progress
        self.problems: list[Problem] = []
        self.unread_times = 0
        self.escaped = False
        self.done = 0
        found = files.find_files(folder)
        found.require(files.COMMENTS)
        if with_votes:
            found.require(files.VOTES, files.MATRIX)
        self.files, self.notes = found.files, list(found.notes) if with_votes else []
        read = [files.SUMMARY, files.COMMENTS]
        read += [files.VOTES, files.MATRIX] if with_votes else []
        self.total = sum(self.files[name].size for name in read if name in self.files)

    def read(self, choice: SignChoice) -> PolisExport:
        about = self._summary()
        comments = self._comments()
        statements = self._statements(comments)
        known = {item.id for item in statements}
        if files.VOTES in self.files:
            required = ("comment-id", "voter-id", "vote")
            sheet = self._sheet(files.VOTES, required, columns.VOTES)
            rows = listed_votes(sheet, known, self.problems, self.notes)
            participants = self._evidence()
        else:
            used = self.files[files.MATRIX].name
            self.notes.append(f"There is no votes.csv; votes are from {used}.")
            participants = self._sheet(files.MATRIX, ("participant",), columns.PARTICIPANTS)
            rows = tabled_votes(participants, known, self.problems)
        sign, votes = self._with_sign(choice, rows, participants, comments, about)
        setup = read_setup(self.files, self.problems)
        if setup is not None:
            votes = with_looked_up(self.files, votes, self.problems)
        groups = groups_of(participants)
        return self._export(about, statements, votes, sign, groups, setup)

    def about(self, reason: str) -> PolisExport:
        about = self._summary()
        statements = self._statements(self._comments())
        return self._export(about, statements, Votes([], [], []), Sign(False, "caller", reason), {})

    def _export(
        self,
        about: dict[str, str],
        statements: tuple[PolisStatement, ...],
        votes: Votes,
        sign: Sign,
        groups: dict[int, int],
        setup: MapSetup | None = None,
    ) -> PolisExport:
        in_map = parse_integer(about.get("voters-in-conv", ""))
        return PolisExport(
            about.get("topic", ""),
            about.get("url", ""),
            about.get("conversation-description", ""),
            statements,
            votes,
            groups,
            len(groups) if in_map is None else in_map,
            setup,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            sign=sign,
        )

    def _with_sign(
        self,
        choice: SignChoice,
        rows: Columns,
        participants: Sheet | None,
        comments: Sheet,
        about: dict[str, str],
    ) -> tuple[Sign, Votes]:
        """The sign, and the votes with +1 for agree."""
        person, statement, value = rows
        as_given = PolisExport("", "", "", (), Votes(person, statement, value)).last_votes()
        once = (as_given.participant, as_given.statement, as_given.value)
        found = decide_sign(choice, once, participants, comments, self._declaration(about))
        if found.doubt:
            self.notes.append(found.doubt)
        return found, Votes(person, statement, -value if found.flipped else value)

    def _declaration(self, about: dict[str, str]) -> Declaration | None:
        """What the export itself says of the sign, in summary.csv or format.json."""
        said = about.get("vote-convention")
        if said is not None:
            return declared(self.files[files.SUMMARY].name, said)
        file = self.files.get(files.FORMAT)
        return declared_in(file.name, file.read()) if file is not None else None

    def report(self, read: int) -> None:
        self.done = min(self.total, self.done + read)
        if self.progress is not None:
            self.progress(self.done, self.total)

    def _finished(self, before: int, name: str) -> None:
        """Correct the progress at a file's end: lines are counted in characters, not bytes."""
        self.report(before + self.files[name].size - self.done)

    def _comments(self) -> Sheet:
        return self._sheet(files.COMMENTS, ("comment-id", "comment-body"), columns.COMMENTS)

    def _sheet(self, name: str, required: tuple[str, ...], variants: Mapping[str, str]) -> Sheet:
        before = self.done
        sheet = read_sheet(self.files[name], required, self.problems, self.report, variants)
        self._finished(before, name)
        return sheet

    def _summary(self) -> dict[str, str]:
        if files.SUMMARY not in self.files:
            self.notes.append("There is no summary.csv, so topic and address are not known.")
            return {}
        before = self.done
        pairs = read_pairs(self.files[files.SUMMARY], self.problems, self.report)
        self._finished(before, files.SUMMARY)
        self.escaped = pairs.get(ESCAPED) == "yes"
        if self.escaped:
            pairs = {key: with_formula(value) for key, value in pairs.items()}
        return {key: _CONTROL.sub("", value) for key, value in pairs.items()}

    def _evidence(self) -> Sheet | None:
        """participant-votes.csv beside votes.csv decides the sign, and tells groups.

        Its faults are ignored.
        """
        if files.MATRIX not in self.files:
            return None
        before, file = self.done, self.files[files.MATRIX]
        try:
            return read_sheet(file, ("participant",), [], self.report, columns.PARTICIPANTS)
        except InvalidExport:
            return None
        finally:
            self._finished(before, files.MATRIX)

    def _problem(self, sheet: Sheet, row: int, reason: str) -> None:
        self.problems.append(Problem(sheet.name, sheet.lines[row], reason))

    def _statements(self, sheet: Sheet) -> tuple[PolisStatement, ...]:
        cells = {
            name: sheet.column(name)
            for name in (
                "comment-id", "comment-body", "author-id", "moderated", "timestamp", "datetime",
            )
        }  # fmt: skip
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
        created = self._created(row.get("timestamp", ""), row.get("datetime", ""))
        return PolisStatement(
            number, text, author, self._status(sheet, k, row.get("moderated", "0")), created
        )

    def _author(self, sheet: Sheet, k: int, cell: str) -> int | None:
        author = parse_integer(cell)
        if author is None and cell.strip():
            self._problem(sheet, k, f"author-id is {quoted(cell)!r}, not a number; author unknown")
        return author

    def _created(self, stamp: str, written: str) -> int | None:
        """The time; today's exports have seconds as a number, and some also write it out finer."""
        created, finer = parse_moment(stamp), parse_moment(written)
        if finer is not None and (created is None or created == finer // 1000 * 1000):
            created = finer
        self.unread_times += created is None and bool((stamp or written).strip().strip("0"))
        return created

    def _status(self, sheet: Sheet, k: int, cell: str) -> Status:
        number = parse_integer(cell)
        if number not in _MODERATED:
            self._problem(sheet, k, f"moderated is {quoted(cell)!r}, not -1, 0 or 1; taken as 0")
            return "unmoderated"
        return _MODERATED[number]
