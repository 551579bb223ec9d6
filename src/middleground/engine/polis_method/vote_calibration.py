"""Turns Polis's reconstruction of a vote into a probability, by a calibration fitted to the votes.

Filling gaps with means and keeping two axes reconstructs the vote of participant i on statement j
as mean_j + t_i . w_j. Polis gives no probabilities; the calibration is a logistic regression

    P(agree | agree or disagree) = sigma(alpha + beta l_j + gamma t_i . w_j)

with l_j the log odds of agreement (one vote added to each side). A vote takes part in its own
reconstruction, which would make the calibration overconfident. Each vote is therefore removed from
its participant's position and its statement's odds before the calibration is fitted to it. Only
the given votes are used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from middleground.engine.arrays.binary_votes import ColumnArray
from middleground.engine.arrays.canonical_order import VoteTable
from middleground.engine.polis_method.pca import PrincipalPlane
from middleground.engine.votes import FloatArray, IntArray

# The calibration has three parameters; this many votes, evenly chosen, determine them well.
_ENOUGH = 100_000
# Number of votes that the prior "the log odds are right as they are" is worth.
_PRIOR_WEIGHT = 1.0
_STEPS = 25


def log_odds(agree: IntArray, disagree: IntArray) -> FloatArray:
    """Return log (A + 1) / (B + 1)."""
    odds: FloatArray = np.log((agree + 1.0) / (disagree + 1.0))
    return odds


def fit_vote_calibration(table: VoteTable, plane: PrincipalPlane) -> FloatArray:
    """Fit alpha, beta and gamma, shape (3,)."""
    took_side = np.flatnonzero(table.value)
    chosen = took_side[:: max(len(took_side) // _ENOUGH, 1)]
    row, column, value = table.row[chosen], table.column[chosen], table.value[chosen]
    agrees, width = value > 0, len(table.statements)
    agree, disagree = (
        np.bincount(table.column[table.value == sign], minlength=width)[column] for sign in (1, -1)
    )
    odds = log_odds(agree - agrees, disagree - ~agrees)
    return logistic(np.column_stack([odds, _without_own(table, plane, row, column, value)]), agrees)


def _without_own(
    table: VoteTable,
    plane: PrincipalPlane,
    row: ColumnArray,
    column: ColumnArray,
    value: NDArray[np.int8],
) -> FloatArray:
    """Return t_i . w_j for some votes, with the vote on j removed from t_i."""
    loading, votes = plane.loading[column], np.diff(table.indptr)[row]
    own = (value - plane.mean[column])[:, None] * loading
    others = plane.points[row] / plane.sparsity[row][:, None] - own
    scale = np.sqrt(len(table.statements) / np.maximum(votes - 1, 1))
    moved: FloatArray = (others * loading).sum(axis=1) * scale
    return moved


def logistic(inputs: FloatArray, answer: NDArray[np.bool_]) -> FloatArray:
    """Fit intercept and slopes of a logistic regression by Newton's steps.

    A weak prior at (0, 1, 0, ...), "the log odds alone", keeps the result finite where all answer
    alike.
    """
    design = np.column_stack([np.ones(len(inputs)), inputs])
    prior = np.zeros(design.shape[1])
    prior[1] = 1.0
    weights = prior.copy()
    for _ in range(_STEPS):
        chance = expit(design @ weights)
        slope = design.T @ (answer - chance) - _PRIOR_WEIGHT * (weights - prior)
        bend = (design * (chance * (1.0 - chance))[:, None]).T @ design
        step = np.linalg.solve(bend + _PRIOR_WEIGHT * np.eye(len(prior)), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights
