"""The Polis-like map with its participants, and a function that places one on published facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from middleground.engine.facts import MapFacts
from middleground.engine.model.parameters import NormalPosteriors
from middleground.engine.opinion_map import OpinionMap, PosteriorTable
from middleground.engine.polis_method.clustering import nearest
from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class ParityMap(OpinionMap):
    """A map as Polis computes it, with the interface of ``OpinionMap``.

    Positions are points, not posteriors (their covariance is zero), and a participant belongs to
    the group with the nearest centre. ``_vote_calibration`` (3,) turns a reconstructed vote into a
    probability, see ``vote_calibration.py``.
    """

    _vote_calibration: FloatArray = field(repr=False)

    def predict(self, participant: ArrayLike, statement: ArrayLike) -> FloatArray:
        """Return P(agree | agree or disagree) for pairs of ids, shape (n,).

        An unknown participant is placed in the middle; a statement without votes has the mean log
        odds of all statements.

        Raises
        ------
        ValueError
            ``participant`` and ``statement`` are not equally long.
        """
        participants = self._posteriors_of(participant).mean
        average = self._priors.statement_mean()[None]
        unknown = NormalPosteriors(average, np.zeros((1, average.size, average.size)))
        asked = self._statements.look_up(statement, unknown).mean
        if len(participants) != len(asked):
            raise ValueError("participant and statement must be equally long.")
        alpha, beta, gamma = self._vote_calibration
        moved = (participants[:, 1:] * asked[:, 1:]).sum(axis=1)
        chance: FloatArray = expit(alpha + beta * asked[:, 0] + gamma * moved)
        return chance

    def membership(self, participant: ArrayLike) -> FloatArray:
        """Return one for the nearest group, else zero; shape (n, k), in the order of ``groups``.

        Participants with too few votes to be counted in a group get their nearest group too. An
        unknown participant gets each group's share of the participants.
        """
        wanted = np.asarray(participant, dtype=np.int64).reshape(-1)
        k = len(self._centres)
        if not k:
            return np.empty((len(wanted), 0))
        chances = np.eye(k)[nearest(self._posteriors_of(wanted).mean[:, 1:], self._centres)]
        chances[~np.isin(wanted, self._posteriors.ids)] = _group_shares(self.facts)
        return chances


def points_as_posteriors(ids: ArrayLike, mean: FloatArray) -> PosteriorTable:
    """Return points (n, d) by id, as posteriors with a covariance of zero."""
    ids = np.asarray(ids, dtype=np.int64)
    order, size = np.argsort(ids), mean.shape[1]
    # The covariances are a view of one zero, which takes no memory.
    return PosteriorTable(
        ids[order], NormalPosteriors(mean[order], np.broadcast_to(0.0, (len(ids), size, size)))
    )


def project_parity(
    facts: MapFacts, statements: Sequence[int], values: Sequence[int]
) -> tuple[tuple[float, float], tuple[float, ...], int]:
    """Place one participant on a Polis-like map; return position, membership, votes used.

    A pass is a vote of zero to Polis, so passes are used too.
    """
    votes = {int(s): int(v) for s, v in zip(statements, values, strict=True)}
    known = [s for s in facts.statements if s.statement in votes]
    if not known:
        return (0.0, 0.0), tuple(_group_shares(facts).tolist()), 0
    loading = np.array([s.loading for s in known])
    away = np.array([votes[s.statement] - s.intercept for s in known])
    point = away @ loading * np.sqrt(len(facts.statements) / len(known))
    centres = np.array(facts.model.centres).reshape(-1, 2)
    member = np.eye(len(centres))[nearest(point[None], centres)[0]] if len(centres) else np.empty(0)
    return (float(point[0]), float(point[1])), tuple(member.tolist()), len(known)


def _group_shares(facts: MapFacts) -> FloatArray:
    sizes = np.array([group.size for group in facts.groups], dtype=np.float64)
    return sizes / max(float(sizes.sum()), 1.0)
