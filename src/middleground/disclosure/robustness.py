"""What would overturn a finding, computed from the published figures alone.

The exact number of invented participants, which the engine knows, would narrow down the counts
behind it. So the number is recomputed from published figures: each group's share in whole per cent
and the midpoints of its bands. Readers can compute it too, so it reveals nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from middleground.disclosure.rounding import about
from middleground.engine.facts import Rate, Robustness
from middleground.engine.findings.labels import BoolArray
from middleground.engine.findings.rates import WeightedCounts
from middleground.engine.findings.robustness import (
    FakesNeeded,
    GroupCounts,
    fakes_against_divisive,
    fakes_against_middle_ground,
)
from middleground.engine.findings.tested import UNTESTED, with_fakes
from middleground.engine.votes import IntArray

_QUANTILE = 0.1  # as in the engine's findings


@dataclass(frozen=True, slots=True)
class PublishedRobustness:
    """What would overturn the findings, from rows of published rates.

    ``shrinkage`` is the weight of the model, which the published shares already include.
    """

    shrinkage: float

    def middle_ground(self, row: tuple[Rate, ...]) -> Robustness:
        return self.middle_grounds([row])[0]

    def divisive(self, row: tuple[Rate, ...]) -> Robustness:
        return self.divisives([row])[0]

    def middle_grounds(self, rows: Sequence[tuple[Rate, ...]]) -> list[Robustness]:
        """For many statements at once, at little more than the cost of one."""
        return self._all(rows, _all_agree, fakes_against_middle_ground)

    def divisives(self, rows: Sequence[tuple[Rate, ...]]) -> list[Robustness]:
        return self._all(rows, _some_are_opposed, fakes_against_divisive)

    def _all(
        self,
        rows: Sequence[tuple[Rate, ...]],
        holds: Callable[[GroupCounts], BoolArray],
        overturn: Callable[[GroupCounts, IntArray], list[FakesNeeded]],
    ) -> list[Robustness]:
        found = [UNTESTED] * len(rows)
        for places in _of_equal_length(rows).values():
            some = [rows[place] for place in places]
            votes = self._group_counts(some)
            columns = np.flatnonzero(holds(votes))
            for column, fakes in zip(columns.tolist(), overturn(votes, columns), strict=True):
                found[places[column]] = _rounded(fakes, some[column])
        return found

    def _group_counts(self, rows: Sequence[tuple[Rate, ...]]) -> GroupCounts:
        tallies = [[rate.tally for rate in row] for row in rows]
        counts = np.array([[[t.agree, t.disagree, t.passed] for t in row] for row in tallies])
        counts = counts.transpose(2, 1, 0)
        total = counts.sum(axis=0) + self.shrinkage
        agree = total * np.array([[rate.middle for rate in row] for row in rows]).T
        nothing = np.zeros_like(total)
        return GroupCounts(
            WeightedCounts(total, total, total, agree, total - agree),
            counts,
            (nothing, nothing),
            0.0,
            1,
            _QUANTILE,
        )


def _all_agree(votes: GroupCounts) -> BoolArray:
    every: BoolArray = np.all(votes.agreeing(), axis=0)
    return every


def _some_are_opposed(votes: GroupCounts) -> BoolArray:
    some: BoolArray = np.any(votes.opposed(), axis=(0, 1))
    return some


def _of_equal_length(rows: Sequence[tuple[Rate, ...]]) -> dict[int, list[int]]:
    """The indices of the rows, by their number of groups.

    Rows of which not every share is told are left out: nobody could compute their robustness.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row and all(rate.tally.seen and rate.rate is not None for rate in row):
            places[len(row)].append(place)
    return places


def _rounded(fakes: FakesNeeded, row: tuple[Rate, ...]) -> Robustness:
    rounded = replace(fakes, count=about(fakes.count))
    return with_fakes(UNTESTED, rounded, [rate.group for rate in row])
