"""The opinion map: its facts and, in memory only, each participant's position."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from middleground.engine.facts import (
    Diagnostics,
    Finding,
    Group,
    MapFacts,
    StatementFacts,
    Status,
    UnmetMinimum,
)
from middleground.engine.groups.membership import membership
from middleground.engine.model.parameters import NormalPosteriors, Priors, agreement_probability
from middleground.engine.votes import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class PosteriorTable:
    """Posteriors by id: ``ids`` ascending, one normal distribution per row."""

    ids: IntArray
    posterior: NormalPosteriors

    @classmethod
    def by_id(cls, ids: IntArray, posterior: NormalPosteriors) -> PosteriorTable:
        order = np.argsort(ids)
        return cls(ids[order], NormalPosteriors(posterior.mean[order], posterior.covariance[order]))

    def look_up(self, ids: ArrayLike, unknown: NormalPosteriors) -> NormalPosteriors:
        """The posteriors of the given ids; ``unknown`` (one row) for an unknown id."""
        wanted = np.asarray(ids, dtype=np.int64).reshape(-1)
        at = np.minimum(np.searchsorted(self.ids, wanted), max(len(self.ids) - 1, 0))
        known = self.ids[at] == wanted if len(self.ids) else np.zeros(len(wanted), dtype=np.bool_)
        mean = np.repeat(unknown.mean, len(wanted), axis=0)
        covariance = np.repeat(unknown.covariance, len(wanted), axis=0)
        mean[known] = self.posterior.mean[at[known]]
        covariance[known] = self.posterior.covariance[at[known]]
        return NormalPosteriors(mean, covariance)


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """The result of ``analyse``. Only ``facts`` may be published; the rest is per participant."""

    facts: MapFacts
    _posteriors: PosteriorTable = field(repr=False)
    _statements: PosteriorTable = field(repr=False)
    _priors: Priors = field(repr=False)
    _scale: FloatArray = field(repr=False)
    _centres: FloatArray = field(repr=False)

    @property
    def statement_means(self) -> FloatArray:
        """Posterior means of the statements' (a, w), shape (m, 1 + K), in the order of ids."""
        return self._statements.posterior.mean

    @property
    def priors(self) -> Priors:
        return self._priors

    @property
    def scale(self) -> FloatArray:
        """Factors (K,) from positions to scaled positions; ``centres`` (g, K) are scaled."""
        return self._scale

    @property
    def centres(self) -> FloatArray:
        return self._centres

    @property
    def status(self) -> Status:
        return self.facts.status

    @property
    def unmet_minimums(self) -> tuple[UnmetMinimum, ...]:
        return self.facts.unmet_minimums

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.facts.groups

    @property
    def statements(self) -> tuple[StatementFacts, ...]:
        return self.facts.statements

    @property
    def middle_ground(self) -> tuple[Finding, ...]:
        return self.facts.middle_ground

    @property
    def divisive(self) -> tuple[Finding, ...]:
        return self.facts.divisive

    @property
    def diagnostics(self) -> Diagnostics:
        return self.facts.diagnostics

    @property
    def participants(self) -> IntArray:
        """Ids of all who voted, ascending, shape (n,)."""
        return self._posteriors.ids.copy()

    def predict(self, participant: ArrayLike, statement: ArrayLike) -> FloatArray:
        """P(agree | agree or disagree) for pairs of ids, shape (n,).

        Averages over the uncertainty of participant and statement; an unknown id has the prior.
        """
        participants = self._posteriors_of(participant)
        prior = NormalPosteriors(
            self._priors.statement_mean()[None],
            np.diag(1.0 / self._priors.statement_precision())[None],
        )
        asked = self._statements.look_up(statement, prior)
        if len(participants.mean) != len(asked.mean):
            raise ValueError("participant and statement must be equally long.")
        return agreement_probability(participants, asked)

    def membership(self, participant: ArrayLike) -> FloatArray:
        """P(belongs to group), shape (n, k), in the order of ``groups``."""
        participants = self._posteriors_of(participant)
        spread = participants.covariance[:, 1:, 1:] * np.outer(self._scale, self._scale)
        return membership(participants.mean[:, 1:] * self._scale, spread, self._centres)

    def positions(self, participant: ArrayLike) -> FloatArray:
        """Posterior mean positions in the map's plane, shape (n, 2)."""
        return first_two_axes(self._posteriors_of(participant).mean[:, 1:] * self._scale)

    def to_json(self) -> str:
        """The facts as JSON with sorted keys: equal maps give equal text."""
        return json.dumps(self.facts.to_dict(), sort_keys=True, separators=(",", ":"))

    def _posteriors_of(self, participant: ArrayLike) -> NormalPosteriors:
        spread = np.diag(1.0 / self._priors.participant_precision())
        return self._posteriors.look_up(
            participant, NormalPosteriors(np.zeros((1, len(spread))), spread[None])
        )


def first_two_axes(scaled: FloatArray) -> FloatArray:
    """The first two principal axes of scaled positions (n, K); a missing second axis is zero."""
    if scaled.shape[1] >= 2:
        return scaled[:, :2].copy()
    return np.column_stack([scaled[:, 0], np.zeros(len(scaled))])
