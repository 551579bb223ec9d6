"""The contents of a Polis export as read: statements, votes, and unreadable rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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


YES, BESIDE, NO = "yes", "beside", "no"


@dataclass(frozen=True, slots=True)
class MapSetup:
    """How the host's map is made from the votes (see ``map_setup.py``).

    ``counts`` says of each voter whether their votes are in the map (``YES``), are shown beside it
    (``BESIDE``), or neither (``NO``), and ``tiers`` how they were admitted. ``statements`` are
    those that can be voted on. ``previous`` holds the facts of the map before, whose letters are
    kept, as ``MapFacts.to_dict`` gives them; None if there was none.
    """

    tiers: Mapping[int, str]
    counts: Mapping[int, str]
    statements: frozenset[int]
    seed: int
    options: Mapping[str, Any]
    engine: str
    previous: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PolisExport:
    """A conversation.

    ``votes`` has +1 for agree, ordered by participant, then statement; several votes of one
    participant on one statement are in the order in which they were given. ``groups`` is the group
    of each participant in the map of whoever wrote the export, ``in_map`` the number of people in
    it, and ``setup`` how it is made, if that is known. Equality compares the conversation only:
    ``problems``, ``notes`` and ``sign`` describe the reading.
    """

    topic: str
    url: str
    description: str
    statements: tuple[PolisStatement, ...]
    votes: Votes
    groups: Mapping[int, int] = field(default_factory=dict)
    in_map: int = 0
    setup: MapSetup | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    sign: Sign = field(default=ASSUMED_SIGN)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolisExport):
            return NotImplemented
        words = ("topic", "url", "description", "statements", "groups", "in_map", "setup")
        return all(getattr(self, name) == getattr(other, name) for name in words) and all(
            np.array_equal(getattr(self.votes, name), getattr(other.votes, name))
            for name in ("participant", "statement", "value", "dealt")
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
        """The votes for analysis: the last ones on statements that were not rejected.

        With a ``setup``, those that the host's map is made of.
        """
        if self.setup is not None:
            return self.votes_of(self.setup, YES)
        last = self.last_votes()
        shown = [item.id for item in self.statements if item.status != "rejected"]
        return last.where(np.isin(last.statement, np.array(shown, dtype=np.int64)))

    def votes_of(self, setup: MapSetup, answer: str) -> Votes:
        """The last votes, on the map's statements, of those of whom ``counts`` says this."""
        last = self.last_votes()
        people = [person for person, said in setup.counts.items() if said == answer]
        on_map = np.isin(last.statement, np.array(sorted(setup.statements), dtype=np.int64))
        return last.where(on_map & np.isin(last.participant, np.array(people, dtype=np.int64)))

    def _some(self, rows: np.ndarray) -> Votes:
        votes = self.votes
        dealt = None if votes.dealt is None else votes.dealt[rows]
        return Votes(votes.participant[rows], votes.statement[rows], votes.value[rows], dealt)
