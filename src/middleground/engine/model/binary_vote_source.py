"""The agree and disagree votes of a table, to which the model is fitted by partitions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from middleground.engine.arrays.binary_votes import BinaryVotes
from middleground.engine.arrays.csr import drop_passes
from middleground.engine.arrays.shards import parallel_map, parallel_sum, split_into_shards
from middleground.engine.distributed.partition import Partition, binary_votes
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.model.bulk_positions import bulk_posterior_positions
from middleground.engine.model.e_step import EStepResult, ShardPosterior
from middleground.engine.model.fit import fit_with
from middleground.engine.model.parameters import (
    Fit,
    NormalPosteriors,
    Priors,
    prior_statements,
    starting_priors,
)
from middleground.engine.model.participants import posterior_positions, prior_participants
from middleground.engine.model.svd_init import (
    RangeSketch,
    StatementTotals,
    initial_statements,
    range_sketch,
)
from middleground.engine.votes import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class BinaryVoteSource:
    """Votes of some participants: ``rows`` of the table, ascending."""

    table: PartitionedTable
    rows: IntArray

    @classmethod
    def of_all(cls, table: PartitionedTable) -> BinaryVoteSource:
        return cls(table, np.arange(len(table.participants)))

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def n_columns(self) -> int:
        return len(self.table.statements)

    def only(self, rows: IntArray) -> BinaryVoteSource:
        """Restrict to some participants, ``rows`` ascending, without moving their votes."""
        return BinaryVoteSource(self.table, self.rows[rows])

    def take_rows(self, rows: IntArray) -> BinaryVotes:
        """Bring a few participants' votes into this process; rows may repeat."""
        wanted, back = np.unique(self.rows[rows], return_inverse=True)
        indptr, column, value = self.table.gather(wanted)
        oriented = value * np.int8(self.table.orientation)
        votes = drop_passes(indptr, column, oriented, self.n_columns, self.table.precision)
        return votes.take_rows(back)

    def posterior_positions(
        self, means: FloatArray, priors: Priors, *, bulk: bool = False
    ) -> NormalPosteriors:
        """Posteriors of all participants given the statements; ``bulk`` is faster, near-exact."""
        size, chosen = means.shape[1], self.table.by_partition(self.rows)
        common = (means, priors, bulk)
        found = self.table.executor.map(_positions, chosen.parts, chosen.local, common=common)
        if len(chosen.parts) == 1:
            only: NormalPosteriors = next(found)
            return only
        placed = NormalPosteriors(
            np.empty((self.n_rows, size)), np.empty((self.n_rows, size, size))
        )
        for at, posterior in zip(chosen.at, found, strict=True):
            placed.mean[at], placed.covariance[at] = posterior.mean, posterior.covariance
        return placed

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        """Fit the first ``shaped`` statements to all participants, or to some ``rows`` of them.

        The fit holds no participants; see ``fit_with``.
        """
        executor, priors = self.table.executor, starting_priors(dimensions)
        chosen = self.table.by_partition(self.rows if rows is None else self.rows[rows])
        nothing = Fit(priors, prior_statements(shaped, priors), prior_participants(0, priors), ())
        if not chosen.parts:
            return nothing
        votes = executor.map_persist(binary_votes, chosen.parts, chosen.local, common=(shaped,))
        totals = executor.map_reduce(StatementTotals.of, votes)
        if not totals.counts.sum():
            return nothing

        def sketch(share: FloatArray, directions: FloatArray) -> RangeSketch:
            return executor.map_reduce(range_sketch, votes, common=(share, directions))

        rng = np.random.default_rng([seed, 1])
        start = initial_statements(totals, sketch, dimensions, rng)
        shards = executor.map_persist(_initial_posteriors, votes, common=(start, priors))
        executor.release(votes)

        def e_step(means: FloatArray, priors: Priors) -> EStepResult:
            nonlocal shards
            shards, sums = executor.map_accumulate(
                _e_step, shards, means, priors, executor.keeps_caches
            )
            return sums

        fit = fit_with(e_step, start, priors)
        executor.release(shards)
        return fit


def _positions(
    part: Partition, rows: IntArray, means: FloatArray, priors: Priors, bulk: bool
) -> NormalPosteriors:
    positions = bulk_posterior_positions if bulk else posterior_positions
    return positions(binary_votes(part, rows), means, priors)


def _initial_posteriors(
    votes: BinaryVotes, start: FloatArray, priors: Priors
) -> list[ShardPosterior]:
    shards = split_into_shards(votes)
    return parallel_map(lambda shard: ShardPosterior.initial(shard, start, priors), shards)


def _e_step(
    shards: list[ShardPosterior], means: FloatArray, priors: Priors, keep_caches: bool
) -> tuple[list[ShardPosterior], EStepResult]:
    """The E step on copies of the posteriors, so that an executor may run it again."""
    fresh = [replace(posterior) for posterior in shards]
    sums = parallel_sum(lambda posterior: posterior.e_step(means, priors), fresh)
    if not keep_caches:
        for posterior in fresh:
            posterior.shard.drop_caches()
    return fresh, sums
