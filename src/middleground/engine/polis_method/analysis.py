"""Computes a Polis-like map from votes: runs the steps in order, and turns results into facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from middleground import __version__
from middleground.engine import facts
from middleground.engine.arrays.canonical_order import VoteTable
from middleground.engine.arrays.rounding import rounded, rounded_lists
from middleground.engine.groups.alignment import LETTERS
from middleground.engine.groups.marks import marks_of
from middleground.engine.model.parameters import Priors
from middleground.engine.options import Options
from middleground.engine.polis_method.clustering import cluster_plane, nearest
from middleground.engine.polis_method.consensus import (
    SIGNIFICANT,
    GroupVoteCounts,
    group_informed,
    group_vote_counts,
    one_proportion,
    share,
)
from middleground.engine.polis_method.pca import AXES, PrincipalPlane, principal_plane
from middleground.engine.polis_method.projection import ParityMap, points_as_posteriors
from middleground.engine.polis_method.representative import answer_tests, representative
from middleground.engine.polis_method.vote_calibration import fit_vote_calibration, log_odds
from middleground.engine.votes import FloatArray, IntArray

_MAJORITY = 0.5


@dataclass(frozen=True, slots=True)
class _ClusteredVotes:
    """The results from which the facts are made, statements in the order of their ids.

    belongs (n,) : group of each row of the table, -1 for a participant with too few votes.
    """

    table: VoteTable
    statements: IntArray
    mean: FloatArray
    loading: FloatArray
    points: FloatArray
    belongs: IntArray
    centres: FloatArray
    everyone: GroupVoteCounts
    groups: GroupVoteCounts

    @property
    def labels(self) -> str:
        return LETTERS[: len(self.centres)]


def parity_map(
    table: VoteTable, options: Options, seed: int, unmet_minimums: tuple[facts.UnmetMinimum, ...]
) -> ParityMap:
    """Compute the map that Polis would compute from these votes.

    All participants shape the axes. Those with at least ``min_votes`` votes (or with votes on all
    statements, where there are fewer) are clustered into groups. A map does not depend on a
    previous one.
    """
    plane = principal_plane(table)
    needed = min(options.min_votes, len(table.statements))
    counted = np.diff(table.indptr) >= max(needed, 1)
    centres = np.empty((0, AXES))
    if not unmet_minimums:
        centres = cluster_plane(plane.points[counted], options.max_groups, seed)
    drawn = _clustered_votes(table, plane, counted, centres)
    odds = log_odds(drawn.everyone.agree[0], drawn.everyone.disagree[0])
    middle = float(odds.mean()) if len(odds) else 0.0
    return ParityMap(
        _facts(drawn, options, seed, unmet_minimums, int(counted.sum())),
        points_as_posteriors(table.participants, _with(np.zeros(len(counted)), plane.points)),
        points_as_posteriors(drawn.statements, _with(odds, drawn.loading)),
        Priors(middle, 1.0, 1.0, np.ones(AXES)),
        np.ones(AXES),
        centres,
        fit_vote_calibration(table, plane),
    )


def _with(first: FloatArray, rest: FloatArray) -> FloatArray:
    return np.column_stack([first, rest])


def _clustered_votes(
    table: VoteTable, plane: PrincipalPlane, counted: NDArray[np.bool_], centres: FloatArray
) -> _ClusteredVotes:
    order = np.argsort(table.statements)
    k, n = len(centres), len(table.participants)
    belongs = np.full(n, -1)
    if k:
        belongs[counted] = nearest(plane.points[counted], centres)
    everyone, groups = (
        group_vote_counts(table, np.zeros(n, dtype=np.int64), 1),
        group_vote_counts(table, belongs, k),
    )
    return _ClusteredVotes(
        table,
        table.statements[order],
        plane.mean[order],
        plane.loading[order],
        plane.points,
        belongs,
        centres,
        everyone.take(order),
        groups.take(order),
    )


def _facts(
    drawn: _ClusteredVotes,
    options: Options,
    seed: int,
    unmet_minimums: tuple[facts.UnmetMinimum, ...],
    counted: int,
) -> facts.MapFacts:
    divided = len(drawn.centres) > 1
    everyone = _rates(drawn.everyone, ("",))
    groups = _rates(drawn.groups, tuple(drawn.labels)) if divided else everyone
    people, marks = marks_of(drawn.points, drawn.belongs, drawn.labels, options.min_group)
    return facts.MapFacts(
        status="too_little" if unmet_minimums else "groups" if divided else "one_group",
        unmet_minimums=unmet_minimums,
        groups=_groups(drawn, options),
        statements=_statements(drawn, everyone, groups if divided else [()] * len(everyone)),
        middle_ground=_middle_ground(drawn, groups, options) if not unmet_minimums else (),
        divisive=_divisive(drawn, groups, options) if divided else (),
        diagnostics=_diagnostics(drawn, counted),
        model=facts.PlacementModel(0.0, 1.0, 1.0, (1.0,) * AXES, _tuples(drawn.centres)),
        options=options.to_dict(),
        seed=seed,
        engine_version=__version__,
        input_hash=drawn.table.digest(),
        people_per_mark=people if marks else 0,
        marks=marks,
    )


def _rates(found: GroupVoteCounts, labels: tuple[str, ...]) -> list[tuple[facts.Rate, ...]]:
    """Return smoothed shares, one tuple for each statement.

    Polis computes no intervals, so both ends of the interval are the share itself.
    """
    passed = found.seen - found.agree - found.disagree
    rows = [_lists(share(found.agree, found.seen))]
    rows += [each.T.tolist() for each in (found.agree, found.disagree, passed)]
    return [
        tuple(
            facts.Rate(label, r, r, r, facts.Tally(a, d, p))
            for label, r, a, d, p in zip(labels, *row, strict=True)
        )
        for row in zip(*rows, strict=True)
    ]


def _lists(values: FloatArray) -> list[list[float]]:
    """Round and list by statement, all at once: one number at a time takes seconds with many."""
    columns: list[list[float]] = rounded_lists(values.T)
    return columns


def _statements(
    drawn: _ClusteredVotes,
    everyone: list[tuple[facts.Rate, ...]],
    groups: list[tuple[facts.Rate, ...]],
) -> tuple[facts.StatementFacts, ...]:
    return tuple(
        facts.StatementFacts(s, of_all, of_groups, mean, plane, plane)
        for s, (of_all,), of_groups, mean, plane in zip(
            drawn.statements.tolist(),
            everyone,
            groups,
            rounded_lists(drawn.mean),
            _tuples(drawn.loading),
            strict=True,
        )
    )


def _groups(drawn: _ClusteredVotes, options: Options) -> tuple[facts.Group, ...]:
    groups = []
    agree, disagree = answer_tests(drawn.groups)
    for g, label in enumerate(drawn.labels):
        points = drawn.points[drawn.belongs == g]
        centre = points.mean(axis=0)
        (xx, xy), (_, yy) = (points - centre).T @ (points - centre) / len(points)
        chosen = []
        if len(drawn.centres) > 1:
            chosen = representative(drawn.groups, agree, disagree, g, options.representative)
        groups.append(
            facts.Group(
                label,
                len(points),
                len(points),
                (rounded(centre[0]), rounded(centre[1])),
                (rounded(xx), rounded(xy), rounded(yy)),
                tuple(
                    facts.Representative(
                        statement=int(drawn.statements[column]),
                        direction="agree" if sign > 0 else "disagree",
                        rate=rounded(answer.share[g, column]),
                        rest=rounded(answer.rest[g, column]),
                        probability=rounded(ndtr(answer.ratio_test[g, column])),
                    )
                    for column, sign in chosen
                    for answer in [agree if sign > 0 else disagree]
                ),
            )
        )
    return tuple(groups)


def _middle_ground(
    drawn: _ClusteredVotes, rates: list[tuple[facts.Rate, ...]], options: Options
) -> tuple[facts.Finding, ...]:
    """Rank by group-informed consensus.

    Polis gives no label; here it holds where the smoothed share of every group is above one half.
    """
    found = drawn.groups
    margin = share(found.agree, found.seen).min(axis=0) - _MAJORITY
    holds = (margin > 0.0) & (found.seen >= options.min_group).all(axis=0)
    return _ranked(drawn, rates, group_informed(found), holds, margin)


def _divisive(
    drawn: _ClusteredVotes, rates: list[tuple[facts.Rate, ...]], options: Options
) -> tuple[facts.Finding, ...]:
    """Rank by extremity: how far from the middle a single vote of agreement puts a participant.

    The label holds where significantly more than half of one group agree, and significantly more
    than half of another group disagree.
    """
    found = drawn.groups
    length = np.sqrt(np.square(drawn.loading).sum(axis=1) * len(drawn.statements))
    enough = found.seen >= options.min_group
    agree, disagree = (
        np.where(enough, one_proportion(found.of(sign), found.seen), -np.inf).max(axis=0)
        for sign in (1, -1)
    )
    holds = np.minimum(agree, disagree) > SIGNIFICANT
    shares = [share(found.of(sign), found.seen).max(axis=0) for sign in (1, -1)]
    margin = np.minimum(*shares) - _MAJORITY
    return _ranked(drawn, rates, np.abs(1.0 - drawn.mean) * length, holds, margin)


def _ranked(
    drawn: _ClusteredVotes,
    rates: list[tuple[facts.Rate, ...]],
    score: FloatArray,
    holds: NDArray[np.bool_],
    margin: FloatArray,
) -> tuple[facts.Finding, ...]:
    voted = np.flatnonzero(drawn.groups.seen.sum(axis=0) > 0)
    order = voted[np.argsort(-np.round(score[voted], 6), kind="stable")]
    return tuple(
        facts.Finding(
            int(drawn.statements[j]),
            rounded(score[j]),
            bool(holds[j]),
            rounded(margin[j]),
            rates[j],
        )
        for j in order.tolist()
    )


def _diagnostics(drawn: _ClusteredVotes, counted: int) -> facts.Diagnostics:
    votes, first = np.diff(drawn.table.indptr), drawn.loading[:, 0]
    length = float(np.square(first).sum()) * len(first)
    return facts.Diagnostics(
        participants=len(drawn.points),
        eligible=counted,
        unsure=0,
        statements=len(drawn.statements),
        votes=len(drawn.table.value),
        median_votes=float(np.median(votes)) if len(votes) else 0.0,
        stability=None,
        acquiescence=rounded(float(first.sum()) ** 2 / length) if length > 0.0 else None,
    )


def _tuples(rows: FloatArray) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in rounded_lists(rows))
