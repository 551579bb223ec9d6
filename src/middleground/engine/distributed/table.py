"""Canonical order over all parts: who is where, without bringing the votes together.

Of each person an id, a count of votes and a key of 64 bits come here; the votes stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import Precision
from middleground.engine.arrays.canonical_order import KeyArray, counted_keys, mix, order_rows, rank
from middleground.engine.distributed import partition as work
from middleground.engine.distributed.executor import Hands, Held
from middleground.engine.options import Options
from middleground.engine.votes import BoolArray, IntArray, InvalidVotes, Votes


@dataclass(frozen=True, slots=True)
class Spread:
    """``Table``, but that the votes are elsewhere: in ``parts``, held by ``hands``.

    home, local (n,) : in which part each participant is, and where in it. counts (n,) : votes.
    """

    hands: Hands
    parts: list[Held]
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
    hands: Hands,
    options: Options,
) -> Spread:
    """Read the parts and order everything as ``tabulate`` does; the reading is done once.

    Raises
    ------
    InvalidVotes
        Somebody has votes in two parts, or there is no part.
    """
    if not len(sources):
        raise InvalidVotes("There is no part to read.")
    raw = hands.keep(work.read, sources, common=(reader, options.leave_out))
    lists = list(hands.ask(work.listed, raw))
    sizes = [len(item.people) for item in lists]
    people = np.concatenate([item.people for item in lists])
    counts = np.concatenate([item.counts for item in lists])
    _refuse_divided(people)
    asked = np.unique(np.concatenate(list(hands.ask(work.statements_of, raw))))
    keys = _Keys(hands, raw, asked, options.min_votes)
    eligible = counts >= options.min_votes
    shaping = hands.total(work.shaping_counts, raw, common=keys.about)
    orientation = keys.orientation(shaping, eligible)
    found, column_keys = keys.of(shaping, orientation)
    shaped = shaping.sum(axis=1) >= 2
    order = order_rows(found, eligible, people, keys.names)
    columns = np.lexsort((asked, column_keys, ~shaped))
    place = rank(order)
    first, home = int(eligible.sum()), np.repeat(np.arange(len(sizes)), sizes)
    places = np.split(place, np.cumsum(sizes)[:-1])
    local = np.concatenate([rank(np.argsort(part)) for part in places])
    precision = options.precision(int(counts.sum()))
    about = asked, rank(columns), first, orientation, precision
    parts = hands.keep(work.arrange, raw, places, common=about)
    hands.drop(raw)
    who = people[order], asked[columns], home[order], local[order], counts[order]
    set_aside = sum(item.looked_up for item in lists)
    return Spread(hands, parts, *who, first, int(shaped.sum()), orientation, set_aside, precision)


@dataclass(frozen=True, slots=True)
class _Keys:
    """``Found.keys`` over all parts."""

    hands: Hands
    raw: list[Held]
    asked: IntArray
    min_votes: int

    @property
    def about(self) -> tuple[IntArray, int]:
        return self.asked, self.min_votes

    def of(self, shaping: IntArray, sign: int) -> tuple[KeyArray, KeyArray]:
        """Of people, in the order of parts, and of statements."""
        first = counted_keys(shaping, sign)
        told = self.hands.total(work.columns_told, self.raw, common=(*self.about, first, sign))
        column_keys = mix(told)
        rows = self.hands.ask(work.row_keys, self.raw, common=(*self.about, column_keys, sign))
        return np.concatenate(list(rows)), column_keys

    def orientation(self, shaping: IntArray, eligible: BoolArray) -> int:
        balance = shaping.sum(axis=0)
        if balance[2] != balance[0]:
            return 1 if balance[2] > balance[0] else -1
        # As many agree as disagree: the rule of ``Found.orientation``.
        ahead, mirrored = (int(self.of(shaping, sign)[0][eligible].sum()) for sign in (1, -1))
        return 1 if ahead <= mirrored else -1

    def names(self) -> KeyArray:
        return np.concatenate(list(self.hands.ask(work.names, self.raw, common=self.about)))


def _refuse_divided(people: IntArray) -> None:
    ordered = np.sort(people)
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(again):
        raise InvalidVotes(
            f"Participant {int(ordered[again[0]])} has votes in more than one part. All votes of a"
            " participant have to be in one; `middleground split` makes such parts."
        )
