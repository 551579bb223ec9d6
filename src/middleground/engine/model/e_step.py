"""One turn of the fit over the votes of a shard: its people anew, and what statements learn of it.

A turn reads every vote once. People are placed given the statements; then each statement's
precision and pull are summed over the people who voted on it. What comes out adds up: shards,
cores and machines each sum their own people, and the sums are added in a fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.engine.arrays.binary_votes import AnyFloats, pack, pack_square, unpack
from middleground.engine.arrays.shards import Shard
from middleground.engine.model.parameters import Gaussians, Priors, features
from middleground.engine.model.participants import (
    bound_weight,
    extended_moments,
    logit_scale,
    person_step,
    unheard,
)
from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class Pulls:
    """What statements (m) learn from people, by whom it is additive.

    moments (m, d (d + 1) / 2) : sum of omega E[g g'], upper triangles, g = (1, x).
    pull (m, d) : sum of kappa E[g]. offset (m, d) : sum of omega E[b g].
    """

    moments: FloatArray
    pull: FloatArray
    offset: FloatArray

    def __add__(self, other: Pulls) -> Pulls:
        return Pulls(
            self.moments + other.moments, self.pull + other.pull, self.offset + other.offset
        )

    def expanded(self, expansion: Expansion) -> Pulls:
        """The same sums had the people been expanded before: b moved, x moved and turned."""
        size = self.pull.shape[1]
        turn = np.eye(size)
        turn[1:, 1:] = expansion.turn[1:, 1:]
        turn[1:, 0] = -turn[1:, 1:] @ expansion.centre[1:]
        moments = unpack(self.moments, size)
        offset = self.offset - expansion.centre[0] * moments[:, 0]
        turned = np.einsum("ij,njk,lk->nil", turn, moments, turn, optimize=True)
        return Pulls(pack(turned), self.pull @ turn.T, offset @ turn.T)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where people are, by whom it is additive: their count, sum of means, of covariance + m m'.

    ``loss`` is the bound's summed loss of ``votes`` votes, given people and statements.
    """

    people: int
    mean: FloatArray
    second: FloatArray
    loss: float
    votes: int

    def __add__(self, other: Crowd) -> Crowd:
        return Crowd(
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

    def of(self, people: Gaussians) -> Gaussians:
        covariance = np.einsum(
            "ij,njk,lk->nil", self.turn, people.covariance, self.turn, optimize=True
        )
        return Gaussians((people.mean - self.centre) @ self.turn.T, covariance)


@dataclass(frozen=True, slots=True)
class Turned:
    """The sums of a turn."""

    pulls: Pulls
    crowd: Crowd

    def __add__(self, other: Turned) -> Turned:
        return Turned(self.pulls + other.pulls, self.crowd + other.crowd)


@dataclass(slots=True)
class Share:
    """A shard, the posteriors of its people and the bound's weights, which every turn replaces."""

    shard: Shard
    people: Gaussians
    weight: AnyFloats

    @classmethod
    def unheard(cls, shard: Shard, means: FloatArray, priors: Priors) -> Share:
        people = unheard(shard.votes.n_rows, priors)
        scale = logit_scale(shard, extended_moments(people), means)
        return cls(shard, people, bound_weight(scale))

    def turn(self, means: FloatArray, priors: Priors) -> Turned:
        """People given the statements, the bound's weights given both, what statements learn."""
        answers = self.shard.row_sums(self.shard.kappa, features(means))
        people = person_step(self.shard, self.weight, means, priors, answers)
        scale = logit_scale(self.shard, extended_moments(people), means)
        self.people, self.weight = people, bound_weight(scale)
        pulls = pulls_of(self.shard, self.weight, people)
        # The sum of kappa E eta: what people's own part gives, and the statements'.
        linear = float(np.sum(people.mean * answers)) + float(pulls.pull[:, 0] @ means[:, 0])
        loss = _log_cosh(scale) - linear
        second = people.covariance.sum(axis=0) + people.mean.T @ people.mean
        crowd = Crowd(len(people.mean), people.mean.sum(axis=0), second, loss, len(scale))
        return Turned(pulls, crowd)


def pulls_of(shard: Shard, weight: AnyFloats, people: Gaussians) -> Pulls:
    """The sums over a shard's people for each statement, given the bound's weights (n_votes,)."""
    size = people.mean.shape[1]
    b, x = people.mean[:, :1], people.mean[:, 1:]
    g = np.hstack([np.ones_like(b), x])
    moments = pack_square(g)
    moments[:, 1 + x.shape[1] :] += pack(people.covariance[:, 1:, 1:])
    table = np.hstack([moments, b, people.covariance[:, 0, 1:] + b * x])
    weighted = shard.column_sums(weight, table)
    pull = shard.column_sums(shard.kappa, g)
    return Pulls(weighted[:, :-size], pull, weighted[:, -size:])


def _log_cosh(scale: AnyFloats) -> float:
    """The sum of log 2 cosh(c / 2): the bound's loss but for kappa E eta."""
    cosh = scale * 0.5 + np.log(np.exp(-scale) + 1.0)
    return float(cosh.sum(dtype=np.float64))
