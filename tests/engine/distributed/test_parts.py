"""The engine's steps on numbers that can be checked by hand or by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array

from engine.shapes import camps, crowd, three_camps
from middleground.engine.arrays.binary_votes import DOUBLE, SINGLE, BinaryVotes, Precision, pair_dot
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.arrays.packed import (
    doubled_upper_triangle,
    from_upper_triangle,
    spd_inverse,
    spd_solve,
    upper_triangle,
    with_diagonal,
)
from middleground.engine.arrays.shards import Shard
from middleground.engine.distributed.table import one_partition
from middleground.engine.findings.labels import (
    divisive,
    middle_ground,
    sequential_pav,
    within_false_discovery_rate,
)
from middleground.engine.findings.rates import (
    BetaPosterior,
    VoteRows,
    _shrunk_logits,
    posteriors,
    weighted_counts,
)
from middleground.engine.groups.kmeans import k_means, silhouette, squared_distances
from middleground.engine.groups.membership import membership
from middleground.engine.model.binary_vote_source import BinaryVoteSource
from middleground.engine.model.bulk_positions import bulk_posterior_positions
from middleground.engine.model.e_step import ParticipantMoments
from middleground.engine.model.fit import _expansion
from middleground.engine.model.parameters import (
    NormalPosteriors,
    Priors,
    expected_sigmoid,
    features,
)
from middleground.engine.model.participants import (
    jaakkola_weight,
    participant_step,
    posterior_positions,
)

BOTH = pytest.mark.parametrize("precision", [SINGLE, DOUBLE], ids=["single", "double"])


def some_votes(
    rng: np.random.Generator,
    participants: int = 30,
    statements: int = 12,
    precision: Precision = DOUBLE,
) -> BinaryVotes:
    seen = rng.random((participants, statements)) < 0.7
    row, column = np.nonzero(seen)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=participants))])
    return BinaryVotes(indptr, column, rng.random(len(row)) < 0.6, statements, precision)


def test_packed_matrices_keep_the_trace_of_a_product() -> None:
    rng = np.random.default_rng(0)
    one, other = (m + m.transpose(0, 2, 1) for m in rng.standard_normal((2, 7, 4, 4)))
    expected = np.einsum("nij,nji->n", one, other)
    assert np.allclose((upper_triangle(one) * doubled_upper_triangle(other)).sum(axis=1), expected)
    assert np.array_equal(from_upper_triangle(upper_triangle(one), 4), one)


def test_inverses_of_many_small_matrices() -> None:
    rng = np.random.default_rng(0)
    roots = rng.standard_normal((50, 5, 5))
    matrices = roots @ roots.transpose(0, 2, 1) + 0.1 * np.eye(5)
    before = matrices.copy()
    assert np.allclose(
        from_upper_triangle(spd_inverse(upper_triangle(matrices)), matrices.shape[-1]),
        np.linalg.inv(matrices),
    )
    assert np.array_equal(matrices, before)


def test_dot_products_of_pairs_across_chunks() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((40, 3)), rng.standard_normal((20, 3))
    row, column = rng.integers(0, 40, 20_000), rng.integers(0, 20, 20_000)
    assert np.allclose(pair_dot(left, right, row, column), (left @ right.T)[row, column])


def test_rows_can_be_taken_in_any_order() -> None:
    answer = np.array([1, 0, 1, 1, 0], dtype=bool)
    votes = BinaryVotes(np.array([0, 2, 2, 5]), np.array([0, 2, 0, 1, 2]), answer, 3, SINGLE)
    taken = votes.take_rows(np.array([2, 1, 0]))
    assert taken.indptr.tolist() == [0, 3, 3, 5]
    assert taken.column.tolist() == [0, 1, 2, 0, 2]
    assert taken.answer.tolist() == [True, True, False, True, False]
    narrow = votes.first_columns(2)
    assert (narrow.indptr.tolist(), narrow.column.tolist()) == ([0, 1, 1, 3], [0, 0, 1])
    assert votes.row_max(np.array([3.0, 1.0, 2.0, 9.0, 4.0])).tolist() == [3.0, 0.0, 9.0]


def test_a_table_keeps_the_last_votes_of_the_eligible_first() -> None:
    from middleground.engine import Votes

    table = tabulate(
        Votes([7, 7, 8, 8, 9, 7], [1, 2, 1, 2, 1, 2], [1, 1, -1, 0, 1, -1]), min_votes=2
    )
    assert (table.eligible, table.shaped, table.orientation) == (2, 2, -1)
    assert set(table.participants[:2].tolist()) == {7, 8}
    assert table.participants[2] == 9
    last = {
        (int(table.participants[r]), int(table.statements[c])): int(v)
        for r, c, v in zip(table.row, table.column, table.value, strict=True)
    }
    assert last == {(7, 1): 1, (7, 2): -1, (8, 1): -1, (8, 2): 0, (9, 1): 1}


@BOTH
def test_placing_participants_reaches_the_fixed_point_of_the_plain_step(
    precision: Precision,
) -> None:
    rng = np.random.default_rng(1)
    votes = some_votes(rng, precision=precision)
    means = rng.standard_normal((12, 4))
    priors = Priors(0.0, 1.0, 0.3, np.ones(3))
    found = posterior_positions(votes, means, priors)
    mean, covariance = found.mean, found.covariance
    f, shard = features(means), Shard(votes, 0)
    for _ in range(500):
        logit = means[votes.column, 0] + pair_dot(mean, f, votes.row, votes.column)
        spread = np.einsum("ni,nij,nj->n", f[votes.column], covariance[votes.row], f[votes.column])
        step = participant_step(
            shard, jaakkola_weight(np.sqrt(logit**2 + spread).astype(precision)), means, priors
        )
        mean, covariance = step.mean, step.covariance
    assert np.allclose(found.mean, mean, atol=1e-4)
    assert np.allclose(found.covariance, covariance, atol=1e-4)


@BOTH
def test_placing_many_nearly_equals_placing_each_alone(precision: Precision) -> None:
    rng = np.random.default_rng(2)
    counts = np.concatenate([[0, 1, 600], rng.integers(5, 60, 400)])
    column = np.concatenate([np.sort(rng.choice(600, c, replace=False)) for c in counts])
    means, priors = rng.standard_normal((600, 4)), Priors(0.0, 1.0, 0.3, np.ones(3))
    participants = rng.standard_normal((len(counts), 4)) * [0.5, 1.0, 1.0, 1.0]
    row = np.repeat(np.arange(len(counts)), counts)
    logit = means[column, 0] + (participants[row] * features(means)[column]).sum(axis=1)
    answer = rng.random(len(row)) < 1.0 / (1.0 + np.exp(-logit))
    ends = np.concatenate([[0], np.cumsum(counts)])
    votes = BinaryVotes(ends, column.astype(np.int32), answer, 600, precision)
    alone, crowd = (
        posterior_positions(votes, means, priors),
        bulk_posterior_positions(votes, means, priors),
    )
    off = np.abs(crowd.mean - alone.mean)
    assert np.quantile(off, 0.99) < 0.05
    assert np.abs(crowd.covariance - alone.covariance).max() < 0.05
    # The known-bad control: one step fewer has a larger error.
    assert (
        np.quantile(np.abs(posterior_positions(votes, means, priors, 2).mean - alone.mean), 0.99)
        > 0.1
    )


def test_many_small_systems_are_solved_at_once() -> None:
    rng = np.random.default_rng(0)
    tables = rng.standard_normal((50, 5, 9))
    packed, right = upper_triangle(tables @ tables.transpose(0, 2, 1)), rng.standard_normal((50, 5))
    before = packed.copy()
    expected = np.linalg.solve(from_upper_triangle(packed, 5), right[:, :, None])[:, :, 0]
    assert np.allclose(spd_solve(packed, right), expected)
    assert np.array_equal(packed, before)
    assert np.allclose(
        with_diagonal(packed, np.arange(5.0)) - packed,
        upper_triangle(np.diag(np.arange(5.0))[None]),
    )


@BOTH
def test_thousands_of_unanimous_votes_give_a_finite_position(precision: Precision) -> None:
    rng = np.random.default_rng(0)
    means = np.column_stack([rng.normal(1, 2, 3000), rng.normal(0, 2, (3000, 4))])
    votes = BinaryVotes(np.array([0, 3000]), np.arange(3000), means[:, 1] > 0, 3000, precision)
    mean = posterior_positions(votes, means, Priors(0.0, 1.0, 0.3, np.ones(4))).mean[0]
    assert 2.0 < mean[1] < 30.0
    assert np.abs(mean[2:]).max() < mean[1] / 5


def test_expansion_changes_no_logit() -> None:
    rng = np.random.default_rng(0)
    roots = rng.standard_normal((30, 4, 4))
    participants = NormalPosteriors(
        rng.standard_normal((30, 4)) + 1.0, roots @ roots.transpose(0, 2, 1)
    )
    statements = NormalPosteriors(rng.standard_normal((12, 4)), np.tile(np.eye(4), (12, 1, 1)))

    def logits(p: NormalPosteriors, s: NormalPosteriors) -> np.ndarray:
        return s.mean[:, 0] + p.mean @ features(s.mean).T

    def spreads(p: NormalPosteriors, s: NormalPosteriors) -> np.ndarray:
        f = features(s.mean)
        return np.einsum("ji,nik,jk->nj", f, p.covariance, f)

    second = participants.covariance.sum(axis=0) + participants.mean.T @ participants.mean
    crowd = ParticipantMoments(30, participants.mean.sum(axis=0), second, 0.0, 0)
    expansion = _expansion(crowd, statements.mean)
    a = statements.mean[:, 0] + features(statements.mean) @ expansion.centre
    w = statements.mean[:, 1:] @ np.linalg.inv(expansion.rotation[1:, 1:])
    turned = (
        expansion.of(participants),
        NormalPosteriors(np.column_stack([a, w]), statements.covariance),
    )
    assert np.allclose(logits(*turned), logits(participants, statements))
    assert np.allclose(spreads(*turned), spreads(participants, statements))
    x = turned[0]
    second = x.covariance[:, 1:, 1:].mean(axis=0) + x.mean[:, 1:].T @ x.mean[:, 1:] / 30
    assert np.allclose(second, np.eye(3))
    axes = turned[1].mean[:, 1:]
    assert np.allclose(axes.T @ axes, np.diag(np.square(axes).sum(axis=0)))


@pytest.mark.parametrize("shape", [camps, crowd, three_camps])
def test_the_fit_improves_and_settles(shape: type) -> None:
    table = tabulate(shape())
    source = BinaryVoteSource.of_all(one_partition(table, DOUBLE))
    losses = source.fit(len(table.statements), None, 4, seed=0).losses
    assert 6 <= len(losses) <= 40
    assert losses[-1] < losses[0]
    assert losses[-1] < np.log(2)


def test_the_average_of_the_logistic_curve() -> None:
    draws = np.random.default_rng(0).standard_normal(400_000)
    for mean, variance in ((0.0, 4.0), (1.5, 1.0), (-2.0, 3.0)):
        exact = np.mean(1 / (1 + np.exp(-(mean + variance**0.5 * draws))))
        assert expected_sigmoid(np.array([mean]), np.array([variance]))[0] == pytest.approx(
            exact, abs=0.01
        )


def test_k_means_finds_separate_clusters() -> None:
    rng = np.random.default_rng(0)
    heaps = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    points = np.repeat(heaps, 20, axis=0) + rng.normal(0, 0.1, (60, 2))
    centres = k_means(points, 3, np.random.default_rng(1))
    nearest = squared_distances(heaps, centres).argmin(axis=1)
    assert sorted(nearest) == [0, 1, 2]
    assert np.allclose(centres[nearest], heaps, atol=0.1)
    assert silhouette(points, centres) > 0.97
    assert silhouette(points, k_means(points, 2, rng)) < 0.8


def test_k_means_of_points_that_coincide() -> None:
    centres = k_means(np.ones((9, 2)), 3, np.random.default_rng(0))
    assert np.array_equal(centres, np.ones((3, 2)))


def test_membership_is_the_probability_of_being_nearest() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[-1.0, 0.0], [1.0, 0.5], [0.0, 2.0]])
    mean, spread = np.array([[0.2, 0.6]]), np.array([[[0.8, 0.2], [0.2, 0.5]]])
    drawn = rng.multivariate_normal(mean[0], spread[0], 200_000)
    for count, tolerance in ((2, 0.005), (3, 0.02)):
        nearest = squared_distances(drawn, centres[:count]).argmin(axis=1)
        expected = np.bincount(nearest, minlength=count) / len(drawn)
        assert np.allclose(membership(mean, spread, centres[:count])[0], expected, atol=tolerance)


def test_rates_of_certain_members_are_beta_posteriors() -> None:
    # One statement: two of three members agree and one passes; one non-member disagrees.
    ballots = VoteRows(
        np.array([1]),
        np.arange(5),
        np.zeros(4, dtype=np.int64),
        np.array([1, 1, 0, -1], dtype=np.int8),
    )
    weights = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]])
    agree, disagree = posteriors(
        weighted_counts(ballots, weights),
        (np.array([[0.5], [0.25]]), np.array([[0.25], [0.5]])),
        4.0,
    )
    assert np.allclose(agree.alpha, [[2 + 2], [0 + 1]])
    assert np.allclose(agree.beta, [[1 + 2], [1 + 3]])
    assert np.allclose(disagree.alpha, [[0 + 1], [1 + 2]])
    assert np.allclose(agree.mean, [[4 / 7], [1 / 5]])


def test_an_uncertain_member_counts_by_the_square_of_membership() -> None:
    ballots = VoteRows(
        np.array([1]),
        np.arange(3),
        np.zeros(2, dtype=np.int64),
        np.array([1, -1], dtype=np.int8),
    )
    counts = weighted_counts(ballots, np.array([[1.0], [0.5]]))
    agree, _ = posteriors(counts, (np.full((1, 1), 0.5),) * 2, 0.0)
    # Effective votes 1 + 1/4, of which 1 / 1.5 agree.
    assert np.allclose(agree.alpha, 1.25 / 1.5)
    assert np.allclose(agree.alpha + agree.beta, 1.25)


def test_estimates_are_shrunk_by_their_reliability() -> None:
    # Variance 4 about the mean 1, mean error variance 1, so 3 is real. The last one has no votes.
    logit = np.array([[-1.0, 3.0, -1.0, 3.0, 50.0]])
    doubt = np.array([[0.5, 0.5, 1.5, 1.5, 9.0]])
    voted = np.array([True, True, True, True, False])
    drawn = _shrunk_logits(logit, doubt, voted)
    half, more = 0.6 * 3 / (3 + 2 * 0.5), 0.6 * 3 / (3 + 2 * 1.5)
    assert np.allclose(drawn[0, :4], [1 - 2 * half, 1 + 2 * half, 1 - 2 * more, 1 + 2 * more])
    # A statement without votes changes no other estimate.
    others = _shrunk_logits(logit[:, :4], doubt[:, :4], voted[:4])
    assert np.array_equal(drawn[:, :4], others)
    assert np.array_equal(_shrunk_logits(logit, doubt, np.zeros(5, dtype=bool)), logit)


def test_shrinkage_reduces_the_bias_of_the_largest_estimates() -> None:
    rng = np.random.default_rng(0)
    truth = rng.standard_normal((1, 2000))
    noisy = truth + rng.standard_normal((1, 2000))
    best = np.argsort(-noisy[0])[:50]
    drawn = _shrunk_logits(noisy, np.ones((1, 2000)), np.ones(2000, dtype=bool))
    # The known-bad control: unshrunk estimates are far above the true values.
    assert (noisy - truth)[0, best].mean() > 1.0
    assert abs((drawn - truth)[0, best].mean()) < 1.0
    assert np.square(drawn - truth).mean() < np.square(noisy - truth).mean()


def cell(*shares: tuple[float, ...], votes: float = 200.0) -> BetaPosterior:
    share = np.array(shares)
    return BetaPosterior(share * votes, (1 - share) * votes)


def test_middle_ground_is_decided_by_the_least_agreeing_group() -> None:
    agree = cell((0.99, 0.7, 0.6, 0.9), (0.4, 0.7, 0.9, 0.9))
    seen = np.array([[50, 50, 50, 50], [50, 50, 50, 4]])
    found = middle_ground(agree, seen, 5, 0.1)
    assert found.column.tolist() == [3, 1, 2, 0]
    # 0: one group disagrees; 3: only four of the second group voted on it.
    assert dict(zip(found.column.tolist(), found.holds.tolist(), strict=True)) == {
        0: False,
        1: True,
        2: True,
        3: False,
    }
    assert np.allclose(found.margin, found.score - 0.5)


def test_divisive_needs_opposite_majorities() -> None:
    agree = cell((0.9, 0.95, 0.9, 0.9), (0.1, 0.6, 0.2, 0.1))
    seen = np.array([[50, 50, 50, 50], [50, 50, 50, 4]])
    # 2: the second group does not agree, but it passes rather than disagrees.
    leads = np.array([[False] * 4, [True, False, False, True]])
    found = divisive(agree, leads, seen, 5, 0.1)
    holds = dict(zip(found.column.tolist(), found.holds.tolist(), strict=True))
    assert holds == {0: True, 1: False, 2: False, 3: False}
    assert found.column[0] in (0, 3)
    assert np.isfinite(found.margin).all()


def test_false_discoveries_are_limited_on_average() -> None:
    chances = np.array([0.99, 0.90, 0.5, 0.98])
    # Mean error probabilities of the k most certain: .01, .015, .043, .16.
    assert within_false_discovery_rate(chances).tolist() == [True, True, False, True]
    assert not within_false_discovery_rate(np.array([0.9, 0.5])).any()


def test_proportional_choice_includes_the_minority() -> None:
    # Six participants approve of columns 0, 1 and 2; four others approve of column 3.
    approvals = np.zeros((10, 4))
    approvals[:6, :3] = 1
    approvals[6:, 3] = 1
    chosen = sequential_pav(csc_array(approvals), np.ones(4), 3)
    assert chosen == [0, 3, 1]
    # The known-bad control: by popularity alone no statement of the minority is chosen.
    assert np.argsort(-approvals.sum(axis=0), kind="stable")[:3].tolist() == [0, 1, 2]
    assert sequential_pav(csc_array(approvals), np.array([0.0, 0.0, 1.0, 0.0]), 3) == [2]
