"""An analyst with all that is published, who knows eight votes of a person. Pure functions.

The analyst reads *records*: a record says of some people how many of them at most, and at least,
gave each answer. A row of open data is a record of a group; a row of somebody's votes, as other
programs publish it, is a record of one person. The same attack is made on both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linprog

ANSWERS = (1, 0, -1)
Cell = tuple[int, int]  # statement, answer
Ends = tuple[int, int]  # the least and the most


@dataclass(frozen=True)
class Record:
    """Of some people, how many gave which answer. An answer that is not there, nobody gave."""

    cells: Mapping[Cell, Ends]

    def fitting(self, votes: Mapping[int, int]) -> int:
        """How many of them at most may have voted so."""
        return min(self.cells.get(cell, (0, 0))[1] for cell in votes.items())


def candidates(records: Sequence[Record], known: Mapping[int, int]) -> int:
    """Among how many people at most the one must be whose votes are known."""
    return sum(record.fitting(known) for record in records)


def learnt(records: Sequence[Record], known: Mapping[int, int], statement: int) -> set[int]:
    """Which answers to another statement that person may have given, or none."""
    possible = [record for record in records if record.fitting(known)]
    cells = [(answer, (statement, answer)) for answer in ANSWERS]
    return {
        answer for answer, cell in cells for record in possible if record.cells.get(cell, (0, 0))[1]
    }


@dataclass(frozen=True)
class Snapshot:
    """An answer to one statement, as published at one time: bands by population, and the total."""

    bands: Mapping[str, Ends]
    total: Ends


def bounds_of(snapshots: Sequence[Snapshot], place: int, population: str) -> Ends:
    """The least and the most that a count may be, by all snapshots together.

    Counts add up to the total of their time. The analyst also takes every group for the same
    people all along, of whom none left: so counts only grow, which helps more than is true.
    """
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
    if not all(end.success for end in ends):  # people changed groups: the analyst was wrong
        return bounds_of([snapshots[place]], 0, population)
    low, high = ends[0].fun, -ends[1].fun
    return int(np.ceil(low - 1e-6)), int(np.floor(high + 1e-6))
