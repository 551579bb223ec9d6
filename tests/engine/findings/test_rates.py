"""Weighted counts of votes: small sums, checked by hand."""

from __future__ import annotations

from math import exp, pi, sqrt

import numpy as np
import pytest

from middleground.engine.findings.rates import (
    AnswerModel,
    VoteRows,
    WeightedCounts,
    expected_rates,
    posteriors,
    weighted_counts,
)
from middleground.engine.model.parameters import NormalPosteriors


def votes_of(*values: int) -> VoteRows:
    """One statement, on which each participant gave one of these votes."""
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


def test_uncertain_members_count_by_the_square_of_their_probability() -> None:
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


def expected(logits: list[float], variance: float, *, last_is_voted: bool = True) -> list[float]:
    """Expected rates of a group in the middle, of statements with these logits and no loadings."""
    count = len(logits)
    mean = np.column_stack([logits, np.zeros(count)])
    covariance = np.tile(np.diag([variance, 0.0]), (count, 1, 1))
    voted = np.array([*[True] * (count - 1), last_is_voted])
    model = AnswerModel(NormalPosteriors(mean, covariance), voted)
    middle = NormalPosteriors(np.zeros((3, 2)), np.zeros((3, 2, 2)))
    agree, disagree = expected_rates((model, model), middle, np.ones((3, 1)))
    assert agree[0] == pytest.approx(1.0 - disagree[0], abs=1e-15)
    rates: list[float] = agree[0].tolist()
    return rates


def sigmoid(logit: float, variance: float = 0.0) -> float:
    return 1.0 / (1.0 + exp(-logit / sqrt(1.0 + pi / 8.0 * variance)))


def test_six_tenths_of_exactly_known_differences_are_kept() -> None:
    assert expected([3.0, 1.0, 0.0], 0.0) == pytest.approx(
        [sigmoid(4 / 3 + 0.6 * (logit - 4 / 3)) for logit in (3.0, 1.0, 0.0)]
    )


def test_the_variance_of_an_estimate_counts_double_against_the_real_differences() -> None:
    """The logits' variance is 5, of which 0.5 is not real: 0.6 * 4.5 / (4.5 + 2 * 0.5) is kept."""
    kept = 0.6 * 4.5 / 5.5
    assert expected([3.0, 1.0, -1.0, -3.0], 0.5) == pytest.approx(
        [sigmoid(kept * logit, 0.5) for logit in (3.0, 1.0, -1.0, -3.0)]
    )


def test_at_least_a_tenth_of_the_variance_is_taken_as_real() -> None:
    kept = 0.6 * 0.001 / (0.001 + 2.0)
    assert expected([0.1, -0.1], 1.0) == pytest.approx(
        [sigmoid(kept * logit, 1.0) for logit in (0.1, -0.1)], abs=1e-12
    )


def test_a_statement_without_votes_is_drawn_towards_the_mean_of_the_others() -> None:
    """It does not enter that mean itself."""
    assert expected([2.0, 0.0, 9.0], 0.0, last_is_voted=False) == pytest.approx(
        [sigmoid(1.6), sigmoid(0.4), sigmoid(1.0 + 0.6 * 8.0)]
    )


def test_expected_rates_count_as_so_many_votes() -> None:
    """Of 10 effective votes 7 agree and 1 disagrees; the model expects .5 and 0 (clipped)."""
    counts = WeightedCounts(*(np.array([[x]]) for x in (10.0, 10.0, 10.0, 7.0, 1.0)))
    agree, disagree = posteriors(counts, (np.array([[0.5]]), np.array([[0.0]])), 4.0)
    assert (agree.alpha.item(), agree.beta.item()) == (9.0, 5.0)
    assert disagree.alpha.item() == pytest.approx(1.0 + 4.0 * 0.01)
    assert disagree.beta.item() == pytest.approx(9.0 + 4.0 * 0.99)
    assert agree.mean.item() == pytest.approx(9 / 14)
    assert agree.variance.item() == pytest.approx(9 * 5 / (14**2 * 15))
