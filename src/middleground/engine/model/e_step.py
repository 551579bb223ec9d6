"""One turn of the fit over the votes of a shard: its people anew, and what statements learn of it.

A turn reads every vote once. People are placed given the statements; then each statement's
precision and pull are summed over the people who voted on it. What comes out adds up: shards,
cores and machines each sum their own people, and the sums are added in a fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.engine.arrays.binary_votes import (
    AnyFloats,
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
    """What statements (m) learn from people, by whom it is additive.

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
        """The same sums had the people been expanded before: b moved, x moved and turned."""
        size = self.pull.shape[1]
        turn = np.eye(size)
        turn[1:, 1:] = expansion.turn[1:, 1:]
        turn[1:, 0] = -turn[1:, 1:] @ expansion.centre[1:]
        moments = from_upper_triangle(self.moments, size)
        offset = self.offset - expansion.centre[0] * moments[:, 0]
        turned = np.einsum("ij,njk,lk->nil", turn, moments, turn, optimize=True)
        return StatementStatistics(upper_triangle(turned), self.pull @ turn.T, offset @ turn.T)


@dataclass(frozen=True, slots=True)
class ParticipantMoments:
    """Where people are, by whom it is additive: their count, sum of means, of covariance + m m'.

    ``loss`` is the bound's summed loss of ``votes`` votes, given people and statements.
    """

    people: int
    mean: FloatArray
    second: FloatArray
    loss: float
    votes: int

    def __add__(self, other: ParticipantMoments) -> ParticipantMoments:
        return ParticipantMoments(
            self.people + other.people,
            self.mean + other.mean,
            self.second + other.second,
            self.loss + other.loss,
            self.votes + other.votes,
        )


@dataclass(frozen=True, slots=True)
class Expansion:
    """The step of parameter-expanded EM that changes no logit: z becomes turn (z - centre).

    centre (d,) : the mean of z. turn (d, d) : whitens x and turns it to principal axes; b stays.
    """

    centre: FloatArray
    turn: FloatArray

    @classmethod
    def none(cls, size: int) -> Expansion:
        return cls(np.zeros(size), np.eye(size))

    def of(self, people: NormalPosteriors) -> NormalPosteriors:
        covariance = np.einsum(
            "ij,njk,lk->nil", self.turn, people.covariance, self.turn, optimize=True
        )
        return NormalPosteriors((people.mean - self.centre) @ self.turn.T, covariance)


@dataclass(frozen=True, slots=True)
class EStepResult:
    """The sums of a turn."""

    pulls: StatementStatistics
    crowd: ParticipantMoments

    def __add__(self, other: EStepResult) -> EStepResult:
        return EStepResult(self.pulls + other.pulls, self.crowd + other.crowd)


@dataclass(slots=True)
class ShardPosterior:
    """A shard, the posteriors of its people and the bound's weights, which every turn replaces."""

    shard: Shard
    people: NormalPosteriors
    weight: AnyFloats

    @classmethod
    def unheard(cls, shard: Shard, means: FloatArray, priors: Priors) -> ShardPosterior:
        people = prior_participants(shard.votes.n_rows, priors)
        scale = variational_xi(shard, extended_moments(people), means)
        return cls(shard, people, jaakkola_weight(scale))

    def turn(self, means: FloatArray, priors: Priors) -> EStepResult:
        """People given the statements, the bound's weights given both, what statements learn."""
        answers = self.shard.row_sums(self.shard.kappa, features(means))
        people = participant_step(self.shard, self.weight, means, priors, answers)
        scale = variational_xi(self.shard, extended_moments(people), means)
        self.people, self.weight = people, jaakkola_weight(scale)
        pulls = statement_statistics(self.shard, self.weight, people)
        # The sum of kappa E eta: what people's own part gives, and the statements'.
        linear = float(np.sum(people.mean * answers)) + float(pulls.pull[:, 0] @ means[:, 0])
        loss = _log_cosh(scale) - linear
        second = people.covariance.sum(axis=0) + people.mean.T @ people.mean
        crowd = ParticipantMoments(
            len(people.mean), people.mean.sum(axis=0), second, loss, len(scale)
        )
        return EStepResult(pulls, crowd)


def statement_statistics(
    shard: Shard, weight: AnyFloats, people: NormalPosteriors
) -> StatementStatistics:
    """The sums over a shard's people for each statement, given the bound's weights (n_votes,)."""
    size = people.mean.shape[1]
    b, x = people.mean[:, :1], people.mean[:, 1:]
    g = np.hstack([np.ones_like(b), x])
    moments = outer_upper_triangle(g)
    moments[:, 1 + x.shape[1] :] += upper_triangle(people.covariance[:, 1:, 1:])
    table = np.hstack([moments, b, people.covariance[:, 0, 1:] + b * x])
    weighted = shard.column_sums(weight, table)
    pull = shard.column_sums(shard.kappa, g)
    return StatementStatistics(weighted[:, :-size], pull, weighted[:, -size:])


def _log_cosh(scale: AnyFloats) -> float:
    """The sum of log 2 cosh(c / 2): the bound's loss but for kappa E eta."""
    cosh = scale * 0.5 + np.log(np.exp(-scale) + 1.0)
    return float(cosh.sum(dtype=np.float64))
