"""Votes in parts as the material of a map: voters, ballots and answers that are elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import Sided
from middleground.engine.arrays.csr import Rows, sided
from middleground.engine.distributed import partition as work
from middleground.engine.distributed.executor import Hands, Held
from middleground.engine.distributed.table import Spread
from middleground.engine.findings.rates import Ballots
from middleground.engine.model.e_step import Turned
from middleground.engine.model.fit import fit_everyone
from middleground.engine.model.parameters import Fit, Gaussians, Priors, starting_priors, unvoted
from middleground.engine.model.participants import unheard
from middleground.engine.model.svd_init import Sketched, Tallied, sketched, start_from
from middleground.engine.pipeline.vote_source import Material
from middleground.engine.votes import BoolArray, FloatArray, IntArray

# Votes that are brought together at once for the digest.
_DIGESTED = 1 << 22


def material_of(spread: Spread) -> Material:
    everyone = np.arange(len(spread.participants))
    return Material(
        spread.participants,
        spread.statements,
        spread.eligible,
        spread.shaped,
        spread.orientation,
        FarBallots(spread, everyone),
        FarVoters(spread, everyone),
        lambda: FarAnswers(spread),
        lambda: digest(spread),
        spread.looked_up,
    )


@dataclass(frozen=True, slots=True)
class _Shares:
    """Who of some people is in which part; parts without any are left out.

    at : their positions among the people asked for. local : their rows in the part.
    """

    parts: list[Held]
    at: list[IntArray]
    local: list[IntArray]


def _shares(spread: Spread, rows: IntArray) -> _Shares:
    home = spread.home[rows]
    order = np.argsort(home, kind="stable")
    ends = np.searchsorted(home[order], np.arange(len(spread.parts) + 1))
    found = _Shares([], [], [])
    for held, start, stop in zip(spread.parts, ends[:-1], ends[1:], strict=True):
        if stop > start:
            found.parts.append(held)
            found.at.append(order[start:stop])
            found.local.append(spread.local[rows[order[start:stop]]])
    return found


def _together(spread: Spread, rows: IntArray) -> Rows:
    """Votes of some people, ``rows`` ascending, brought into this process and their order."""
    counts, shares = spread.counts[rows], _shares(spread, rows)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    column, value = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int8)
    found = spread.hands.ask(work.some, shares.parts, shares.local)
    for at, (indptr, columns, values) in zip(shares.at, found, strict=True):
        to = np.arange(indptr[-1]) + np.repeat(ends[at] - indptr[:-1], counts[at])
        column[to], value[to] = columns, values
    return ends, column, value


def digest(spread: Spread) -> str:
    """As ``Table.digest``: votes are brought together in pieces, twice."""
    ends = np.concatenate([[0], np.cumsum(spread.counts)]).astype(np.int64)
    state = hashlib.sha256(b"middleground votes 2")
    state.update(np.ascontiguousarray(spread.statements, dtype="<i8").data)
    state.update(np.ascontiguousarray(ends, dtype="<i8").data)
    for field, kind in ((1, "<i4"), (2, "i1")):
        for rows in _pieces(ends):
            array = _together(spread, rows)[field]
            state.update(np.ascontiguousarray(array, dtype=kind).data)
    return state.hexdigest()


def _pieces(ends: IntArray) -> Iterator[IntArray]:
    start, count = 0, len(ends) - 1
    while start < count:
        stop = int(np.searchsorted(ends, ends[start] + _DIGESTED, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield np.arange(start, stop)
        start = stop


@dataclass(frozen=True, slots=True)
class FarVoters:
    """``Voters`` of some people, ``rows`` of all."""

    spread: Spread
    rows: IntArray

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def n_columns(self) -> int:
        return len(self.spread.statements)

    def take_rows(self, rows: IntArray) -> Sided:
        wanted, back = np.unique(self.rows[rows], return_inverse=True)
        indptr, column, value = _together(self.spread, wanted)
        oriented = value * np.int8(self.spread.orientation)
        votes = sided(indptr, column, oriented, self.n_columns, self.spread.precision)
        return votes.take_rows(back)

    def only(self, rows: IntArray) -> FarVoters:
        return FarVoters(self.spread, self.rows[rows])

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> Gaussians:
        size, shares = means.shape[1], _shares(self.spread, self.rows)
        placed = Gaussians(np.empty((self.n_rows, size)), np.empty((self.n_rows, size, size)))
        common = (means, priors, crowd)
        found = self.spread.hands.ask(work.place, shares.parts, shares.local, common=common)
        for at, people in zip(shares.at, found, strict=True):
            placed.mean[at], placed.covariance[at] = people.mean, people.covariance
        return placed

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        """``fit_model``; the people are not given back, they are placed anew anyhow."""
        hands, priors = self.spread.hands, starting_priors(dimensions)
        shares = _shares(self.spread, self.rows if rows is None else self.rows[rows])
        nothing = Fit(priors, unvoted(shaped, priors), unheard(0, priors), ())
        if not shares.parts:
            return nothing
        chosen = hands.keep(work.took_sides, shares.parts, shares.local, common=(shaped,))
        told = hands.total(Tallied.of, chosen)
        if not told.counts.sum():
            return nothing

        def pass_over(share: FloatArray, sketch: FloatArray) -> Sketched:
            return hands.total(sketched, chosen, common=(share, sketch))

        start = start_from(told, pass_over, dimensions, np.random.default_rng([seed, 1]))
        shards = hands.keep(work.begin, chosen, common=(start, priors))
        hands.drop(chosen)
        crowd = _Crowd(hands, shards, start.shape[1])
        fit = fit_everyone(crowd, start, priors)
        hands.drop(crowd.shares)
        return fit


class _Crowd:
    """``fit.Everyone``, elsewhere."""

    def __init__(self, hands: Hands, shares: list[Held], size: int) -> None:
        self.hands, self.shares, self.size = hands, shares, size

    def turn(self, means: FloatArray, priors: Priors) -> Turned:
        self.shares, told = self.hands.turn(work.turned, self.shares, means, priors)
        return told

    def people(self) -> Gaussians:
        return Gaussians(np.empty((0, self.size)), np.empty((0, self.size, self.size)))


@dataclass(frozen=True, slots=True)
class FarBallots:
    """``Ballots`` of some people, ``rows`` of all."""

    spread: Spread
    rows: IntArray

    @property
    def statements(self) -> IntArray:
        return self.spread.statements

    @property
    def indptr(self) -> IntArray:
        return np.concatenate([[0], np.cumsum(self.spread.counts[self.rows])]).astype(np.int64)

    def take(self, rows: IntArray) -> FarBallots:
        return FarBallots(self.spread, self.rows[rows])

    def here(self) -> Ballots:
        order = np.argsort(self.rows)
        indptr, column, value = _together(self.spread, self.rows[order])
        kept = Ballots(self.statements, indptr, column, value)
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return kept.take(back)

    def sums(self, weights: FloatArray) -> FloatArray:
        shares = _shares(self.spread, self.rows)
        if not shares.parts:
            return np.zeros((3, weights.shape[1], len(self.statements)))
        given = [weights[at] for at in shares.at]
        found: FloatArray = self.spread.hands.total(work.sums, shares.parts, shares.local, given)
        return found


@dataclass(frozen=True, slots=True)
class FarAnswers:
    """``Answers`` of those with enough votes, who are the first of all."""

    spread: Spread

    @property
    def width(self) -> int:
        return len(self.spread.statements)

    @property
    def counts(self) -> IntArray:
        return self.spread.counts[: self.spread.eligible]

    def tokens(self) -> IntArray:
        return self.spread.hands.total(work.tokens, self.spread.parts)

    def passed(self) -> IntArray:
        return self._each_person(self.spread.hands.ask(work.passed, self.spread.parts))

    def smallest(self, ranks: list[IntArray]) -> list[IntArray]:
        found = list(self.spread.hands.ask(work.smallest, self.spread.parts, common=(ranks,)))
        return [self._each_person(iter(part)) for part in zip(*found, strict=True)]

    def of(self, row: int) -> tuple[IntArray, IntArray]:
        _, column, value = _together(self.spread, np.array([row]))
        oriented = value.astype(np.int64) * self.spread.orientation
        return column.astype(np.int64), oriented + 1

    def near(self, columns: IntArray, answers: IntArray) -> IntArray:
        common = (columns, answers)
        return np.sort(
            np.concatenate(list(self.spread.hands.ask(work.near, self.spread.parts, common=common)))
        )

    def given_by(self, rows: IntArray) -> FloatArray:
        shares = _shares(self.spread, rows)
        found: FloatArray = self.spread.hands.total(work.given_by, shares.parts, shares.local)
        return found

    def given_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray:
        shares, count = _shares(self.spread, rows), np.empty(len(rows))
        found = self.spread.hands.ask(work.given_of, shares.parts, shares.local, common=(tokens,))
        for at, part in zip(shares.at, found, strict=True):
            count[at] = part
        return count

    def gave(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
        shares, gave = _shares(self.spread, rows), np.empty((len(rows), len(columns)))
        common = (columns, answer)
        found = self.spread.hands.ask(work.gave, shares.parts, shares.local, common=common)
        for at, part in zip(shares.at, found, strict=True):
            gave[at] = part
        return gave

    def _each_person(self, found: Iterator[Any]) -> IntArray:
        """What parts tell of their own eligible people, in the order of all."""
        out = np.empty(self.spread.eligible, dtype=np.int64)
        by_part = np.argsort(self.spread.home[: len(out)], kind="stable")
        out[by_part] = np.concatenate(list(found))
        return out
