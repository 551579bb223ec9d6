"""Findings with what would overturn them: a ranking, tested without some people and with fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from middleground.engine import facts
from middleground.engine.arrays.rounding import rounded_lists
from middleground.engine.findings.labels import Ranking
from middleground.engine.findings.rates import AnyBallots, tally, weigh
from middleground.engine.findings.robustness import (
    Evidence,
    Fakes,
    Heads,
    Verdict,
    divisive_without,
    fakes_against_divisive,
    fakes_against_middle_ground,
    middle_ground_without,
    most_active,
)
from middleground.engine.votes import BoolArray, FloatArray, IntArray

RateRow = tuple[facts.Rate, ...]
NOTHING = facts.Robustness()


@dataclass(frozen=True, slots=True)
class Panel:
    """People who shape the map and what they voted.

    chances (n, g) : of belonging to a group. belongs (n,) : the likeliest. weight (n,) or None.
    expected : the model's rates of agreeing and of disagreeing, (g, m) each.
    """

    ballots: AnyBallots
    chances: FloatArray
    belongs: IntArray
    weight: FloatArray | None
    expected: Heads
    shrinkage: float
    min_seen: int
    quantile: float

    def evidence(self, rows: IntArray | None = None) -> Evidence:
        """The votes of all, or of some rows."""
        ballots, chances, belongs, weight = self.ballots, self.chances, self.belongs, self.weight
        if rows is not None:
            ballots, chances, belongs = ballots.take(rows), chances[rows], belongs[rows]
            weight = None if weight is None else weight[rows]
        member = np.eye(chances.shape[1])[belongs]
        return Evidence(
            weigh(ballots, chances, weight),
            tally(ballots, member),
            self.expected,
            self.shrinkage,
            self.min_seen,
            self.quantile,
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """All votes, and the votes left without the most active and without each channel."""

    full: Evidence
    without_active: Evidence
    without_channel: dict[str, Evidence]


def trial(panel: Panel, full: Evidence, channels: dict[str, IntArray]) -> Trial:
    """``channels``: rows of each; one that is alone, or has too few people, is not taken out."""
    votes = np.diff(panel.ballots.indptr)
    active = most_active(votes)
    tried = {
        name: full.without(panel.evidence(rows))
        for name, rows in channels.items()
        if len(channels) > 1 and len(rows) >= panel.min_seen
    }
    return Trial(full, full.without(panel.evidence(active)), tried)


def middle_ground_findings(
    ranking: Ranking, tried: Trial, labels: list[str], statements: IntArray, rows: list[RateRow]
) -> tuple[facts.Finding, ...]:
    return _findings(
        ranking,
        tried,
        middle_ground_without,
        fakes_against_middle_ground,
        labels,
        statements,
        rows,
    )


def divisive_findings(
    ranking: Ranking, tried: Trial, labels: list[str], statements: IntArray, rows: list[RateRow]
) -> tuple[facts.Finding, ...]:
    return _findings(
        ranking, tried, divisive_without, fakes_against_divisive, labels, statements, rows
    )


def _findings(
    ranking: Ranking,
    tried: Trial,
    judge: Callable[[Evidence, Evidence], Verdict],
    overturn: Callable[[Evidence, IntArray], list[Fakes]],
    labels: list[str],
    statements: IntArray,
    rows: list[RateRow],
) -> tuple[facts.Finding, ...]:
    active = judge(tried.full, tried.without_active)
    channels = {name: judge(tried.full, rest) for name, rest in tried.without_channel.items()}
    lost = np.any([active.lost, *(verdict.lost for verdict in channels.values())], axis=0)
    holds = ranking.holds & ~lost[ranking.column]
    needed = overturned(ranking.column[holds], overturn(tried.full, ranking.column[holds]))
    told = [
        with_fakes(_outcome(column, active, channels), needed.get(column), labels)
        for column in ranking.column.tolist()
    ]
    return as_findings(ranking, statements, rows, holds, told)


def overturned(columns: IntArray, fakes: list[Fakes]) -> dict[int, Fakes]:
    """What would overturn the finding on a column, by column."""
    return dict(zip(columns.tolist(), fakes, strict=True))


def as_findings(
    ranking: Ranking,
    statements: IntArray,
    rows: list[RateRow],
    holds: BoolArray,
    told: list[facts.Robustness],
) -> tuple[facts.Finding, ...]:
    """The ranking in words of its statements. ``holds`` and ``told`` are by place, ``statements``
    and ``rows`` by column."""
    return tuple(
        facts.Finding(statement, score, held, margin, rows[column], tests)
        for column, statement, score, held, margin, tests in zip(
            ranking.column.tolist(),
            statements[ranking.column].tolist(),
            rounded_lists(ranking.score),
            holds.tolist(),
            rounded_lists(ranking.margin),
            told,
            strict=True,
        )
    )


def with_fakes(tests: facts.Robustness, fakes: Fakes | None, labels: list[str]) -> facts.Robustness:
    """The same tests, with the fewest invented participants that overturn the finding."""
    if fakes is None:
        return tests if tests.fakes is None else replace(tests, fakes=None, groups=(), vote="")
    return replace(
        tests,
        fakes=max(fakes.count, 1),
        groups=tuple(labels[g] for g in fakes.groups),
        vote="agree" if fakes.agree else "disagree",
    )


def _outcome(column: int, active: Verdict, channels: dict[str, Verdict]) -> facts.Robustness:
    judged = (active.lost, *(part for v in channels.values() for part in (v.lost, v.untested)))
    if not any(flags[column] for flags in judged):
        return NOTHING
    return facts.Robustness(
        lost_without_most_active=bool(active.lost[column]),
        lost_without=tuple(name for name, verdict in channels.items() if verdict.lost[column]),
        untested_without=tuple(
            name for name, verdict in channels.items() if verdict.untested[column]
        ),
    )
