"""One participant placed on a published map from their own votes: "you are here"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from middleground.engine.facts import MapFacts
from middleground.engine.groups.membership import membership
from middleground.engine.model.participants import NEWTON_STEPS, damping, jaakkola_curvature
from middleground.engine.opinion_map import first_two_axes
from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class Projection:
    """Where a participant stands: a point of the map's plane and P(group), one a group.

    ``votes`` counts the votes that could be used: agree or disagree, on statements of the map.
    """

    position: tuple[float, float]
    membership: tuple[float, ...]
    votes: int


def project(facts: MapFacts, statements: Sequence[int], values: Sequence[int]) -> Projection:
    """Place one participant; nothing of them is kept.

    Passes and statements that the map does not know say nothing about a position and are
    skipped; with no votes left the answer is the prior: the middle, and each group's share of it.
    """
    if facts.parity:
        from middleground.engine.polis_method import project_parity

        return Projection(*project_parity(facts, statements, values))
    model = facts.model
    votes = {int(s): int(v) for s, v in zip(statements, values, strict=True)}
    known = [s for s in facts.statements if votes.get(s.statement)]
    scale = np.array(model.scale)
    precision = np.concatenate([[1.0 / model.b_variance], np.ones(len(scale))])
    mean, covariance = participant_posterior(
        np.array([s.intercept for s in known]),
        np.array([(1.0, *s.loading) for s in known]).reshape(len(known), len(precision)),
        np.array([votes[s.statement] / 2.0 for s in known]),
        precision,
    )
    scaled, spread = mean[1:] * scale, covariance[1:, 1:] * np.outer(scale, scale)
    centres = np.array(model.centres).reshape(len(model.centres), len(scale))
    chances = membership(scaled[None], spread[None], centres)[0]
    x, y = first_two_axes(scaled[None])[0].tolist()
    return Projection((x, y), tuple(chances.tolist()), len(known))


def participant_posterior(
    intercept: FloatArray,
    f: FloatArray,
    kappa: FloatArray,
    precision: FloatArray,
    steps: int = NEWTON_STEPS,
) -> tuple[FloatArray, FloatArray]:
    """What ``locate`` in people.py does, for one person: mean (d,) and covariance (d, d) of z.

    intercept (v,), f (v, d) : of the statements voted on; kappa (v,) : +1/2 or -1/2.
    """
    mean, covariance = participant_posteriors(intercept, f, kappa[None, :], precision, steps)
    return mean[0], covariance[0]


def participant_posteriors(
    intercept: FloatArray,
    f: FloatArray,
    kappa: FloatArray,
    precision: FloatArray,
    steps: int = NEWTON_STEPS,
) -> tuple[FloatArray, FloatArray]:
    """The same for a few people at once: mean (n, d) and covariance (n, d, d) of z.

    intercept (v,), f (v, d) : of statements; kappa (n, v) : +1/2, -1/2, or 0 for no vote. Dense
    in people times statements: for a handful of people, not for all.
    """
    voted = np.flatnonzero(kappa.any(axis=0))
    intercept, f, kappa = intercept[voted], f[voted], kappa[:, voted]
    voted_on, count, size = kappa != 0.0, len(kappa), len(precision)
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
