"""The labels on posteriors that are small enough to check by hand."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest
from scipy.sparse import csc_array

from middleground.engine.findings.labels import (
    divisive,
    group_contrasts,
    middle_ground,
    opposed_pairs,
    sequential_pav,
    within_false_discovery_rate,
)
from middleground.engine.findings.rates import BetaPosterior, WeightedCounts
from middleground.engine.findings.robustness import GroupCounts

# Two groups and one statement: nine in ten of the first group agree, two in ten of the second.
APART = BetaPosterior(np.array([[90.0], [20.0]]), np.array([[10.0], [80.0]]))
SECOND_LEADS = np.array([[False], [True]])


@pytest.mark.parametrize(
    ("disagree_leads", "seen", "holds"),
    [
        (SECOND_LEADS, 100, True),
        # Most of the second group pass, and more of the others agree than disagree.
        (np.array([[False], [False]]), 100, False),
        (SECOND_LEADS, 4, False),
    ],
)
def test_divisive_needs_a_group_in_which_more_disagree(
    disagree_leads: np.ndarray, seen: int, holds: bool
) -> None:
    ranking = divisive(APART, disagree_leads, np.full((2, 1), seen), 5, 0.05)
    assert ranking.holds.tolist() == [holds]


def test_at_most_one_in_twenty_reported_findings_is_expected_false() -> None:
    # The probabilities of a false finding are 1, 2, 4 and 8 in 100.
    probability = np.array([0.92, 0.99, 0.80, 0.97])
    assert within_false_discovery_rate(probability).tolist() == [True, True, False, True]


def test_listed_statements_represent_different_participants() -> None:
    # Three participants approve of the first two statements, two others of the third.
    approvals = csc_array(np.array([[1, 1, 0]] * 3 + [[0, 0, 1]] * 2, dtype=float))
    weight = np.array([1.0, 0.9, 0.8])
    assert sequential_pav(approvals, weight, 2) == [0, 2]
    assert sequential_pav(approvals, weight, 3) == [0, 2, 1]


def test_divisive_statements_rank_by_a_lower_bound() -> None:
    # The first statement has the larger difference, but only ten voters in each group.
    alpha, beta = np.array([[9.0, 800.0], [1.0, 200.0]]), np.array([[1.0, 200.0], [9.0, 800.0]])
    seen, leads = np.full((2, 2), 50), np.array([[False, False], [True, True]])
    ranking = divisive(BetaPosterior(alpha, beta), leads, seen, 5, 0.01)
    assert ranking.column.tolist() == [1, 0]


def test_an_evenly_split_group_is_not_opposed() -> None:
    both = np.ones((2, 1), dtype=bool)
    halves = BetaPosterior(np.array([[90.0], [50.0]]), np.array([[10.0], [50.0]]))
    assert not opposed_pairs(halves, both, both, 0.1).any()
    assert opposed_pairs(APART, both, both, 0.1)[0, 1].tolist() == [True]


def group_counts(counts: list[list[int]], min_seen: int) -> GroupCounts:
    """One statement, with each group's counts of agree, disagree and pass."""
    agree, disagree, passed = (
        np.array(row, dtype=float)[:, None] for row in zip(*counts, strict=True)
    )
    total = agree + disagree + passed
    weighed = WeightedCounts(total, total, total, agree, disagree)
    whole = np.array([agree, disagree, passed]).astype(int)
    half = np.full_like(total, 0.5)
    return GroupCounts(weighed, whole, (half, half), 1.0, min_seen, 0.1)


def test_a_group_agrees_only_if_enough_of_it_voted() -> None:
    counts = [[30, 2, 0], [40, 2, 0]]
    assert group_counts(counts, 5).agreeing()[:, 0].tolist() == [True, True]
    assert group_counts(counts, 35).agreeing()[:, 0].tolist() == [False, True]


def test_a_group_is_opposed_only_if_more_of_it_disagree() -> None:
    assert group_counts([[60, 5, 0], [5, 50, 10]], 5).opposed()[0, 1].tolist() == [True]
    # Most of the second pass: few agree, and fewer disagree.
    assert group_counts([[60, 5, 0], [12, 8, 50]], 5).opposed()[0, 1].tolist() == [False]


def test_a_statement_is_divisive_only_if_enough_of_the_agreeing_group_voted() -> None:
    for seen, holds in ((4, False), (5, True)):
        ranking = divisive(APART, SECOND_LEADS, np.array([[seen], [100]]), 5, 0.05)
        assert ranking.holds.tolist() == [holds]


def test_a_statement_without_votes_is_not_ranked() -> None:
    posterior = BetaPosterior(np.full((2, 3), 90.0), np.full((2, 3), 10.0))
    seen = np.array([[100, 0, 100], [100, 0, 0]])
    assert middle_ground(posterior, seen, 5, 0.05).column.tolist() == [0, 2]
    assert divisive(posterior, seen > 200, seen, 5, 0.05).column.tolist() == [0, 2]


def test_equal_published_scores_keep_the_order_of_the_columns() -> None:
    posterior = BetaPosterior(np.array([[90.0, 90.0 + 1e-9]]), np.array([[10.0, 10.0]]))
    ranking = middle_ground(posterior, np.full((1, 2), 100), 5, 0.05)
    assert ranking.score[1] > ranking.score[0]
    assert ranking.column.tolist() == [0, 1]


def test_the_certainty_of_a_contrast_depends_on_how_many_voted() -> None:
    # Six in ten against one in two, with ten and with a thousand voters.
    few, many = (
        group_contrasts(
            BetaPosterior(np.array([[0.6 * n]]), np.array([[0.4 * n]])),
            BetaPosterior(np.array([[0.5 * n]]), np.array([[0.5 * n]])),
        )[0]
        for n in (10, 1000)
    )
    for contrast, n in ((few, 10), (many, 1000)):
        assert (contrast.rate.item(), contrast.rest.item()) == pytest.approx((0.6, 0.5))
        z = 0.1 / sqrt((0.24 + 0.25) / (n + 1))
        assert contrast.probability.item() == pytest.approx((1 + erf(z / sqrt(2))) / 2)
    assert few.probability.item() < 0.7
    assert many.probability.item() > 0.99


def test_a_statement_without_approval_is_not_listed() -> None:
    approvals = csc_array(np.array([[1, 0, 0]] * 3, dtype=float))
    assert sequential_pav(approvals, np.array([0.5, 0.9, 0.8]), 3) == [0]
