"""Chooses the statements that distinguish a group from all others."""

from __future__ import annotations

from typing import Literal

import numpy as np
import scipy

from middleground.engine.arrays.binary_votes import DOUBLE
from middleground.engine.arrays.csr import drop_passes
from middleground.engine.facts import Representative
from middleground.engine.findings.labels import (
    BoolArray,
    group_contrasts,
    sequential_pav,
    within_false_discovery_rate,
)
from middleground.engine.findings.rates import BetaPosterior, VoteRowSource
from middleground.engine.votes import IntArray

Direction = Literal["agree", "disagree"]
# Members of a group by whose answers the list is chosen; more would not change it.
_APPROVAL_SAMPLE = 20_000
_DIRECTIONS: tuple[Direction, Direction] = ("agree", "disagree")


def representatives(
    votes: VoteRowSource,
    belongs: IntArray,
    cells: tuple[BetaPosterior, BetaPosterior],
    rests: tuple[BetaPosterior, BetaPosterior],
    seen: IntArray,
    *,
    min_seen: int,
    count: int,
) -> list[tuple[Representative, ...]]:
    """Choose up to ``count`` statements for each group.

    A candidate is an answer (agree or disagree) that most of the group gives, and gives more often
    than all others; false discoveries are controlled over all groups and answers. Sequential
    proportional approval voting chooses from the candidates, so that the list speaks for as many
    members as possible and does not repeat one opinion.

    belongs (n,) : group of each participant. cells, rests : rates of agreeing and of disagreeing,
    in the group and outside it. seen (g, m) : members of the group who voted. A candidate needs
    ``min_seen`` of them.
    """
    groups, width = seen.shape
    contrasts = [group_contrasts(cell, rest) for cell, rest in zip(cells, rests, strict=True)]
    # (groups, 2 m): first the agreeing answers, then the disagreeing ones.
    rate = np.array([[*contrasts[0][g].rate, *contrasts[1][g].rate] for g in range(groups)])
    rest = np.array([[*contrasts[0][g].rest, *contrasts[1][g].rest] for g in range(groups)])
    chance = np.array(
        [[*contrasts[0][g].probability, *contrasts[1][g].probability] for g in range(groups)]
    )
    both = np.hstack([seen, seen])
    open_to = (both >= min_seen) & (rate > 0.5) & (rate > rest)
    open_to &= within_false_discovery_rate(np.where(open_to, chance, 0.0).reshape(-1)).reshape(
        open_to.shape
    )

    def of_group(g: int) -> tuple[Representative, ...]:
        # Divided by who saw it, so that often-shown statements have no advantage.
        weight = np.where(open_to[g], (rate[g] - rest[g]) / np.maximum(both[g], 1), 0.0)
        columns = sequential_pav(_approvals(votes, belongs == g), weight, count)
        return tuple(
            Representative(
                statement=int(votes.statements[column % width]),
                direction=_DIRECTIONS[column // width],
                rate=round(float(rate[g, column]), 6),
                rest=round(float(rest[g, column]), 6),
                probability=round(float(chance[g, column]), 6),
            )
            for column in columns
        )

    return [of_group(g) for g in range(groups)]


def _approvals(votes: VoteRowSource, member: BoolArray) -> scipy.sparse.csc_array:
    """Say which member of a group gave which answer: (n, 2 m), agreeing answers first.

    Of more members than ``_APPROVAL_SAMPLE``, every k-th is taken.
    """
    participants = np.flatnonzero(member)
    heard = votes.take(participants[:: -(-len(participants) // _APPROVAL_SAMPLE) or 1]).gathered()
    width = len(heard.statements)
    binary = drop_passes(heard.indptr, heard.column, heard.value, width, DOUBLE)
    column = binary.column + np.where(binary.answer, np.int32(0), np.int32(width))
    shape = (binary.n_rows, 2 * width)
    return scipy.sparse.csr_array(
        (np.ones(len(column)), column, binary.indptr), shape=shape
    ).tocsc()
