"""The contents of a Polis export as read: statements, votes, and unreadable rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from middleground.engine.votes import Votes

Status = Literal["rejected", "unmoderated", "accepted"]
SignEvidence = str  # the name of the file that told, "caller" or "none"


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out or corrected: the file, the line it begins on, and the reason."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class InvalidExport(ValueError):
    """The folder cannot be read as a Polis export; ``problems`` lists faulty rows, if any."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Sign:
    """Which number meant agree in the files, and what decided it.

    ``flipped`` is True if the files had -1 for agree; the votes have been converted already.
    ``doubt`` says what in the files speaks against it, if anything.
    """

    flipped: bool
    evidence: SignEvidence
    reason: str
    doubt: str = ""


ASSUMED_SIGN = Sign(False, "none", "nothing in the folder tells; +1 is taken to mean agree")


@dataclass(frozen=True, slots=True)
class PolisStatement:
    """One statement. ``created`` is in milliseconds since 1970 (UTC), None where unknown."""

    id: int
    text: str
    author: int | None = None
    status: Status = "unmoderated"
    created: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PolisExport:
    """A conversation.

    ``votes`` has +1 for agree, ordered by participant, then statement; several votes of one
    participant on one statement are in the order in which they were given. ``groups`` is the group
    of each participant in the map of whoever wrote the export. Equality compares the conversation
    only: ``problems``, ``notes`` and ``sign`` describe the reading.
    """

    topic: str
    url: str
    description: str
    statements: tuple[PolisStatement, ...]
    votes: Votes
    groups: Mapping[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    sign: Sign = field(default=ASSUMED_SIGN)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolisExport):
            return NotImplemented
        words = ("topic", "url", "description", "statements", "groups")
        return all(getattr(self, name) == getattr(other, name) for name in words) and all(
            np.array_equal(getattr(self.votes, name), getattr(other.votes, name))
            for name in ("participant", "statement", "value")
        )

    __hash__ = None  # type: ignore[assignment]

    def last_votes(self) -> Votes:
        """The votes that count: each participant's last vote on each statement."""
        if not len(self.votes):
            return self.votes
        order = np.lexsort((self.votes.statement, self.votes.participant))
        person, statement = self.votes.participant[order], self.votes.statement[order]
        changes = (person[1:] != person[:-1]) | (statement[1:] != statement[:-1])
        kept = order[np.append(changes, True)]
        return self._some(kept)

    def shown_votes(self) -> Votes:
        """The votes that count on statements that were not rejected, for analysis."""
        last = self.last_votes()
        shown = [item.id for item in self.statements if item.status != "rejected"]
        kept = np.isin(last.statement, np.array(shown, dtype=np.int64))
        return Votes(last.participant[kept], last.statement[kept], last.value[kept])

    def _some(self, rows: np.ndarray) -> Votes:
        votes = self.votes
        return Votes(votes.participant[rows], votes.statement[rows], votes.value[rows])
