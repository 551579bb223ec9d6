"""People with their votes and where they stand, in compressed sparse rows by ascending id."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from middleground.engine.arrays.binary_votes import (
    SINGLE,
    AnyFloats,
    BinaryVotes,
    ColumnArray,
    Float32Array,
    from_upper_triangle,
    upper_triangle,
)
from middleground.engine.arrays.csr import factorize, keep_last_of_pair, permute, to_csr
from middleground.engine.arrays.shards import Shard, parallel_map, split_into_shards
from middleground.engine.model.parameters import NormalPosteriors, Priors
from middleground.engine.model.participants import (
    NEWTON_STEPS,
    extended_moments,
    jaakkola_weight,
    posterior_positions,
    prior_participants,
    shard_positions,
    variational_xi,
)
from middleground.engine.votes import FloatArray, IntArray, ValueArray

# Newton's steps for people of whose votes few have changed.
_FEW_STEPS = 2


@dataclass(frozen=True, slots=True)
class Roll:
    """ids (n,) ascending; indptr (n + 1,), column (n_votes,), value (n_votes,) : the last votes.

    weight (n_votes,) : of the bound, zero for a pass. mean (n, d), spread (n, d (d + 1) / 2) : the
    posterior of z, the covariance as its upper triangle. Single precision, as it is stored.
    """

    ids: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    weight: Float32Array
    mean: Float32Array
    spread: Float32Array

    @classmethod
    def of(
        cls,
        participant: IntArray,
        column: ColumnArray,
        value: ValueArray,
        width: int,
        size: int,
        people: IntArray | None = None,
    ) -> Roll:
        """From rows of votes, later ones winning; nobody is placed yet.

        people : ids, ascending, of all who are to be in it, with votes or without.
        """
        if people is None:
            ids, row = factorize(participant)
        else:
            ids, row = people, np.searchsorted(people, participant).astype(np.int32)
        votes = keep_last_of_pair(*to_csr(row, column, value, len(ids), width), width)
        votes = permute(*votes, np.arange(len(ids)), np.arange(width))
        return cls(ids, *votes, *_nowhere(len(ids), len(votes[1]), size))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def people(self) -> NormalPosteriors:
        covariance = from_upper_triangle(self.spread.astype(np.float64), self.mean.shape[1])
        return NormalPosteriors(self.mean.astype(np.float64), covariance)

    @property
    def votes_of_each(self) -> IntArray:
        return np.diff(self.indptr)

    def find(self, ids: IntArray) -> IntArray:
        """Rows of those of the ids that are known, ascending."""
        at = np.searchsorted(self.ids, ids)
        known = at < len(self.ids)
        known[known] = self.ids[at[known]] == ids[known]
        return at[known]

    def take(self, rows: IntArray) -> Roll:
        """Some of the people, ``rows`` ascending."""
        counts = self.votes_of_each[rows]
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        pick = np.arange(indptr[-1]) + np.repeat(self.indptr[rows] - indptr[:-1], counts)
        per_vote = self.column[pick], self.value[pick], self.weight[pick]
        return Roll(self.ids[rows], indptr, *per_vote, self.mean[rows], self.spread[rows])

    def without(self, ids: IntArray) -> Roll:
        gone = np.zeros(len(self), dtype=np.bool_)
        gone[self.find(ids)] = True
        return self.take(np.flatnonzero(~gone)) if gone.any() else self

    def joined(self, other: Roll) -> Roll:
        """Both, whose ids differ."""
        ids = np.concatenate([self.ids, other.ids])
        counts = np.concatenate([self.votes_of_each, other.votes_of_each])
        parts = {
            item.name: np.concatenate([getattr(self, item.name), getattr(other, item.name)])
            for item in fields(self)
            if item.name not in ("ids", "indptr")
        }
        both = Roll(ids, np.concatenate([[0], np.cumsum(counts)]), **parts)
        return both.take(np.argsort(ids))

    def placed(
        self, statement_means: FloatArray, priors: Priors, before: Roll | None = None
    ) -> Roll:
        """Everyone placed given the statements, with the bound's weights there.

        before : some of them where they stood; from there the way is short.
        """
        votes = self.sided(len(statement_means))
        if before is None:
            return self.at(posterior_positions(votes, statement_means, priors), statement_means)
        start, known = prior_participants(len(self), priors), np.isin(self.ids, before.ids)
        start.mean[known], start.covariance[known] = before.people.mean, before.people.covariance
        steps = _FEW_STEPS if known.all() else NEWTON_STEPS
        people = shard_positions(Shard(votes, 0), statement_means, priors, steps, start)
        return self.at(people, statement_means)

    def at(self, people: NormalPosteriors, statement_means: FloatArray) -> Roll:
        """The people where they are told to be, with the bound's weights there."""
        moved = Roll(
            self.ids,
            self.indptr,
            self.column,
            self.value,
            np.zeros(len(self.value), dtype=np.float32),
            people.mean.astype(np.float32),
            upper_triangle(people.covariance).astype(np.float32),
        )
        held = moved.people

        def weigh(shard: Shard) -> AnyFloats:
            near = NormalPosteriors(held.mean[shard.rows], held.covariance[shard.rows])
            return jaakkola_weight(variational_xi(shard, extended_moments(near), statement_means))

        shards = split_into_shards(self.sided(len(statement_means)))
        if len(self.value):
            moved.weight[self.value != 0] = np.concatenate(parallel_map(weigh, shards))
        return moved

    def sided(self, width: int) -> BinaryVotes:
        """The votes that took a side. What people are told by them is kept in single precision."""
        took = self.value != 0
        places = np.concatenate([[0], np.cumsum(took)])
        return BinaryVotes(
            places[self.indptr], self.column[took], self.value[took] > 0, width, SINGLE
        )


def _nowhere(people: int, votes: int, size: int) -> tuple[Float32Array, ...]:
    shapes: tuple[tuple[int, ...], ...] = (votes,), (people, size), (people, size * (size + 1) // 2)
    return tuple(np.zeros(shape, dtype=np.float32) for shape in shapes)
