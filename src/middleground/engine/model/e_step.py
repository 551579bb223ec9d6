"""The E step over the votes of a shard: participants' posteriors, and sums for the M step.

A step reads every vote once. It computes the posteriors of the shard's participants from the
statements, then sums each statement's precision and precision times mean over the participants
who voted on it. Shards, cores and machines each sum over their own participants, and these sums are
added in a fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.engine.arrays.binary_votes import AnyFloats
from middleground.engine.arrays.packed import (
    from_upper_triangle,
    outer_upper_triangle,
    upper_triangle,
)
from middleground.engine.arrays.shards import Shard
from middleground.engine.model.parameters import NormalPosteriors, Priors, features
from middleground.engine.model.participants import (
    extended_moments,
    jaakkola_weight,
    participant_step,
    prior_participants,
    variational_xi,
)
from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class StatementStatistics:
    """The sufficient statistics of statements (m), additive over participants.

    moments (m, d (d + 1) / 2) : sum of omega E[g g'], upper triangles, g = (1, x).
    pull (m, d) : sum of kappa E[g]. offset (m, d) : sum of omega E[b g].
    """

    moments: FloatArray
    pull: FloatArray
    offset: FloatArray

    def __add__(self, other: StatementStatistics) -> StatementStatistics:
        return StatementStatistics(
            self.moments + other.moments, self.pull + other.pull, self.offset + other.offset
        )

    def expanded(self, expansion: Expansion) -> StatementStatistics:
        """The sums after the expansion of participants, which shifts b and shifts and rotates x."""
        size = self.pull.shape[1]
        rotation = np.eye(size)
        rotation[1:, 1:] = expansion.rotation[1:, 1:]
        rotation[1:, 0] = -rotation[1:, 1:] @ expansion.centre[1:]
        moments = from_upper_triangle(self.moments, size)
        offset = self.offset - expansion.centre[0] * moments[:, 0]
        rotated = np.einsum("ij,njk,lk->nil", rotation, moments, rotation, optimize=True)
        return StatementStatistics(
            upper_triangle(rotated), self.pull @ rotation.T, offset @ rotation.T
        )


@dataclass(frozen=True, slots=True)
class ParticipantMoments:
    """Additive moments of participants: their count, sums of means m and of covariance + m m'.

    ``loss`` is the bound on the loss, summed over ``votes`` votes, given participants and
    statements.
    """

    count: int
    mean: FloatArray
    second: FloatArray
    loss: float
    votes: int

    def __add__(self, other: ParticipantMoments) -> ParticipantMoments:
        return ParticipantMoments(
            self.count + other.count,
            self.mean + other.mean,
            self.second + other.second,
            self.loss + other.loss,
            self.votes + other.votes,
        )


@dataclass(frozen=True, slots=True)
class Expansion:
    """The expansion step of parameter-expanded EM: z becomes rotation (z - centre).

    Changes no logit. centre (d,) : the mean of z. rotation (d, d) : whitens x and rotates it to
    its principal axes; leaves b unchanged.
    """

    centre: FloatArray
    rotation: FloatArray

    @classmethod
    def none(cls, size: int) -> Expansion:
        return cls(np.zeros(size), np.eye(size))

    def of(self, participants: NormalPosteriors) -> NormalPosteriors:
        covariance = np.einsum(
            "ij,njk,lk->nil", self.rotation, participants.covariance, self.rotation, optimize=True
        )
        return NormalPosteriors((participants.mean - self.centre) @ self.rotation.T, covariance)


@dataclass(frozen=True, slots=True)
class EStepResult:
    """The sums that an E step returns."""

    statistics: StatementStatistics
    moments: ParticipantMoments

    def __add__(self, other: EStepResult) -> EStepResult:
        return EStepResult(self.statistics + other.statistics, self.moments + other.moments)


@dataclass(slots=True)
class ShardPosterior:
    """A shard, its participants' posteriors and the bound's weights; each step replaces both."""

    shard: Shard
    participants: NormalPosteriors
    weight: AnyFloats

    @classmethod
    def initial(cls, shard: Shard, means: FloatArray, priors: Priors) -> ShardPosterior:
        participants = prior_participants(shard.votes.n_rows, priors)
        xi = variational_xi(shard, extended_moments(participants), means)
        return cls(shard, participants, jaakkola_weight(xi))

    def e_step(self, means: FloatArray, priors: Priors) -> EStepResult:
        """Posteriors given the statements, the bound's weights given both, and the sums."""
        answers = self.shard.row_sums(self.shard.kappa, features(means))
        posterior = participant_step(self.shard, self.weight, means, priors, answers)
        xi = variational_xi(self.shard, extended_moments(posterior), means)
        self.participants, self.weight = posterior, jaakkola_weight(xi)
        statistics = statement_statistics(self.shard, self.weight, posterior)
        # The sum of kappa E eta: first the participants' part, then the statements'.
        linear = float(np.sum(posterior.mean * answers))
        linear += float(statistics.pull[:, 0] @ means[:, 0])
        second = posterior.covariance.sum(axis=0) + posterior.mean.T @ posterior.mean
        moments = ParticipantMoments(
            len(posterior.mean), posterior.mean.sum(axis=0), second, _log_cosh(xi) - linear, len(xi)
        )
        return EStepResult(statistics, moments)


def statement_statistics(
    shard: Shard, weight: AnyFloats, participants: NormalPosteriors
) -> StatementStatistics:
    """Sum over a shard's participants, given the bound's weights (n_votes,)."""
    size = participants.mean.shape[1]
    b, x = participants.mean[:, :1], participants.mean[:, 1:]
    g = np.hstack([np.ones_like(b), x])
    moments = outer_upper_triangle(g)
    moments[:, 1 + x.shape[1] :] += upper_triangle(participants.covariance[:, 1:, 1:])
    table = np.hstack([moments, b, participants.covariance[:, 0, 1:] + b * x])
    weighted = shard.column_sums(weight, table)
    pull = shard.column_sums(shard.kappa, g)
    return StatementStatistics(weighted[:, :-size], pull, weighted[:, -size:])


def _log_cosh(xi: AnyFloats) -> float:
    """The sum of log 2 cosh(c / 2): the bound on the loss without the term kappa E eta."""
    cosh = xi * 0.5 + np.log(np.exp(-xi) + 1.0)
    return float(cosh.sum(dtype=np.float64))
