"""What a map leaves behind, so that the next one costs what has changed since.

A state holds everyone's votes and places, and the sums that statements and groups are computed
from. New votes place the people they touch anew; what these told before is taken out of the sums,
what they tell now is added, and the statements follow from the sums in one warm pass. People whom
no vote touched stay where they were, and groups keep their centres. How far the statements have
moved since everything was fitted is the drift; beyond a limit a cold fit is due.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from middleground.engine.analysis import analyse
from middleground.engine.arrays.shards import Shard, parallel_sum, split_into_shards
from middleground.engine.findings.rates import (
    VoteRows,
    WeightedCounts,
    answer_models,
    expected_rates,
    posteriors,
    tally,
    weighted_counts,
)
from middleground.engine.groups.membership import CERTAIN, membership
from middleground.engine.incremental.participant_table import Roll
from middleground.engine.model.e_step import StatementStatistics, statement_statistics
from middleground.engine.model.fit import statement_posteriors
from middleground.engine.model.parameters import Fit, NormalPosteriors, Priors, prior_statements
from middleground.engine.opinion_map import OpinionMap
from middleground.engine.options import Options
from middleground.engine.votes import FloatArray, IntArray, Votes

# A cold fit is due when the logit of an average person has moved by this much (root mean square
# over the votes), or when the votes have become more or fewer by this share.
DRIFT_LIMIT = 0.1
GROWTH_LIMIT = 0.1


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays as it is until the next cold fit.

    scale (K,), centres (g, K), labels : of the groups. agree, disagree (g, m) : the model's
    expected rates; everyone (2, m) : the same two of all together. copies : ids of near-identical
    voters beside whom another counts, ascending. origin (m, 1 + K) : the statements' means when
    all was fitted, ``votes`` then.
    """

    options: Options
    seed: int
    priors: Priors
    scale: FloatArray
    centres: FloatArray
    labels: tuple[str, ...]
    agree: FloatArray
    disagree: FloatArray
    everyone: FloatArray
    copies: IntArray
    origin: FloatArray
    votes: int


@dataclass(frozen=True, slots=True)
class Told:
    """Sums over people, which add up and can be taken back.

    moments, pull, offset : see ``StatementStatistics``. total, squares, agreed, disagreed (g, m) :
        see ``WeightedCounts``. counts (3, g, m) : agree, disagree, pass by likeliest group.
        everyone (3, m) : the same of all, also of those with too few votes to shape the map. sizes,
        sure (g,) : people.
    lengths (m + 1,) : people by how many votes each gave.
    """

    moments: FloatArray
    pull: FloatArray
    offset: FloatArray
    total: FloatArray
    squares: FloatArray
    agreed: FloatArray
    disagreed: FloatArray
    counts: IntArray
    everyone: IntArray
    sizes: IntArray
    sure: IntArray
    lengths: IntArray

    def plus(self, other: Told, sign: int = 1) -> Told:
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Told(*(one + sign * more for one, more in pairs))

    def widened(self, extra: int) -> Told:
        """With statements that nobody has voted on yet."""

        def wide(name: str) -> Any:
            array = getattr(self, name)
            if name in ("sizes", "sure"):
                return array
            pad = [(0, 0)] * array.ndim
            pad[0 if name in ("moments", "pull", "offset") else -1] = (0, extra)
            return np.pad(array, pad)

        return Told(*(wide(f.name) for f in fields(self)))

    @property
    def weighed(self) -> WeightedCounts:
        return WeightedCounts(self.total, self.squares, self.squares, self.agreed, self.disagreed)

    @property
    def pulls(self) -> StatementStatistics:
        return StatementStatistics(self.moments, self.pull, self.offset)


@dataclass(frozen=True, slots=True)
class Figures:
    """The map's numbers: per statement (m,) everyone's, and (g, m) each group's.

    rate, low, high : posterior mean of the share that agrees, and its interval. counts (3, g, m).
    """

    statements: IntArray
    means: FloatArray
    labels: tuple[str, ...]
    sizes: IntArray
    sure: IntArray
    rate: FloatArray
    low: FloatArray
    high: FloatArray
    counts: IntArray
    everyone: IntArray


