"""Canonical order over all parts: who is where, without bringing the votes together.

Of each person an id, a count of votes and a key of 64 bits come here; the votes stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import Precision
from middleground.engine.arrays.canonical_order import (
    KeyArray,
    inverse_permutation,
    keys_from_counts,
    order_rows,
    splitmix64,
)
from middleground.engine.distributed import partition as work
from middleground.engine.distributed.executor import Executor, Handle
from middleground.engine.options import Options
from middleground.engine.votes import BoolArray, IntArray, InvalidVotes, Votes


@dataclass(frozen=True, slots=True)
class DistributedTable:
    """``VoteTable``, but that the votes are elsewhere: in ``parts``, held by ``hands``.

    home, local (n,) : in which part each participant is, and where in it. counts (n,) : votes.
    """

    hands: Executor
    parts: list[Handle]
    participants: IntArray
    statements: IntArray
    home: IntArray
    local: IntArray
    counts: IntArray
    eligible: int
    shaped: int
    orientation: int
    looked_up: int
    precision: Precision


def tabulate_parts(
    sources: Sequence[Any],
    reader: Callable[[Any], Votes],
    hands: Executor,
    options: Options,
) -> DistributedTable:
    """Read the parts and order everything as ``tabulate`` does; the reading is done once.

    Raises
    ------
    InvalidVotes
        Somebody has votes in two parts, or there is no part.
    """
    if not len(sources):
        raise InvalidVotes("There is no part to read.")
    raw = hands.keep(work.read, sources, common=(reader, options.leave_out))
    lists = list(hands.ask(work.partition_index, raw))
    sizes = [len(item.people) for item in lists]
    people = np.concatenate([item.people for item in lists])
    counts = np.concatenate([item.counts for item in lists])
    _refuse_split_participants(people)
    asked = np.unique(np.concatenate(list(hands.ask(work.statements_of, raw))))
    keys = _Keys(hands, raw, asked, options.min_votes)
    eligible = counts >= options.min_votes
    shaping = hands.total(work.shaping_counts, raw, common=keys.about)
    orientation = keys.orientation(shaping, eligible)
    found, column_keys = keys.of(shaping, orientation)
    shaped = shaping.sum(axis=1) >= 2
    order = order_rows(found, eligible, people, keys.names)
    columns = np.lexsort((asked, column_keys, ~shaped))
    place = inverse_permutation(order)
    first, home = int(eligible.sum()), np.repeat(np.arange(len(sizes)), sizes)
    places = np.split(place, np.cumsum(sizes)[:-1])
    local = np.concatenate([inverse_permutation(np.argsort(part)) for part in places])
    precision = options.precision(int(counts.sum()))
    about = asked, inverse_permutation(columns), first, orientation, precision
    parts = hands.keep(work.permuted, raw, places, common=about)
    hands.drop(raw)
    who = people[order], asked[columns], home[order], local[order], counts[order]
    set_aside = sum(item.looked_up for item in lists)
    return DistributedTable(
        hands, parts, *who, first, int(shaped.sum()), orientation, set_aside, precision
    )


@dataclass(frozen=True, slots=True)
class _Keys:
    """``KeyedVotes.keys`` over all parts."""

    hands: Executor
    raw: list[Handle]
    asked: IntArray
    min_votes: int

    @property
    def about(self) -> tuple[IntArray, int]:
        return self.asked, self.min_votes

    def of(self, shaping: IntArray, sign: int) -> tuple[KeyArray, KeyArray]:
        """Of people, in the order of parts, and of statements."""
        first = keys_from_counts(shaping, sign)
        told = self.hands.total(
            work.column_keys_from_rows, self.raw, common=(*self.about, first, sign)
        )
        column_keys = splitmix64(told)
        rows = self.hands.ask(work.row_keys, self.raw, common=(*self.about, column_keys, sign))
        return np.concatenate(list(rows)), column_keys

    def orientation(self, shaping: IntArray, eligible: BoolArray) -> int:
        balance = shaping.sum(axis=0)
        if balance[2] != balance[0]:
            return 1 if balance[2] > balance[0] else -1
        # As many agree as disagree: the rule of ``KeyedVotes.orientation``.
        ahead, mirrored = (int(self.of(shaping, sign)[0][eligible].sum()) for sign in (1, -1))
        return 1 if ahead <= mirrored else -1

    def names(self) -> KeyArray:
        return np.concatenate(list(self.hands.ask(work.id_keys, self.raw, common=self.about)))


def _refuse_split_participants(people: IntArray) -> None:
    ordered = np.sort(people)
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(again):
        raise InvalidVotes(
            f"Participant {int(ordered[again[0]])} has votes in more than one part. All votes of a"
            " participant have to be in one; `middleground split` makes such parts."
        )
