"""Computes smoothed shares, tests of them, and the group-informed consensus.

Smoothing adds one vote to each side. The consensus of a statement is the product over groups of
(A + 1) / (n + 2), so that a group which disagrees cannot be outvoted (Small et al., "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", Recerca 26, 2021). The normal tests add
one vote, as Polis does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from middleground.engine.arrays.canonical_order import VoteTable
from middleground.engine.votes import FloatArray, IntArray

# Polis's level of significance: 90 %, one-sided.
SIGNIFICANT = float(ndtri(0.9))


@dataclass(frozen=True, slots=True)
class GroupVoteCounts:
    """Votes by group and statement, each (g, m). ``seen`` includes passes."""

    agree: IntArray
    disagree: IntArray
    seen: IntArray

    def of(self, sign: int) -> IntArray:
        return self.agree if sign > 0 else self.disagree

    def take(self, order: IntArray) -> GroupVoteCounts:
        """Return the counts with the statements in another order."""
        return GroupVoteCounts(self.agree[:, order], self.disagree[:, order], self.seen[:, order])

    def rest(self) -> GroupVoteCounts:
        """Return for each group the counts of all other groups."""
        return GroupVoteCounts(*(x.sum(axis=0) - x for x in (self.agree, self.disagree, self.seen)))


def group_vote_counts(table: VoteTable, belongs: IntArray, groups: int) -> GroupVoteCounts:
    """Count votes by group; ``belongs`` (n,) is each participant's group, -1 for none."""
    group, width = belongs[table.row], len(table.statements)
    kept = group >= 0
    cell = (group[kept] * width + table.column[kept]) * 3 + (table.value[kept] + 1)
    cells = np.bincount(cell, minlength=groups * width * 3).reshape(groups, width, 3)
    return GroupVoteCounts(cells[:, :, 2], cells[:, :, 0], cells.sum(axis=2))


def share(chosen: IntArray, seen: IntArray) -> FloatArray:
    """Return the smoothed share (A + 1) / (n + 2), which is one half where nobody voted."""
    smoothed: FloatArray = (chosen + 1.0) / (seen + 2.0)
    return smoothed


def group_informed(found: GroupVoteCounts) -> FloatArray:
    """Return the product over groups of the smoothed shares of agreement, (m,)."""
    product: FloatArray = share(found.agree, found.seen).prod(axis=0)
    return product


def one_proportion(chosen: IntArray, seen: IntArray) -> FloatArray:
    """Return z for "more than half", with one vote added: 2 sqrt(n) (s / n - 1/2)."""
    n = seen + 1.0
    z: FloatArray = 2.0 * np.sqrt(n) * ((chosen + 1.0) / n - 0.5)
    return z


def two_proportions(
    chosen: IntArray, seen: IntArray, chosen_rest: IntArray, seen_rest: IntArray
) -> FloatArray:
    """Return z for "more than the rest", pooled, with one vote added.

    It is zero where all answer alike.
    """
    n, n_rest = seen + 1.0, seen_rest + 1.0
    p, p_rest = (chosen + 1.0) / n, (chosen_rest + 1.0) / n_rest
    pooled = (chosen + chosen_rest + 2.0) / (n + n_rest)
    spread = np.sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / n_rest))
    z: FloatArray = np.divide(p - p_rest, spread, out=np.zeros_like(p), where=spread > 0.0)
    return z
