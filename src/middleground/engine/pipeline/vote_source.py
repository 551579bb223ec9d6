"""What a map is made of: votes in canonical order, wherever they lie.

They lie in this process (``here``), or in parts on disk or on other machines (``parts``). The
steps of a map are the same for both; all that differs is who passes over the votes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from middleground.engine.arrays.binary_votes import Sided
from middleground.engine.arrays.canonical_order import Table
from middleground.engine.arrays.csr import sided
from middleground.engine.findings.rates import AnyBallots, Ballots
from middleground.engine.integrity.near_duplicates import Answers, AnyAnswers
from middleground.engine.model.bulk_positions import place_crowd
from middleground.engine.model.fit import fit_model
from middleground.engine.model.parameters import Fit, Gaussians, Priors
from middleground.engine.model.participants import locate
from middleground.engine.options import Options
from middleground.engine.votes import FloatArray, IntArray


class Voters(Protocol):
    """Votes that took a side, by participant, wherever they lie."""

    @property
    def n_rows(self) -> int: ...

    @property
    def n_columns(self) -> int: ...

    def take_rows(self, rows: IntArray) -> Sided:
        """A few people's, brought into this process."""

    def only(self, rows: IntArray) -> Voters:
        """Some people's, ``rows`` ascending, left where they are."""

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        """``fit_model`` to the first ``shaped`` statements and all people or some ``rows``."""

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> Gaussians:
        """Where everyone stands, given the statements; see ``people.locate`` and ``crowd``."""


@dataclass(frozen=True, slots=True)
class Near:
    """Votes that lie in this process."""

    votes: Sided

    @property
    def n_rows(self) -> int:
        return self.votes.n_rows

    @property
    def n_columns(self) -> int:
        return self.votes.n_columns

    def take_rows(self, rows: IntArray) -> Sided:
        return self.votes.take_rows(rows)

    def only(self, rows: IntArray) -> Near:
        return Near(self.votes.take_rows(rows))

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        chosen = self.votes.first_columns(shaped)
        return fit_model(chosen if rows is None else chosen.take_rows(rows), dimensions, seed)

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> Gaussians:
        return (place_crowd if crowd else locate)(self.votes, means, priors)


@dataclass(frozen=True, slots=True)
class Material:
    """Votes in the canonical order of ``Table``, whose first five fields these are.

    ballots : everyone's, passes included. voters : everyone's that took a side, oriented.
    answers : of those with enough votes, oriented. digest : see ``Table``. The last two cost
    something, so they are asked for. looked_up : votes that were set aside because they were not
    dealt.
    """

    participants: IntArray
    statements: IntArray
    eligible: int
    shaped: int
    orientation: int
    ballots: AnyBallots
    voters: Voters
    answers: Callable[[], AnyAnswers]
    digest: Callable[[], str]
    looked_up: int


def here(table: Table, looked_up: int, options: Options) -> Material:
    """Of a table in this process."""
    width = len(table.statements)

    def answers() -> Answers:
        last = int(table.indptr[table.eligible])
        value = table.value[:last] * table.orientation
        return Answers(table.indptr[: table.eligible + 1], table.column[:last], value, width)

    precision = options.precision(len(table.column))
    votes = table.indptr, table.column, table.value * table.orientation
    oriented = sided(*votes, width, precision)
    return Material(
        table.participants,
        table.statements,
        table.eligible,
        table.shaped,
        table.orientation,
        Ballots(table.statements, table.indptr, table.column, table.value),
        Near(oriented),
        answers,
        table.digest,
        looked_up,
    )
