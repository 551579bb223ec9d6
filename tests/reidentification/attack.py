"""An analyst who has all published data and knows eight votes of a person. Pure functions.

The analyst reads *records*. A record gives, for some participants, the least and greatest number
who gave each answer. A row of open data is a record of a group. A participant's row of votes, as
other programs publish it, is a record of one. The same attack is made on both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linprog

ANSWERS = (1, 0, -1)
Cell = tuple[int, int]  # statement, answer
Ends = tuple[int, int]  # the least and the greatest


@dataclass(frozen=True)
class Record:
    """How many of some participants gave each answer. Nobody gave an answer that is absent."""

    cells: Mapping[Cell, Ends]

    def fitting(self, votes: Mapping[int, int]) -> int:
        """How many of them at most may have given all these votes."""
        return min(self.cells.get(cell, (0, 0))[1] for cell in votes.items())


def candidates(records: Sequence[Record], known: Mapping[int, int]) -> int:
    """How many participants at most may have given the known votes."""
    return sum(record.fitting(known) for record in records)


def learnt(records: Sequence[Record], known: Mapping[int, int], statement: int) -> set[int]:
    """The answers to another statement that this participant may have given."""
    possible = [record for record in records if record.fitting(known)]
    cells = [(answer, (statement, answer)) for answer in ANSWERS]
    return {
        answer for answer, cell in cells for record in possible if record.cells.get(cell, (0, 0))[1]
    }


@dataclass(frozen=True)
class Snapshot:
    """One answer to one statement at one time: published bands by population, and the total."""

    bands: Mapping[str, Ends]
    total: Ends


def bounds_of(snapshots: Sequence[Snapshot], place: int, population: str) -> Ends:
    """The least and greatest value that a count may have, given all snapshots together.

    Counts sum to the total of their time. The analyst also assumes that no participant ever leaves
    a group, so that counts only grow. This helps the analyst more than the truth would.
    """
    if len(snapshots) == 1:
        return _bounds_of_one(snapshots[0], population)
    names = [(time, name) for time, each in enumerate(snapshots) for name in each.bands]
    column = {name: at for at, name in enumerate(names)}
    limits = [snapshots[time].bands[name] for time, name in names]
    rows, bounds = [], []
    for time, each in enumerate(snapshots):
        row = np.array([float(t == time) for t, _ in names])
        rows += [row, -row]
        bounds += [each.total[1], -each.total[0]]
    for early, late in pairwise(range(len(snapshots))):
        for name in snapshots[early].bands.keys() & snapshots[late].bands.keys() - {"none"}:
            row = np.zeros(len(names))
            row[column[early, name]], row[column[late, name]] = 1.0, -1.0
            rows.append(row)
            bounds.append(0)
    goal = np.zeros(len(names))
    goal[column[place, population]] = 1.0
    ends = [linprog(sign * goal, np.array(rows), bounds, bounds=limits) for sign in (1, -1)]
    if not all(end.success for end in ends):  # participants changed groups: a wrong guess
        return _bounds_of_one(snapshots[place], population)
    low, high = ends[0].fun, -ends[1].fun
    return int(np.ceil(low - 1e-6)), int(np.floor(high + 1e-6))


def _bounds_of_one(snapshot: Snapshot, population: str) -> Ends:
    """The same for one time: what the total leaves if all others are as many or as few as can be.

    Most bounds are of one time, and a linear program for each took half of the tests' time.
    """
    others = [ends for name, ends in snapshot.bands.items() if name != population]
    low, high = snapshot.bands[population]
    least, greatest = snapshot.total
    return (
        max(low, least - sum(most for _, most in others)),
        min(high, greatest - sum(few for few, _ in others)),
    )
