"""What would overturn a finding: fewer people, or invented ones.

Groups, positions and the model's expectations stay as they are; only the votes are summed anew.

- **Without some people** (the most active, one channel): does the label still hold? Where too few
  would be left in a group to tell, that is said, and nothing is concluded.
- **With invented participants** who all vote against it in the least willing group: the smallest
  number that takes the label away, found by bisection on the posterior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.special import betainc

from middleground.engine.findings.labels import (
    MAJORITY,
    BoolArray,
    credible_majority,
    opposed_pairs,
)
from middleground.engine.findings.rates import BetaPosterior, WeightedCounts, posteriors
from middleground.engine.votes import FloatArray, IntArray

ExpectedRates = tuple[FloatArray, FloatArray]
_ACTIVE_SHARE = 0.001
_MOST = 2**40


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """The votes behind the findings: sums, counts and the model's expectations, (g, m) each.

    counts (3, g, m) : who agrees, disagrees and passes, plainly.
    """

    weighted: WeightedCounts
    counts: IntArray
    expected: ExpectedRates
    shrinkage: float
    min_seen: int
    quantile: float

    def without(self, gone: GroupCounts) -> GroupCounts:
        return GroupCounts(
            self.weighted.without(gone.weighted),
            self.counts - gone.counts,
            self.expected,
            self.shrinkage,
            self.min_seen,
            self.quantile,
        )

    def agreeing(self) -> BoolArray:
        """Where a group surely agrees and enough of it saw the statement, (g, m)."""
        cell = self.cells()[0]
        return credible_majority(cell, self.quantile) & self.enough

    def opposed(self) -> BoolArray:
        """Pairs of groups of which the first surely agrees and the second surely not, (g, g, m)."""
        cell = self.cells()[0]
        leads = self.counts[1] > self.counts[0]
        return opposed_pairs(cell, leads & self.enough, self.enough, self.quantile)

    @property
    def seen(self) -> IntArray:
        total: IntArray = self.counts.sum(axis=0)
        return total

    @property
    def enough(self) -> BoolArray:
        return self.seen >= self.min_seen

    def cells(self) -> tuple[BetaPosterior, BetaPosterior]:
        """Posteriors of agreeing and of disagreeing."""
        return posteriors(self.weighted, self.expected, self.shrinkage)


@dataclass(frozen=True, slots=True)
class LeaveOutResult:
    """Per statement (m,): whether the label is lost without some people, or cannot be tested."""

    lost: BoolArray
    untested: BoolArray


def most_active(votes: IntArray) -> IntArray:
    """The rows of the most active 0.1 %, at least one; ``votes`` (n,) counts each person's."""
    count = ceil(_ACTIVE_SHARE * len(votes))
    return np.sort(np.argsort(-votes, kind="stable")[:count])


def middle_ground_without(all_votes: GroupCounts, rest: GroupCounts) -> LeaveOutResult:
    """Whether every group still surely agrees."""
    held = _every(all_votes.agreeing())
    enough, sure = rest.enough, credible_majority(rest.cells()[0], rest.quantile)
    stands = _every(sure | ~enough)
    return LeaveOutResult(held & ~stands, held & stands & ~_every(enough))


def divisive_without(all_votes: GroupCounts, rest: GroupCounts) -> LeaveOutResult:
    """Whether two groups are still opposed, of those that were."""
    before = all_votes.opposed()
    fallen = ~_every(~before) & _every(~(before & rest.opposed()))
    told = rest.enough[:, None] & rest.enough[None]
    tested = _every(told | ~before)
    return LeaveOutResult(fallen & tested, fallen & ~tested)


def _every(table: BoolArray) -> BoolArray:
    """Per statement: true in every group, or pair of groups."""
    every: BoolArray = np.logical_and.reduce(table.reshape(-1, table.shape[-1]), axis=0)
    return every


@dataclass(frozen=True, slots=True)
class FakesNeeded:
    """How many invented participants overturn a finding, in which groups, by which vote."""

    count: int
    groups: tuple[int, ...]
    agree: bool


def fakes_against_middle_ground(full: GroupCounts, columns: IntArray) -> list[FakesNeeded]:
    """For each of ``columns``, which must hold: fakes who disagree in the least willing group."""
    needed = _fakes_until_doubtful(full, columns)
    weakest = needed.argmin(axis=0)
    return [FakesNeeded(int(needed[g, k]), (int(g),), agree=False) for k, g in enumerate(weakest)]


def fakes_against_divisive(full: GroupCounts, columns: IntArray) -> list[FakesNeeded]:
    """For each of ``columns``, which must hold: the cheaper way to leave no opposed pair.

    Either every group that surely agrees is talked out of it, or every one that surely does not.
    """
    against = _fakes_until_doubtful(full, columns)
    favour = _fakes_until_unopposed(full, columns)
    opposed = full.opposed()[:, :, columns]
    found = []
    for k in range(len(columns)):
        ways = []
        for axis, needed, agree in ((1, against, False), (0, favour, True)):
            groups = np.flatnonzero(opposed[:, :, k].any(axis=axis))
            ways.append(FakesNeeded(int(needed[groups, k].sum()), tuple(groups.tolist()), agree))
        found.append(min(ways, key=lambda way: way.count))
    return found


def _fakes_until_doubtful(full: GroupCounts, columns: IntArray) -> IntArray:
    """Disagreeing fakes in each group until it no longer surely agrees, (g, columns)."""
    weighted, expected = full.weighted.at(columns), _columns_of(full.expected, columns)

    def doubtful(fakes: IntArray) -> BoolArray:
        joined = weighted.with_fakes(fakes.astype(float), agree=False)
        cell = posteriors(joined, expected, full.shrinkage)[0]
        below: BoolArray = betainc(cell.alpha, cell.beta, MAJORITY) >= full.quantile
        return below

    return _bisect(doubtful, weighted.total.shape)


def _fakes_until_unopposed(full: GroupCounts, columns: IntArray) -> IntArray:
    """Agreeing fakes in each group until it no longer surely, and by count, disagrees."""
    weighted, expected = full.weighted.at(columns), _columns_of(full.expected, columns)
    lead = full.counts[1][:, columns] - full.counts[0][:, columns]

    def doubtful(fakes: IntArray) -> BoolArray:
        joined = weighted.with_fakes(fakes.astype(float), agree=True)
        cell = posteriors(joined, expected, full.shrinkage)[0]
        above = betainc(cell.alpha, cell.beta, MAJORITY) <= 1.0 - full.quantile
        either: BoolArray = above | (fakes >= lead)
        return either

    return _bisect(doubtful, weighted.total.shape)


def _columns_of(expected: ExpectedRates, columns: IntArray) -> ExpectedRates:
    return expected[0][:, columns], expected[1][:, columns]


def _bisect(doubtful: Callable[[IntArray], BoolArray], shape: tuple[int, ...]) -> IntArray:
    """The least whole number from which on ``doubtful`` says yes, elementwise."""
    high = np.zeros(shape, dtype=np.int64)
    while True:
        open_still = ~doubtful(high) & (high < _MOST)
        if not open_still.any():
            break
        high = np.where(open_still, np.maximum(2 * high, 1), high)
    low = high // 2
    while np.any(high - low > 1):
        middle = (low + high) // 2
        yes = doubtful(middle)
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    return high
