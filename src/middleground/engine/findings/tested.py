"""Turns rankings into findings, each tested without some participants and with invented ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from middleground.engine import facts
from middleground.engine.arrays.rounding import rounded_lists
from middleground.engine.findings.labels import Ranking
from middleground.engine.findings.rates import VoteRowSource, tally, weighted_counts
from middleground.engine.findings.robustness import (
    ExpectedRates,
    FakesNeeded,
    GroupCounts,
    LeaveOutResult,
    divisive_without,
    fakes_against_divisive,
    fakes_against_middle_ground,
    middle_ground_without,
    most_active,
)
from middleground.engine.votes import BoolArray, FloatArray, IntArray

RateRow = tuple[facts.Rate, ...]
UNTESTED = facts.Robustness()


@dataclass(frozen=True, slots=True)
class GroupedVotes:
    """The participants who shape the map, their votes and their groups.

    chances (n, g) : probability of belonging to each group. belongs (n,) : the likeliest group.
    weight (n,) : of each participant, or None for equal weights.
    expected : the model's rates of agreeing and of disagreeing, (g, m) each.
    """

    votes: VoteRowSource
    chances: FloatArray
    belongs: IntArray
    weight: FloatArray | None
    expected: ExpectedRates
    shrinkage: float
    min_seen: int
    quantile: float

    def group_counts(self, rows: IntArray | None = None) -> GroupCounts:
        """Sum the votes of all participants, or of those in ``rows``."""
        votes, chances, belongs, weight = self.votes, self.chances, self.belongs, self.weight
        if rows is not None:
            votes, chances, belongs = votes.take(rows), chances[rows], belongs[rows]
            weight = None if weight is None else weight[rows]
        member = np.eye(chances.shape[1])[belongs]
        return GroupCounts(
            weighted_counts(votes, chances, weight),
            tally(votes, member),
            self.expected,
            self.shrinkage,
            self.min_seen,
            self.quantile,
        )


@dataclass(frozen=True, slots=True)
class LeaveOutTests:
    """All votes, the votes without the most active participants, and those without each tier."""

    full: GroupCounts
    without_active: GroupCounts
    without_tier: dict[str, GroupCounts]


def leave_out_tests(
    panel: GroupedVotes, full: GroupCounts, tiers: dict[str, IntArray]
) -> LeaveOutTests:
    """Sum the votes that each test needs.

    tiers : rows of each tier's participants. A tier is not left out where it is the only one, or
    where it has fewer than ``min_seen`` participants: the result would tell how these few voted.
    """
    votes = panel.votes.counts
    active = most_active(votes)
    tests = {
        name: full.without(panel.group_counts(rows))
        for name, rows in tiers.items()
        if len(tiers) > 1 and len(rows) >= panel.min_seen
    }
    return LeaveOutTests(full, full.without(panel.group_counts(active)), tests)


def middle_ground_findings(
    ranking: Ranking,
    tests: LeaveOutTests,
    labels: list[str],
    statements: IntArray,
    rows: list[RateRow],
) -> tuple[facts.Finding, ...]:
    """Turn the ranking of the middle ground into findings; ``rows`` are rates by column."""
    return _findings(
        ranking,
        tests,
        middle_ground_without,
        fakes_against_middle_ground,
        labels,
        statements,
        rows,
    )


def divisive_findings(
    ranking: Ranking,
    tests: LeaveOutTests,
    labels: list[str],
    statements: IntArray,
    rows: list[RateRow],
) -> tuple[facts.Finding, ...]:
    """Turn the ranking of divisive statements into findings; ``rows`` are rates by column."""
    return _findings(
        ranking, tests, divisive_without, fakes_against_divisive, labels, statements, rows
    )


def _findings(
    ranking: Ranking,
    tests: LeaveOutTests,
    judge: Callable[[GroupCounts, GroupCounts], LeaveOutResult],
    overturn: Callable[[GroupCounts, IntArray], list[FakesNeeded]],
    labels: list[str],
    statements: IntArray,
    rows: list[RateRow],
) -> tuple[facts.Finding, ...]:
    active = judge(tests.full, tests.without_active)
    tiers = {name: judge(tests.full, rest) for name, rest in tests.without_tier.items()}
    lost = np.any([active.lost, *(verdict.lost for verdict in tiers.values())], axis=0)
    holds = ranking.holds & ~lost[ranking.column]
    needed = fakes_by_column(ranking.column[holds], overturn(tests.full, ranking.column[holds]))
    robustness = [
        with_fakes(_outcome(column, active, tiers), needed.get(column), labels)
        for column in ranking.column.tolist()
    ]
    return to_findings(ranking, statements, rows, holds, robustness)


def fakes_by_column(columns: IntArray, fakes: list[FakesNeeded]) -> dict[int, FakesNeeded]:
    """Pair each column with the fakes that overturn its label."""
    return dict(zip(columns.tolist(), fakes, strict=True))


def to_findings(
    ranking: Ranking,
    statements: IntArray,
    rows: list[RateRow],
    holds: BoolArray,
    robustness: list[facts.Robustness],
) -> tuple[facts.Finding, ...]:
    """Turn a ranking into findings, in its order.

    holds, robustness : by place in the ranking. statements, rows : ids and rates by column.
    """
    return tuple(
        facts.Finding(statement, score, held, margin, rows[column], tests)
        for column, statement, score, held, margin, tests in zip(
            ranking.column.tolist(),
            statements[ranking.column].tolist(),
            rounded_lists(ranking.score),
            holds.tolist(),
            rounded_lists(ranking.margin),
            robustness,
            strict=True,
        )
    )


def with_fakes(
    tests: facts.Robustness, fakes: FakesNeeded | None, labels: list[str]
) -> facts.Robustness:
    """Add the fewest invented participants that overturn the label; None removes them.

    ``labels`` are the groups' letters. The number reported is at least one.
    """
    if fakes is None:
        return (
            tests
            if tests.fakes_to_overturn is None
            else replace(tests, fakes_to_overturn=None, groups=(), vote="")
        )
    return replace(
        tests,
        fakes_to_overturn=max(fakes.count, 1),
        groups=tuple(labels[g] for g in fakes.groups),
        vote="agree" if fakes.agree else "disagree",
    )


def _outcome(
    column: int, active: LeaveOutResult, tiers: dict[str, LeaveOutResult]
) -> facts.Robustness:
    judged = (active.lost, *(part for v in tiers.values() for part in (v.lost, v.untested)))
    if not any(flags[column] for flags in judged):
        return UNTESTED
    return facts.Robustness(
        lost_without_most_active=bool(active.lost[column]),
        lost_without=tuple(name for name, verdict in tiers.items() if verdict.lost[column]),
        untested_without=tuple(name for name, verdict in tiers.items() if verdict.untested[column]),
    )
