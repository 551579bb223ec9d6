"""Fitting the model: variational Bayes with parameter-expanded EM.

Alternates the participant step (participants.py), the statement step, empirical-Bayes updates of
the priors, and the expansion step of Liu, Rubin and Wu, "Parameter expansion to accelerate EM",
Biometrika 85 (1998): positions are whitened and loadings rotated to their principal axes, which
leaves every prediction as it was.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from middleground.engine.arrays.packed import from_upper_triangle, spd_inverse, with_diagonal
from middleground.engine.model.e_step import (
    EStepResult,
    Expansion,
    ParticipantMoments,
    StatementStatistics,
)
from middleground.engine.model.parameters import (
    Fit,
    NormalPosteriors,
    Priors,
    flip_axes,
)
from middleground.engine.model.participants import prior_participants
from middleground.engine.votes import FloatArray

_LEAST_LOADING_VARIANCE = 1.0
_ITERATIONS_WITH_FIXED_LOADINGS = 5


def fit_with(
    e_step: Callable[[FloatArray, Priors], EStepResult],
    start: FloatArray,
    priors: Priors,
    iterations: int = 40,
    tolerance: float = 3e-4,
) -> Fit:
    """Fit priors and statements to binary answers, starting from statement means (m, d).

    ``e_step`` updates the participants' posteriors from statements and priors, keeps them where
    the votes are, and returns sums over them. Those posteriors lag a step behind the statements,
    so the returned fit has none; ``posterior_positions`` computes them. Stops when the bound on
    the loss per vote changes by less than ``tolerance``.
    """
    spread = np.diag(1.0 / priors.statement_precision())
    statements = NormalPosteriors(start, np.tile(spread, (len(start), 1, 1)))
    losses: list[float] = []
    for iteration in range(iterations):
        sums = e_step(statements.mean, priors)
        losses.append(sums.moments.loss / sums.moments.votes)
        # It suffices to expand the sums: the participants' next posteriors depend only on the
        # statements and on the bound's weights, which the expansion does not change.
        expansion = _expansion(sums.moments, statements.mean)
        statements = statement_posteriors(sums.statistics.expanded(expansion), priors)
        fixed = iteration < _ITERATIONS_WITH_FIXED_LOADINGS
        priors = _updated_priors(priors, sums.moments, statements, hold_loadings=fixed)
        enough = iteration > _ITERATIONS_WITH_FIXED_LOADINGS
        if enough and abs(losses[-2] - losses[-1]) < tolerance:
            break
    return _sign_axes(Fit(priors, statements, prior_participants(0, priors), tuple(losses)))


def statement_posteriors(statistics: StatementStatistics, priors: Priors) -> NormalPosteriors:
    """Posteriors of (a, w), as in the participant step, but with E[g g'] because g is uncertain."""
    size = statistics.pull.shape[1]
    prior = priors.statement_precision()
    pull = statistics.pull - statistics.offset + prior * priors.statement_mean()
    covariance = from_upper_triangle(spd_inverse(with_diagonal(statistics.moments, prior)), size)
    return NormalPosteriors(np.einsum("nij,nj->ni", covariance, pull), covariance)


def _expansion(moments: ParticipantMoments, statement_means: FloatArray) -> Expansion:
    """Centre b, centre and whiten x, rotate w to its principal axes; no logit changes."""
    centre = moments.mean / moments.count
    spread = moments.second / moments.count - np.outer(centre, centre)
    root = np.linalg.cholesky(spread[1:, 1:])
    w = statement_means[:, 1:] @ root
    _, axes = np.linalg.eigh(w.T @ w)
    axes = axes[:, ::-1]
    rotation = np.eye(len(centre))
    rotation[1:, 1:] = axes.T @ np.linalg.inv(root)
    return Expansion(centre, rotation)


def _updated_priors(
    priors: Priors,
    moments: ParticipantMoments,
    statements: NormalPosteriors,
    *,
    hold_loadings: bool,
) -> Priors:
    """Empirical Bayes: set each prior's moments to those of its posteriors."""
    second = statements.covariance.diagonal(axis1=1, axis2=2) + statements.mean**2
    a_mean = float(statements.mean[:, 0].mean())
    a_variance = float(second[:, 0].mean() - a_mean**2)
    # The variance about the mean, because the expansion has centred b.
    b_variance = float(
        moments.second[0, 0] / moments.count - (moments.mean[0] / moments.count) ** 2
    )
    w_variance = priors.w_variance if hold_loadings else second[:, 1:].mean(axis=0)
    # Without a floor, a loading variance can collapse to zero and remove its axis.
    return Priors(
        a_mean,
        max(a_variance, 0.05),
        max(b_variance, 0.01),
        np.maximum(w_variance, _LEAST_LOADING_VARIANCE),
    )


def _sign_axes(fit: Fit) -> Fit:
    """Fix the arbitrary sign of each axis so that the cubes of its loadings sum to >= 0."""
    return flip_axes(fit, np.where((fit.statements.mean[:, 1:] ** 3).sum(axis=0) < 0.0, -1.0, 1.0))
