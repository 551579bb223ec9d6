"""Chooses which statement a participant sees next.

Let C be the posterior covariance of the participant's z = (b, x), f = (1, w) the features of a
statement, and G the mean of f f' over live statements. The expected information of an answer is

    omega f' C G C f / (1 + omega f' C f)

which is the expected decrease of the mean predictive variance over all live statements (a rank-one
update of C with precision omega; compare MacKay, "Information-based objective functions for active
data selection", Neural Computation 4, 1992). It is multiplied by the statement's uncertainty (the
width of the interval of its least known group) and by a bonus while the statement has few votes.
Three in ten choices are random, so that every statement can always be chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from middleground.engine.facts import MapFacts, StatementFacts
from middleground.engine.selection.project import participant_posteriors
from middleground.engine.votes import FloatArray

EXPLORATION = 0.3
# A statement with this many votes has half of the bonus of a new one.
_NEW_VOTES = 20.0
_NEW_BONUS = 1.0
# Scores are raised to this power, so that the best is chosen most often and equals equally often.
_SHARPNESS = 4.0
_LEAST_SEEN = 2.0
# Newton's steps to place a participant; more would not change the choice noticeably.
_STEPS = 3
# Participants times statements that are computed at once. It bounds the memory, and with more BLAS
# works in several threads, which takes four times as long where other threads have work too.
_LARGEST = 20_000

Votes = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Selection:
    """The statement to show, and the probability with which it was chosen."""

    statement: int
    probability: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """How often a statement was chosen, and the expected number: the sum of its probabilities.

    Both differ by chance only, whatever statements the selector prefers.
    """

    dealt: int
    expected: float


class StatementSelector:
    """Chooses statements from state in memory; ``StatementSelector.from_facts`` makes one.

    It must not be used by several threads at once.
    """

    def __init__(
        self,
        ids: Sequence[int],
        intercept: FloatArray,
        f: FloatArray,
        uncertainty: FloatArray,
        precision: FloatArray | None,
    ) -> None:
        """Take arrays over ``ids``, f (m, 1 + K), and ``precision`` of z, or None without a map."""
        self._ids = list(ids)
        self._at = {statement: index for index, statement in enumerate(self._ids)}
        self._intercept, self._f, self._uncertainty = intercept, f, uncertainty
        self._precision = precision
        self._live = np.zeros(len(self._ids), dtype=np.bool_)
        # A statement with hardly any votes has no loading yet, and counts as new.
        self._fitted = np.asarray(f[:, 1:].any(axis=1), dtype=np.bool_)
        self._seen = np.zeros(len(self._ids))
        self._information_metric = np.zeros((f.shape[1], f.shape[1]))
        self._dealt, self._expected = np.zeros(len(self._ids)), np.zeros(len(self._ids))

    @classmethod
    def from_facts(
        cls,
        facts: MapFacts | None,
        live: Iterable[int],
        seen: Mapping[int, int] | None = None,
    ) -> StatementSelector:
        """Make a statement selector over the ``live`` (approved) statements.

        facts : the latest map; None, "too_little" and a Polis-like map are allowed.
        seen : votes so far on each statement; where missing, taken from the facts.
        """
        # A Polis-like map has no posteriors, so statements are chosen as without any map.
        if facts is None or facts.status == "too_little" or facts.parity:
            selector = cls((), np.empty(0), np.empty((0, 1)), np.empty(0), None)
            counts = {} if facts is None else _votes_seen(facts)
        else:
            width = 1 + len(facts.model.scale)
            selector = cls(
                [s.statement for s in facts.statements],
                np.array([s.intercept for s in facts.statements]),
                np.array([(1.0, *s.loading) for s in facts.statements]).reshape(-1, width),
                np.array([_interval_width(s) for s in facts.statements]),
                np.array([1.0 / facts.model.b_variance, *[1.0] * (width - 1)]),
            )
            counts = _votes_seen(facts)
        selector._extend([s for s in dict.fromkeys(int(s) for s in live) if s not in selector._at])
        for statement in live:
            selector._live[selector._at[int(statement)]] = True
        for statement, votes in {**counts, **(seen or {})}.items():
            selector.count(statement, votes)
        selector._refresh()
        return selector

    def add(self, statement: int) -> None:
        """Make a statement live, because it was approved (or approved again)."""
        if statement not in self._at:
            self._extend([statement])
        self._live[self._at[statement]] = True
        self._refresh()

    def remove(self, statement: int) -> None:
        """Show a statement no longer; earlier votes on it still tell about participants."""
        if statement in self._at:
            self._live[self._at[statement]] = False
            self._refresh()

    def count(self, statement: int, votes: int = 1) -> None:
        """Add votes to a statement; an unknown statement is ignored."""
        at = self._at.get(statement)
        if at is not None:
            self._seen[at] += votes

    def choose(
        self, voted: Sequence[int], values: Sequence[int], rng: np.random.Generator
    ) -> Selection | None:
        """Choose for a participant who voted ``values`` on ``voted``; None if nothing is left."""
        return self.choose_many([(voted, values)], rng.random(1))[0]

    def choose_many(
        self, participants: Sequence[Votes], draws: FloatArray
    ) -> list[Selection | None]:
        """Do ``choose`` for several participants, who share the cost of the array operations.

        draws (participants,) : uniform in [0, 1), one for each.
        """
        chosen: list[Selection | None] = []
        some = max(1, _LARGEST // max(1, len(self._ids)))
        for start in range(0, len(participants), some):
            probability = self._probabilities(participants[start : start + some])
            chosen += self._draw(probability, draws[start : start + some])
            self._expected += probability.sum(axis=0)
        for choice in chosen:
            if choice:
                self._dealt[self._at[choice.statement]] += 1.0
        return chosen

    def take_exposures(self) -> dict[int, Exposure]:
        """Return the exposures since the last call, of statements that could be chosen."""
        could = np.flatnonzero(self._expected > 0.0).tolist()
        taken = {
            self._ids[at]: Exposure(int(self._dealt[at]), float(self._expected[at])) for at in could
        }
        self._dealt[:] = self._expected[:] = 0.0
        return taken

    def probabilities(self, voted: Sequence[int], values: Sequence[int]) -> FloatArray | None:
        """Return each statement's probability (in the order of ``ids``) to be next, or None."""
        probability: FloatArray = self._probabilities([(voted, values)])[0]
        return probability if probability.any() else None

    def _draw(self, probability: FloatArray, draws: FloatArray) -> list[Selection | None]:
        """Draw one statement for each row, or None for a row of zeros."""
        if not probability.shape[1]:
            return [None] * len(probability)
        ladder = probability.cumsum(axis=1)
        mark = draws * ladder[:, -1]
        at = np.minimum((ladder <= mark[:, None]).sum(axis=1), ladder.shape[1] - 1)
        # Rounding can move the mark beyond the last step, or onto a step of zero height.
        row = np.arange(len(ladder))
        at = np.where(probability[row, at] > 0.0, at, probability.argmax(axis=1))
        chances = probability[row, at].tolist()
        return [
            Selection(self._ids[index], chance) if chance > 0.0 else None
            for index, chance in zip(at.tolist(), chances, strict=True)
        ]

    def _probabilities(self, participants: Sequence[Votes]) -> FloatArray:
        """Return probabilities (participants, statements); zeros where nothing is left."""
        left = np.repeat(self._live[None, :], len(participants), axis=0)
        kappa = np.zeros(left.shape)
        if not self._live.any():
            return kappa
        for row, (voted, values) in enumerate(participants):
            votes = dict(zip(voted, values, strict=True))
            known = [self._at[s] for s in votes if s in self._at]
            left[row, known] = False
            kappa[row, known] = [v / 2.0 for s, v in votes.items() if s in self._at]
        kappa[:, ~self._fitted] = 0.0
        score = (
            self._least_seen_first()
            if self._precision is None
            else self._score(kappa, self._precision)
        )
        score = np.where(left, score, 0.0)
        total = score.sum(axis=1, keepdims=True)
        explore = np.where(total > 0.0, EXPLORATION, 1.0)
        still = np.maximum(left.sum(axis=1, keepdims=True), 1)
        probability: FloatArray = score * ((1.0 - explore) / np.maximum(total, 1e-300))
        probability += left * (explore / still)
        return probability

    @property
    def ids(self) -> tuple[int, ...]:
        """Return all known statements, live or not."""
        return tuple(self._ids)

    def _least_seen_first(self) -> FloatArray:
        """Score statements without a map: the fewer votes, the higher."""
        score: FloatArray = (1.0 + self._seen) ** -_LEAST_SEEN
        return score

    def _score(self, kappa: FloatArray, prior: FloatArray) -> FloatArray:
        """Score statements with a map, (participants, statements).

        kappa (participants, statements) : +1/2, -1/2, or 0 without a usable vote.
        """
        mean, spread = participant_posteriors(self._intercept, self._f, kappa, prior, steps=_STEPS)
        size = len(prior)
        products = (self._f[:, :, None] * self._f[:, None, :]).reshape(-1, size * size)
        cg = spread @ self._information_metric
        gains = cg @ spread
        variance = spread.reshape(-1, size * size) @ products.T
        gain = gains.reshape(-1, size * size) @ products.T
        # A statement that is not in the map yet is scored as an average one: E f f' = G.
        new = ~self._fitted
        variance[:, new] = np.trace(cg, axis1=1, axis2=2)[:, None]
        gain[:, new] = np.trace(gains @ self._information_metric, axis1=1, axis2=2)[:, None]
        c = np.sqrt((self._intercept + mean @ self._f.T) ** 2 + variance) + 1e-6
        weight = np.tanh(c / 2.0) / (2.0 * c)
        newness = _NEW_VOTES / (_NEW_VOTES + self._seen)
        score = weight * gain / (1.0 + weight * variance) * self._uncertainty
        score *= 1.0 + _NEW_BONUS * newness
        best = score[:, self._live].max(axis=1, initial=0.0)[:, None]
        powered: FloatArray = (score / np.maximum(best, 1e-300)) ** _SHARPNESS
        return powered

    def _extend(self, statements: list[int]) -> None:
        """Add statements that the map does not know."""
        count = len(statements)
        self._at.update({s: len(self._ids) + i for i, s in enumerate(statements)})
        self._ids.extend(statements)
        mean = float(self._intercept.mean()) if len(self._intercept) else 0.0
        widest = float(self._uncertainty.max()) if len(self._uncertainty) else 1.0
        rows = np.zeros((count, self._f.shape[1]))
        rows[:, 0] = 1.0
        self._intercept = np.concatenate([self._intercept, np.full(count, mean)])
        self._f = np.concatenate([self._f, rows])
        self._uncertainty = np.concatenate([self._uncertainty, np.full(count, widest)])
        self._live = np.concatenate([self._live, np.zeros(count, dtype=np.bool_)])
        self._fitted = np.concatenate([self._fitted, np.zeros(count, dtype=np.bool_)])
        self._seen, self._dealt, self._expected = (
            np.concatenate([tally, np.zeros(count)])
            for tally in (self._seen, self._dealt, self._expected)
        )

    def _refresh(self) -> None:
        """Compute G over the live statements of the map, or over all of them if none is live."""
        used = self._f[self._live & self._fitted]
        if not len(used):
            used = self._f[self._fitted]
        if len(used):
            self._information_metric = used.T @ used / len(used)


def _interval_width(statement: StatementFacts) -> float:
    rates = statement.groups or (statement.everyone,)
    return max(rate.high - rate.low for rate in rates)


def _votes_seen(facts: MapFacts) -> dict[int, int]:
    return {s.statement: s.everyone.tally.seen for s in facts.statements}
