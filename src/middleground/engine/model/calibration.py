"""Calibration of the model's probabilities, measured on held-out votes.

A fifth of the votes of some participants is held out: their contribution is subtracted from the
statements' posteriors, the participants are placed by their other votes, and the held-out votes are
predicted. Predicted and observed agreement are compared in ten bins (expected calibration error:
Naeini, Cooper and Hauskrecht, AAAI 2015). The priors still include the held-out votes, because
fitting again without them would cost as much as the map.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from middleground.engine.arrays.binary_votes import BinaryVotes, RowSource
from middleground.engine.arrays.packed import from_upper_triangle, spd_inverse, upper_triangle
from middleground.engine.arrays.shards import Shard
from middleground.engine.model.e_step import statement_statistics
from middleground.engine.model.parameters import Fit, NormalPosteriors, agreement_probability
from middleground.engine.model.participants import (
    extended_moments,
    jaakkola_weight,
    posterior_positions,
    variational_xi,
)
from middleground.engine.votes import FloatArray

_PARTICIPANTS = 400
_HIDDEN = 0.2
# With fewer hidden votes the error would be mostly noise.
_FEWEST = 200
_BINS = 10
# The share of the prior's least precision that a statement must keep.
_LEAST = 0.5


def calibration(votes: RowSource, fit: Fit, seed: int) -> float | None:
    """Mean absolute gap between predicted and observed agreement, 0..1; None if too few votes."""
    rng = np.random.default_rng([seed, 4])
    rows = np.sort(rng.permutation(votes.n_rows)[:_PARTICIPANTS])
    part = votes.take_rows(rows)
    hidden = rng.random(len(part.column)) < _HIDDEN
    if np.count_nonzero(hidden) < _FEWEST:
        return None
    forgotten = part.where(hidden)
    statements = _downdated(fit, fit.participants.take(rows), forgotten)
    participants = posterior_positions(part.where(~hidden), statements.mean, fit.priors)
    chance = agreement_probability(
        participants.take(forgotten.row), statements.take(forgotten.column)
    )
    return calibration_error(chance, forgotten.answer)


def _downdated(fit: Fit, participants: NormalPosteriors, votes: BinaryVotes) -> NormalPosteriors:
    """The statements' posteriors without the contribution of ``votes``.

    A vote adds omega E[g g'] to the precision of (a, w) and kappa E[g] - omega E[b g] to precision
    times mean; both are subtracted.
    """
    shard, size = Shard(votes, 0), participants.mean.shape[1]
    scale = variational_xi(shard, extended_moments(participants), fit.statements.mean)
    statistics = statement_statistics(shard, jaakkola_weight(scale), participants)
    known = from_upper_triangle(spd_inverse(upper_triangle(fit.statements.covariance)), size)
    precision = known - from_upper_triangle(statistics.moments, size)
    pull = np.einsum("nij,nj->ni", known, fit.statements.mean)
    pull -= statistics.pull - statistics.offset
    # Participants have moved a little since the statement step, so too much may be subtracted;
    # such a statement gets the prior.
    prior = np.diag(fit.priors.statement_precision())
    lost = np.linalg.eigvalsh(precision)[:, 0] < _LEAST * np.linalg.eigvalsh(prior)[0]
    precision[lost] = prior
    pull[lost] = prior @ fit.priors.statement_mean()
    covariance = from_upper_triangle(spd_inverse(upper_triangle(precision)), size)
    return NormalPosteriors(np.einsum("nij,nj->ni", covariance, pull), covariance)


def calibration_error(chance: FloatArray, answer: NDArray[np.bool_]) -> float:
    """Mean over votes of |mean prediction - share of agreement| in the vote's bin."""
    tenth = np.minimum((chance * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(tenth, weights=chance - answer, minlength=_BINS)
    return float(np.abs(gaps).sum()) / max(len(chance), 1)