@dataclass(frozen=True, slots=True)
class State:
    """See above. Nothing of it is ever changed: ``update`` gives another.

    statements (m,) : ids, in the order in which they came. base : everyone as last written down;
    recent : those who have been touched since, who stand here instead.
    """

    ground: Ground
    statements: IntArray
    posterior: NormalPosteriors
    told: Told
    base: Roll
    recent: Roll

    @classmethod
    def build(cls, votes: Votes, options: Options | None = None, seed: int = 0) -> State:
        """By a cold fit of all votes: ``analyse``, and what it leaves behind. Raises as ``of``."""
        return cls.of(analyse(votes, options, seed), votes)

    @classmethod
    def of(cls, found: OpinionMap, votes: Votes) -> State:
        """What a map leaves behind. ``votes`` are those that it was made of.

        Raises
        ------
        ValueError
            Parity mode, too few votes for a map, or weighted ones: there is nothing to go on from.
        """
        if found.facts.parity or found.status == "too_little" or found.facts.weighting:
            raise ValueError("There is no state without an unweighted map of the engine's own.")
        options, seed = Options(**found.facts.options), found.facts.seed
        counted = votes.counted()
        kept = ~np.isin(counted.statement, np.array(options.leave_out, dtype=np.int64))
        column = np.searchsorted(found._statements.ids, counted.statement[kept]).astype(np.int32)
        size = 1 + options.dimensions
        roll = Roll.of(
            counted.participant[kept],
            column,
            counted.value[kept],
            len(found._statements.ids),
            size,
        ).at(found._people.posterior, found._statements.posterior.mean)
        ground = _ground(found._statements.ids, roll, options, seed, found)
        told = _told(roll, ground)
        posterior = found._statements.posterior
        empty = roll.take(np.empty(0, dtype=np.int64))
        return cls(ground, found._statements.ids, posterior, told, roll, empty)

    @property
    def drift(self) -> float:
        """Root mean square, over the votes, of how far an average person's logit has moved."""
        known = len(self.ground.origin)
        moved = np.square(self.posterior.mean[:known] - self.ground.origin).sum(axis=1)
        votes = self.told.everyone.sum(axis=0)[:known]
        return float(np.sqrt((votes * moved).sum() / max(int(votes.sum()), 1)))

    @property
    def is_stale(self) -> bool:
        """Whether a cold fit is due: by drift, by growth, or for a statement not yet fitted."""
        votes = int(self.told.everyone.sum())
        growth = abs(votes - self.ground.votes) / max(self.ground.votes, 1)
        return self.drift > DRIFT_LIMIT or growth > GROWTH_LIMIT

    def update(self, votes: Votes) -> State:
        """With these votes more, each replacing an earlier one of the same pair."""
        counted = votes.counted()
        before = self.roll_of(np.unique(counted.participant))
        who = np.repeat(before.ids, before.votes_of_each)
        return self.exchanged(
            Votes(
                np.concatenate([who, counted.participant]),
                np.concatenate([self.statements[before.column], counted.statement]),
                np.concatenate([before.value, counted.value]),
            )
        )

    def exchanged(self, votes: Votes, people: IntArray | None = None) -> State:
        """As if these people had given these votes and no others.

        people : ids, ascending, of all whom ``votes`` are of and of any who took theirs back.
        """
        counted = votes.counted()
        people = np.unique(counted.participant) if people is None else people
        kept = ~np.isin(counted.statement, np.array(self.ground.options.leave_out, dtype=np.int64))
        statements = self._asked(counted.statement[kept])
        wide = self._with(statements)
        order = np.argsort(statements)
        place = order[np.searchsorted(statements[order], counted.statement[kept])]
        before, size = wide.roll_of(people), wide.posterior.mean.shape[1]
        given = counted.participant[kept], place.astype(np.int32), counted.value[kept]
        fresh = Roll.of(*given, len(statements), size, people)
        after = fresh.placed(wide.posterior.mean, wide.ground.priors, before)
        told = wide.told.plus(_told(before, wide.ground), -1).plus(_told(after, wide.ground))
        posterior = statement_posteriors(told.pulls, wide.ground.priors)
        recent = wide.recent.without(after.ids).joined(after)
        return replace(wide, told=told, posterior=posterior, recent=recent)

    def warm(self) -> State:
        """A warm batch pass: everyone placed anew given the statements, and these given all."""
        everyone = self.everyone().placed(self.posterior.mean, self.ground.priors)
        told = _told(everyone, self.ground)
        posterior = statement_posteriors(told.pulls, self.ground.priors)
        empty = everyone.take(np.empty(0, dtype=np.int64))
        return replace(self, told=told, posterior=posterior, base=everyone, recent=empty)

    def everyone(self) -> Roll:
        """All people with their votes."""
        return (
            self.base.without(self.recent.ids).joined(self.recent)
            if len(self.recent)
            else self.base
        )

    def roll_of(self, ids: IntArray) -> Roll:
        """Some people with their votes; ``ids`` ascending, unknown ones left out."""
        recent = self.recent.take(self.recent.find(ids))
        base = self.base.take(self.base.find(np.setdiff1d(ids, recent.ids)))
        return base.joined(recent)

    def figures(self) -> Figures:
        """The numbers of the map as they are now."""
        told, ground = self.told, self.ground
        expected = ground.agree, ground.disagree
        cell = posteriors(told.weighed, expected, ground.options.shrinkage)[0]
        outside = (1.0 - ground.options.interval) / 2.0
        return Figures(
            self.statements,
            self.posterior.mean,
            ground.labels,
            told.sizes,
            told.sure,
            cell.mean,
            cell.quantile(outside),
            cell.quantile(1.0 - outside),
            told.counts,
            told.everyone,
        )

    def _asked(self, statement: IntArray) -> IntArray:
        """The statements, and those of the given ones that are new."""
        new = np.setdiff1d(statement, self.statements)
        return np.concatenate([self.statements, new]) if len(new) else self.statements

    def _with(self, statements: IntArray) -> State:
        """The state with statements added that are known by the prior only."""
        extra = len(statements) - len(self.statements)
        if not extra:
            return self
        silent = prior_statements(extra, self.ground.priors)
        posterior = NormalPosteriors(
            np.concatenate([self.posterior.mean, silent.mean]),
            np.concatenate([self.posterior.covariance, silent.covariance]),
        )
        pad = ((0, 0), (0, extra))
        ground = replace(
            self.ground,
            agree=np.pad(self.ground.agree, pad, constant_values=0.5),
            disagree=np.pad(self.ground.disagree, pad, constant_values=0.5),
            everyone=np.pad(self.ground.everyone, pad, constant_values=0.5),
        )
        told = self.told.widened(extra)
        return replace(self, ground=ground, statements=statements, posterior=posterior, told=told)


