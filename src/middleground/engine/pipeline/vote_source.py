"""What a map is made of: votes in canonical order, wherever they lie.

They lie in this process (``in_memory``), or in parts on disk or on other machines (``parts``). The
steps of a map are the same for both; all that differs is who passes over the votes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from middleground.engine.arrays.binary_votes import BinaryVotes
from middleground.engine.arrays.canonical_order import VoteTable
from middleground.engine.arrays.csr import drop_passes
from middleground.engine.findings.rates import VoteRows, VoteRowSource
from middleground.engine.integrity.near_duplicates import AnswerMatrix, AnswerSource
from middleground.engine.model.bulk_positions import bulk_posterior_positions
from middleground.engine.model.fit import fit_model
from middleground.engine.model.parameters import Fit, NormalPosteriors, Priors
from middleground.engine.model.participants import posterior_positions
from middleground.engine.options import Options
from middleground.engine.votes import FloatArray, IntArray


class BinaryVoteSource(Protocol):
    """Votes that took a side, by participant, wherever they lie."""

    @property
    def n_rows(self) -> int: ...

    @property
    def n_columns(self) -> int: ...

    def take_rows(self, rows: IntArray) -> BinaryVotes:
        """A few people's, brought into this process."""

    def only(self, rows: IntArray) -> BinaryVoteSource:
        """Some people's, ``rows`` ascending, left where they are."""

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        """``fit_model`` to the first ``shaped`` statements and all people or some ``rows``."""

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> NormalPosteriors:
        """Where everyone stands, given the statements; see ``people.posterior_positions`` and
        ``crowd``.
        """


@dataclass(frozen=True, slots=True)
class InMemoryVotes:
    """Votes that lie in this process."""

    votes: BinaryVotes

    @property
    def n_rows(self) -> int:
        return self.votes.n_rows

    @property
    def n_columns(self) -> int:
        return self.votes.n_columns

    def take_rows(self, rows: IntArray) -> BinaryVotes:
        return self.votes.take_rows(rows)

    def only(self, rows: IntArray) -> InMemoryVotes:
        return InMemoryVotes(self.votes.take_rows(rows))

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        chosen = self.votes.first_columns(shaped)
        return fit_model(chosen if rows is None else chosen.take_rows(rows), dimensions, seed)

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> NormalPosteriors:
        return (bulk_posterior_positions if crowd else posterior_positions)(
            self.votes, means, priors
        )


@dataclass(frozen=True, slots=True)
class VoteSource:
    """Votes in the canonical order of ``VoteTable``, whose first five fields these are.

    ballots : everyone's, passes included. voters : everyone's that took a side, oriented.
    answers : of those with enough votes, oriented. digest : see ``VoteTable``. The last two cost
    something, so they are asked for. looked_up : votes that were set aside because they were not
    dealt.
    """

    participants: IntArray
    statements: IntArray
    eligible: int
    shaped: int
    orientation: int
    ballots: VoteRowSource
    voters: BinaryVoteSource
    answers: Callable[[], AnswerSource]
    digest: Callable[[], str]
    looked_up: int


def in_memory(table: VoteTable, looked_up: int, options: Options) -> VoteSource:
    """Of a table in this process."""
    width = len(table.statements)

    def answers() -> AnswerMatrix:
        last = int(table.indptr[table.eligible])
        value = table.value[:last] * table.orientation
        return AnswerMatrix(table.indptr[: table.eligible + 1], table.column[:last], value, width)

    precision = options.precision(len(table.column))
    votes = table.indptr, table.column, table.value * table.orientation
    oriented = drop_passes(*votes, width, precision)
    return VoteSource(
        table.participants,
        table.statements,
        table.eligible,
        table.shaped,
        table.orientation,
        VoteRows(table.statements, table.indptr, table.column, table.value),
        InMemoryVotes(oriented),
        answers,
        table.digest,
        looked_up,
    )
