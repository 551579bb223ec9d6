"""Places one participant on a published map from their own votes: "you are here"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from middleground.engine.facts import MapFacts
from middleground.engine.groups.membership import membership
from middleground.engine.model.participants import NEWTON_STEPS, damping, jaakkola_curvature
from middleground.engine.opinion_map import first_two_axes
from middleground.engine.votes import FloatArray

# With more products in one call, BLAS works in several threads, which wait for one another. That
# takes ten times as long where other threads have work too, as in a server.
_MOST_PRODUCTS = 200_000


@dataclass(frozen=True, slots=True)
class Projection:
    """A participant's place on a map.

    position : in the map's plane. membership : probability of belonging to each group.
    votes : number of votes used, which are those that agree or disagree with the map's statements.
    """

    position: tuple[float, float]
    membership: tuple[float, ...]
    votes: int


def project(facts: MapFacts, statements: Sequence[int], values: Sequence[int]) -> Projection:
    """Place one participant on the map; nothing about them is stored.

    Passes, and statements that are not on the map, say nothing about a position and are skipped.
    Without any vote left the result is the prior: the middle of the map, and the probabilities of
    membership there.
    """
    return Projector(facts).project(statements, values)


class Projector:
    """``project`` for many participants: the map's parameters are made into arrays once."""

    def __init__(self, facts: MapFacts) -> None:
        self._facts, model = facts, facts.model
        self._row = {s.statement: row for row, s in enumerate(facts.statements)}
        self._intercept = np.array([s.intercept for s in facts.statements])
        self._scale = np.array(model.scale)
        self._precision = np.concatenate([[1.0 / model.b_variance], np.ones(len(self._scale))])
        loadings = np.array([(1.0, *s.loading) for s in facts.statements])
        self._features = loadings.reshape(len(facts.statements), len(self._precision))
        self._centres = np.array(model.centres).reshape(len(model.centres), len(self._scale))

    def project(self, statements: Sequence[int], values: Sequence[int]) -> Projection:
        votes = {int(s): int(v) for s, v in zip(statements, values, strict=True)}
        return self.project_all([votes])[0]

    def project_all(self, participants: Sequence[Mapping[int, int]]) -> list[Projection]:
        """``project`` for a few participants, at little more than the cost of one.

        Each is a mapping from statement to vote. The arrays are dense in participants times
        statements, so this is not for all participants at once.
        """
        if self._facts.parity:
            from middleground.engine.polis_method import project_parity

            return [
                Projection(*project_parity(self._facts, list(votes), list(votes.values())))
                for votes in participants
            ]
        # In the order of the map, so that the order of the votes changes no digit.
        kappa = np.zeros((len(participants), len(self._intercept)))
        for mine, votes in zip(kappa, participants, strict=True):
            known = {self._row[s]: v / 2.0 for s, v in votes.items() if s in self._row}
            mine[list(known)] = list(known.values())
        mean, covariance = participant_posteriors(
            self._intercept, self._features, kappa, self._precision
        )
        scale = self._scale
        scaled, spread = mean[:, 1:] * scale, covariance[:, 1:, 1:] * np.outer(scale, scale)
        chances, places = membership(scaled, spread, self._centres), first_two_axes(scaled)
        counts = np.count_nonzero(kappa, axis=1).tolist()
        return [
            Projection((x, y), tuple(mine), count)
            for (x, y), mine, count in zip(places.tolist(), chances.tolist(), counts, strict=True)
        ]


def participant_posteriors(
    intercept: FloatArray,
    f: FloatArray,
    kappa: FloatArray,
    precision: FloatArray,
    steps: int = NEWTON_STEPS,
) -> tuple[FloatArray, FloatArray]:
    """Return the posteriors of a few participants' z: mean (n, d) and covariance (n, d, d).

    This is what ``posterior_positions`` of ``model/participants.py`` computes for all.
    intercept (v,), f (v, d) : of statements. kappa (n, v) : +1/2, -1/2, or 0 without a vote.
    precision (d,) : of the prior. ``steps`` are Newton's. The arrays are dense in participants
    times statements, so this is not for all participants at once.
    """
    voted = np.flatnonzero(kappa.any(axis=0))
    intercept, f, kappa = intercept[voted], f[voted], kappa[:, voted]
    voted_on, count, size = kappa != 0.0, len(kappa), len(precision)
    if count > 1 and kappa.size * size * size > _MOST_PRODUCTS:
        halves = [
            participant_posteriors(intercept, f, half, precision, steps)
            for half in np.array_split(kappa, 2)
        ]
        means, covariances = zip(*halves, strict=True)
        return np.concatenate(means), np.concatenate(covariances)
    products = (f[:, :, None] * f[:, None, :]).reshape(-1, size * size)
    prior = np.diag(precision)
    mean = np.zeros((count, size))
    covariance = np.repeat(np.diag(1.0 / precision)[None], count, axis=0)
    for _ in range(steps if len(voted) else 0):
        logit = intercept + mean @ f.T
        variance = covariance.reshape(count, -1) @ products.T
        weight, curvature = (voted_on * each for each in jaakkola_curvature(logit, variance))
        slope = (kappa - weight * logit) @ f - precision * mean
        covariance = np.linalg.inv(prior + (weight @ products).reshape(-1, size, size))
        hessian = prior + (curvature @ products).reshape(-1, size, size)
        step = np.linalg.solve(hessian, slope[:, :, None])[:, :, 0]
        change = np.abs(voted_on * (step @ f.T)).max(axis=1)
        mean = mean + step * damping(change)[:, None]
    return mean, np.asarray(covariance, dtype=np.float64)
