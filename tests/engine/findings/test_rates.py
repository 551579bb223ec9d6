"""Weighted counts of votes: small sums, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from middleground.engine.findings.rates import VoteRows, weighted_counts


def votes_of(*values: int) -> VoteRows:
    """One statement, on which each person gave one of these answers."""
    count = len(values)
    return VoteRows(
        np.array([7]),
        np.arange(count + 1),
        np.zeros(count, dtype=np.int32),
        np.array(values, dtype=np.int8),
    )


def test_passes_count_as_votes() -> None:
    counts = weighted_counts(votes_of(1, 1, 0, 0, 0, -1), np.ones((6, 1)))
    assert (counts.agree.item(), counts.disagree.item()) == (2.0, 1.0)
    assert (counts.total.item(), counts.effective.item()) == (6.0, 6.0)


def test_unsure_members_count_by_the_square_of_their_chance() -> None:
    chances = np.array([[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.25, 0.75]])
    counts = weighted_counts(votes_of(1, 1, -1, 0), chances)
    assert counts.total.tolist() == [[2.25], [1.75]]
    assert counts.agree.tolist() == [[1.5], [0.5]]
    assert counts.effective.tolist() == [[1.0 + 0.25 + 0.25 + 0.0625], [0.25 + 0.25 + 0.5625]]


def test_unequal_weights_reduce_the_effective_votes_by_kishs_rule() -> None:
    weight = np.array([1.0, 1.0, 4.0])
    counts = weighted_counts(votes_of(1, -1, 1), np.ones((3, 1)), weight)
    assert (counts.total.item(), counts.agree.item()) == (6.0, 5.0)
    assert counts.effective.item() == pytest.approx(6.0**2 / (1.0 + 1.0 + 16.0))
    same = weighted_counts(votes_of(1, -1, 1), np.ones((3, 1)), np.ones(3))
    assert same.effective.item() == 3.0
