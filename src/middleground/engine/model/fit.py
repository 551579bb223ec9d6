"""Fitting the model: variational Bayes with parameter-expanded EM.

Alternates the participant step (people.py), the statement step, empirical-Bayes updates of the
priors, and the expansion step of Liu, Rubin and Wu, "Parameter expansion to accelerate EM",
Biometrika 85 (1998): positions are whitened and loadings rotated to their principal axes, which
leaves every prediction as it was.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from middleground.engine.arrays.binary_votes import (
    BinaryVotes,
    from_upper_triangle,
    spd_inverse,
    with_diagonal,
)
from middleground.engine.arrays.shards import parallel_map, parallel_sum, split_into_shards
from middleground.engine.model.e_step import (
    EStepResult,
    Expansion,
    ParticipantMoments,
    ShardPosterior,
    StatementStatistics,
)
from middleground.engine.model.parameters import (
    Fit,
    NormalPosteriors,
    Priors,
    flip_axes,
    prior_statements,
    starting_priors,
)
from middleground.engine.model.participants import prior_participants
from middleground.engine.model.svd_init import initial_statements
from middleground.engine.votes import FloatArray

_LEAST_LOADING_VARIANCE = 1.0
_ITERATIONS_WITH_FIXED_LOADINGS = 5


class EStep(Protocol):
    """The people that a model is fitted to, wherever they are kept."""

    def turn(self, means: FloatArray, priors: Priors) -> EStepResult:
        """Place them anew given the statements, and sum up over them."""

    def people(self) -> NormalPosteriors:
        """Their posteriors, in the order of rows."""


class LocalEStep:
    """Everyone in this process."""

    def __init__(self, votes: BinaryVotes, start: FloatArray, priors: Priors) -> None:
        self.shares = parallel_map(
            lambda shard: ShardPosterior.unheard(shard, start, priors), split_into_shards(votes)
        )

    def turn(self, means: FloatArray, priors: Priors) -> EStepResult:
        return parallel_sum(lambda share: share.turn(means, priors), self.shares)

    def people(self) -> NormalPosteriors:
        return NormalPosteriors(
            np.concatenate([share.people.mean for share in self.shares]),
            np.concatenate([share.people.covariance for share in self.shares]),
        )


def fit_model(
    votes: BinaryVotes, dimensions: int, seed: int, iterations: int = 40, tolerance: float = 3e-4
) -> Fit:
    """Fit priors, statements and people to binary answers.

    Stops when the bound on the loss per vote changes by less than ``tolerance``. The people's
    posteriors lag a step behind the statements'; ``locate`` gives them anew.
    """
    priors = starting_priors(dimensions)
    if not len(votes.column):
        return Fit(
            priors,
            prior_statements(votes.n_columns, priors),
            prior_participants(votes.n_rows, priors),
            (),
        )
    start = initial_statements(votes, dimensions, np.random.default_rng([seed, 1]))
    return fit_with(LocalEStep(votes, start, priors), start, priors, iterations, tolerance)


def fit_with(
    everyone: EStep,
    start: FloatArray,
    priors: Priors,
    iterations: int = 40,
    tolerance: float = 3e-4,
) -> Fit:
    """``fit_model`` from given means of the statements (m, d), whoever holds the votes."""
    spread = np.diag(1.0 / priors.statement_precision())
    statements = NormalPosteriors(start, np.tile(spread, (len(start), 1, 1)))
    losses: list[float] = []
    for turn in range(iterations):
        turned = everyone.turn(statements.mean, priors)
        losses.append(turned.crowd.loss / turned.crowd.votes)
        # The sums are turned instead of the people: what they are placed anew by keeps its value.
        expansion = _expansion(turned.crowd, statements.mean)
        statements = statement_posteriors(turned.pulls.expanded(expansion), priors)
        priors = _updated_priors(
            priors, turned.crowd, statements, hold_loadings=turn < _ITERATIONS_WITH_FIXED_LOADINGS
        )
        if turn > _ITERATIONS_WITH_FIXED_LOADINGS and abs(losses[-2] - losses[-1]) < tolerance:
            break
    return _sign_axes(Fit(priors, statements, everyone.people(), tuple(losses)))


def statement_posteriors(pulls: StatementStatistics, priors: Priors) -> NormalPosteriors:
    """Posteriors of (a, w): as the participant step, with E[g g'] for the uncertain g."""
    size = pulls.pull.shape[1]
    prior = priors.statement_precision()
    pull = pulls.pull - pulls.offset + prior * priors.statement_mean()
    covariance = from_upper_triangle(spd_inverse(with_diagonal(pulls.moments, prior)), size)
    return NormalPosteriors(np.einsum("nij,nj->ni", covariance, pull), covariance)


def _expansion(crowd: ParticipantMoments, statement_means: FloatArray) -> Expansion:
    """Centre b, centre and whiten x, rotate w to its principal axes; no logit changes."""
    centre = crowd.mean / crowd.people
    spread = crowd.second / crowd.people - np.outer(centre, centre)
    root = np.linalg.cholesky(spread[1:, 1:])
    w = statement_means[:, 1:] @ root
    _, axes = np.linalg.eigh(w.T @ w)
    axes = axes[:, ::-1]
    turn = np.eye(len(centre))
    turn[1:, 1:] = axes.T @ np.linalg.inv(root)
    return Expansion(centre, turn)


def _updated_priors(
    priors: Priors, crowd: ParticipantMoments, statements: NormalPosteriors, *, hold_loadings: bool
) -> Priors:
    """Empirical Bayes: each prior's moments become those of its posteriors."""
    second = statements.covariance.diagonal(axis1=1, axis2=2) + statements.mean**2
    a_mean = float(statements.mean[:, 0].mean())
    a_variance = float(second[:, 0].mean() - a_mean**2)
    # The readiness to agree as the expansion has just centred it.
    b_variance = float(crowd.second[0, 0] / crowd.people - (crowd.mean[0] / crowd.people) ** 2)
    w_variance = priors.w_variance if hold_loadings else second[:, 1:].mean(axis=0)
    # An unfloored loading variance can collapse to zero and take its axis with it.
    return Priors(
        a_mean,
        max(a_variance, 0.05),
        max(b_variance, 0.01),
        np.maximum(w_variance, _LEAST_LOADING_VARIANCE),
    )


def _sign_axes(fit: Fit) -> Fit:
    """An axis has no sign of its own: the cubes of its loadings shall sum to more than zero."""
    return flip_axes(fit, np.where((fit.statements.mean[:, 1:] ** 3).sum(axis=0) < 0.0, -1.0, 1.0))
