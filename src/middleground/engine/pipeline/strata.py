"""Counts of votes by tier and group, which do not overlap.

Groups and positions are those of the whole map, so the counts of all tiers add up to the map's.
Participants of excluded tiers can be counted too: they are placed on the map without changing it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from middleground.engine import facts
from middleground.engine.arrays.binary_votes import DOUBLE
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.arrays.csr import drop_passes
from middleground.engine.attributes import Attribute
from middleground.engine.distributed.table import one_partition
from middleground.engine.findings.rates import VoteRows, VoteRowSource, tally
from middleground.engine.groups.membership import membership
from middleground.engine.model.participants import posterior_positions
from middleground.engine.opinion_map import OpinionMap
from middleground.engine.votes import IntArray, Votes


def tier_counts(
    everyone: VoteRowSource,
    eligible: IntArray,
    belongs: IntArray,
    groups: int,
    voters: dict[str, IntArray],
    *,
    counted: bool = True,
) -> tuple[facts.TierCounts, ...]:
    """Counts of each tier, with statements in the order of their ids.

    eligible (e,) : rows of the participants who shape the map. belongs (e,) : the group of each.
    voters : rows of the participants in each tier. groups : number of groups; below 2, no division.
    """
    order = np.argsort(everyone.statements)
    found = []
    for name in sorted(voters):
        rows = voters[name]
        mine = np.flatnonzero(np.isin(eligible, rows))
        member = np.eye(max(groups, 1))[belongs[mine]]
        by_group = tally(everyone.take(eligible[mine]), member)[:, :, order]
        total = tally(everyone.take(rows), np.ones((len(rows), 1)))[:, 0, order]
        divided = groups > 1
        sizes = tuple(int(n) for n in member.sum(axis=0)) if divided else ()
        found.append(
            facts.TierCounts(
                name,
                len(rows),
                counted,
                sizes,
                tuple(facts.Tally(*row) for row in total.T.tolist()),
                tuple(
                    tuple(facts.Tally(*cell) for cell in row)
                    for row in (by_group.transpose(2, 1, 0).tolist() if divided else [])
                ),
            )
        )
    return tuple(found)


def count_excluded(
    found: OpinionMap, votes: Votes, tiers: Attribute
) -> tuple[facts.TierCounts, ...]:
    """Counts of participants whom the map excludes, on the map's statements."""
    options = found.facts.options
    known = np.array([item.statement for item in found.facts.statements], dtype=np.int64)
    kept = votes.counted()
    rows = np.isin(kept.statement, known)
    table = tabulate(
        Votes(kept.participant[rows], kept.statement[rows], kept.value[rows]),
        min_votes=int(options["min_votes"]),
    )
    if not len(table.value):
        return ()
    # Use all statements of the map, ascending, including those without votes here.
    column = np.searchsorted(known, table.statements)[table.column].astype(table.column.dtype)
    table = replace(table, statements=known, column=column)
    rows_of_all = VoteRowSource.of_all(one_partition(table, DOUBLE))
    eligible = np.arange(table.eligible)
    chances = _chances(found, rows_of_all.take(eligible).gathered())
    belongs = chances.argmax(axis=1) if chances.shape[1] else np.zeros(len(eligible), np.int64)
    code = tiers.of(table.participants)
    voters = {tiers.names[k]: np.flatnonzero(code == k) for k in np.unique(code[code >= 0])}
    return tier_counts(rows_of_all, eligible, belongs, chances.shape[1], voters, counted=False)


def with_excluded_counts(found: OpinionMap, beside: Votes, tiers: Attribute) -> OpinionMap:
    """The map with counts of the excluded participants, whose votes are ``beside``."""
    counts = (*found.facts.tiers, *count_excluded(found, beside, tiers))
    return replace(found, facts=replace(found.facts, tiers=counts))


def _chances(
    found: OpinionMap, votes: VoteRows
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Probabilities of belonging to each group, (n, g), given the map's statements."""
    width = len(votes.statements)
    binary = drop_passes(votes.indptr, votes.column, votes.value, width, DOUBLE)
    participants = posterior_positions(binary, found.statement_means, found.priors)
    spread = participants.covariance[:, 1:, 1:] * np.outer(found.scale, found.scale)
    return membership(participants.mean[:, 1:] * found.scale, spread, found.centres)