def _told(roll: Roll, ground: Ground) -> Told:
    """What these people tell of statements and groups; those with too few votes only count."""
    width = ground.agree.shape[1]
    ids = np.arange(width)
    shaping = _shaping(roll, ground.options, ground.copies)
    people = shaping.people
    spread = people.covariance[:, 1:, 1:] * np.outer(ground.scale, ground.scale)
    chances = membership(people.mean[:, 1:] * ground.scale, spread, ground.centres)
    belongs, groups = chances.argmax(axis=1), len(ground.centres)
    ballots = VoteRows(ids, shaping.indptr, shaping.column, shaping.value)
    weighed = weighted_counts(ballots, chances)
    cells = roll.column.astype(np.int64) * 3 + roll.value + 1
    seen = np.bincount(cells, minlength=3 * width).reshape(width, 3).T[[2, 0, 1]]
    pulls = _pulls(shaping, people, width)
    return Told(
        pulls.moments,
        pulls.pull,
        pulls.offset,
        weighed.total,
        weighed.squares,
        weighed.agree,
        weighed.disagree,
        tally(ballots, np.eye(groups)[belongs]),
        seen,
        np.bincount(belongs, minlength=groups),
        np.bincount(belongs[chances.max(axis=1) > CERTAIN], minlength=groups),
        np.bincount(roll.votes_of_each, minlength=width + 1),
    )


def _shaping(roll: Roll, options: Options, copies: IntArray) -> Roll:
    """Those with enough votes, without copies of others."""
    enough = roll.votes_of_each >= options.min_votes
    if len(copies):
        enough &= ~np.isin(roll.ids, copies)
    return roll.take(np.flatnonzero(enough))


def _pulls(roll: Roll, people: NormalPosteriors, width: int) -> StatementStatistics:
    votes, weight = roll.sided(width), roll.weight[roll.value != 0]
    size = people.mean.shape[1]
    if not len(weight):
        empty = np.zeros((width, size))
        return StatementStatistics(np.zeros((width, size * (size + 1) // 2)), empty, empty)

    def pull(shard: Shard) -> StatementStatistics:
        near = NormalPosteriors(people.mean[shard.rows], people.covariance[shard.rows])
        ends = votes.indptr[[shard.rows.start, shard.rows.stop]]
        return statement_statistics(shard, weight[int(ends[0]) : int(ends[1])], near)

    return parallel_sum(pull, split_into_shards(votes))


def _ground(
    statements: IntArray, roll: Roll, options: Options, seed: int, found: OpinionMap
) -> Ground:
    """The parts of a cold fit that later votes leave as they are."""
    shaping = _shaping(roll, options, found._copies)
    heard = shaping
    if len(shaping) > options.fit_participants:
        chosen = np.random.default_rng([seed, 4]).permutation(len(shaping))
        heard = shaping.take(np.sort(chosen[: options.fit_participants]))
    ballots = VoteRows(statements, heard.indptr, heard.column, heard.value)
    fit = Fit(found._priors, found._statements.posterior, heard.people, ())
    chances = found.membership(shaping.ids)
    heads = answer_models(ballots, fit)
    agree, disagree = expected_rates(heads, shaping.people, chances)
    everyone = expected_rates(heads, shaping.people, np.ones((len(shaping), 1)))
    return Ground(
        options,
        seed,
        found._priors,
        found._scale,
        found._centres,
        tuple(group.label for group in found.groups),
        agree,
        disagree,
        np.concatenate(everyone),
        found._copies,
        found._statements.posterior.mean,
        len(roll.value),
    )
