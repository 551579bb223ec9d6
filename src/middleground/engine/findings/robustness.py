"""Tests how easily a label would be lost: without some participants, and with invented ones.

Groups, positions and the model's expected rates are kept; only the votes are summed again.

- **Without some participants** (the most active ones, or one tier): does the label still hold?
  Where too few votes would be left in a group, the result is "untested".
- **With invented participants** who all vote against the label in the group that supports it
  least: what is the smallest number that takes the label away? Bisection on the posterior finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
import scipy

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
    """The votes behind the labels: weighted sums, counts and the model's expected rates.

    counts (3, g, m) : unweighted numbers of those who agree, disagree and pass.
    expected : rates of agreeing and of disagreeing, (g, m) each.
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
        """Say where a group surely agrees and has enough votes on the statement, (g, m)."""
        cell = self.cells()[0]
        return credible_majority(cell, self.quantile) & self.enough

    def opposed(self) -> BoolArray:
        """Say in which pairs the first group surely agrees and the second surely not, (g, g, m)."""
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
        """Return the posteriors of the rates of agreeing and of disagreeing."""
        return posteriors(self.weighted, self.expected, self.shrinkage)


@dataclass(frozen=True, slots=True)
class LeaveOutResult:
    """Whether a label is lost without some participants, or cannot be tested; each (m,)."""

    lost: BoolArray
    untested: BoolArray


def most_active(votes: IntArray) -> IntArray:
    """Return the rows of the most active 0.1 %, at least one; ``votes`` (n,) of each row."""
    count = ceil(_ACTIVE_SHARE * len(votes))
    return np.sort(np.argsort(-votes, kind="stable")[:count])


def middle_ground_without(all_votes: GroupCounts, rest: GroupCounts) -> LeaveOutResult:
    """Test whether every group still surely agrees; a group with too few votes left is untested."""
    before = _every(all_votes.agreeing())
    enough, sure = rest.enough, credible_majority(rest.cells()[0], rest.quantile)
    stands = _every(sure | ~enough)
    return LeaveOutResult(before & ~stands, before & stands & ~_every(enough))


def divisive_without(all_votes: GroupCounts, rest: GroupCounts) -> LeaveOutResult:
    """Test whether any pair of groups that was opposed still is.

    A label that is lost is only reported so if every such pair has enough votes left.
    """
    before = all_votes.opposed()
    fallen = ~_every(~before) & _every(~(before & rest.opposed()))
    enough = rest.enough[:, None] & rest.enough[None]
    tested = _every(enough | ~before)
    return LeaveOutResult(fallen & tested, fallen & ~tested)


def _every(table: BoolArray) -> BoolArray:
    """Say which statements (m,) are true in every group, or in every pair of groups."""
    every: BoolArray = np.logical_and.reduce(table.reshape(-1, table.shape[-1]), axis=0)
    return every


@dataclass(frozen=True, slots=True)
class FakesNeeded:
    """How many invented participants overturn a label, in which groups, and by which vote."""

    count: int
    groups: tuple[int, ...]
    agree: bool


def fakes_against_middle_ground(full: GroupCounts, columns: IntArray) -> list[FakesNeeded]:
    """Find for each of ``columns`` how many must disagree in the group that agrees least.

    Every column must hold the label, else the number is meaningless.
    """
    needed = _fakes_until_doubtful(full, columns)
    weakest = needed.argmin(axis=0)
    return [FakesNeeded(int(needed[g, k]), (int(g),), agree=False) for k, g in enumerate(weakest)]


def fakes_against_divisive(full: GroupCounts, columns: IntArray) -> list[FakesNeeded]:
    """Find for each of ``columns`` the fewest fakes that leave no opposed pair of groups.

    There are two ways: fakes who disagree join every group that surely agrees, or fakes who agree
    join every group that surely does not. Every column must hold the label.
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
    """Count the disagreeing fakes after whom a group no longer surely agrees, (g, columns)."""
    weighted, expected = full.weighted.at(columns), _columns_of(full.expected, columns)

    def doubtful(fakes: IntArray) -> BoolArray:
        joined = weighted.with_fakes(fakes.astype(float), agree=False)
        cell = posteriors(joined, expected, full.shrinkage)[0]
        below: BoolArray = scipy.special.betainc(cell.alpha, cell.beta, MAJORITY) >= full.quantile
        return below

    return _bisect(doubtful, weighted.total.shape)


def _fakes_until_unopposed(full: GroupCounts, columns: IntArray) -> IntArray:
    """Count the agreeing fakes after whom a group no longer opposes the statement, (g, columns).

    A group opposes it while it surely does not agree and more members disagree than agree.
    """
    weighted, expected = full.weighted.at(columns), _columns_of(full.expected, columns)
    lead = full.counts[1][:, columns] - full.counts[0][:, columns]

    def doubtful(fakes: IntArray) -> BoolArray:
        joined = weighted.with_fakes(fakes.astype(float), agree=True)
        cell = posteriors(joined, expected, full.shrinkage)[0]
        above = scipy.special.betainc(cell.alpha, cell.beta, MAJORITY) <= 1.0 - full.quantile
        either: BoolArray = above | (fakes >= lead)
        return either

    return _bisect(doubtful, weighted.total.shape)


def _columns_of(expected: ExpectedRates, columns: IntArray) -> ExpectedRates:
    return expected[0][:, columns], expected[1][:, columns]


def _bisect(doubtful: Callable[[IntArray], BoolArray], shape: tuple[int, ...]) -> IntArray:
    """Find the least whole number for which ``doubtful`` is true, for each element.

    ``doubtful`` must stay true for all larger numbers. The search stops at ``_MOST``.
    """
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
