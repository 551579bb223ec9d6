"""Build the facts of a fitted and clustered map: rates, findings, groups, diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from middleground import __version__
from middleground.engine import facts
from middleground.engine.arrays.rounding import rounded, rounded_lists
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.findings.labels import divisive, middle_ground
from middleground.engine.findings.rates import (
    AnswerModels,
    BetaPosterior,
    VoteRows,
    VoteRowSource,
    answer_models,
    expected_rates,
    posteriors,
    tally,
    weighted_counts,
)
from middleground.engine.findings.representative import representatives
from middleground.engine.findings.robustness import GroupCounts
from middleground.engine.findings.tested import (
    GroupedVotes,
    LeaveOutTests,
    RateRow,
    divisive_findings,
    leave_out_tests,
    middle_ground_findings,
)
from middleground.engine.groups.cluster import Clustering
from middleground.engine.groups.marks import marks_of
from middleground.engine.groups.membership import CERTAIN, membership
from middleground.engine.model.parameters import Fit, NormalPosteriors
from middleground.engine.opinion_map import first_two_axes
from middleground.engine.options import Options
from middleground.engine.pipeline.sample_info import SampleInfo
from middleground.engine.pipeline.strata import tier_counts
from middleground.engine.votes import FloatArray, IntArray

# The lower quantile by which the middle ground is ranked.
QUANTILE = 0.10
# The largest number of participants on whom the answer models are fitted.
_ANSWER_MODEL_SAMPLE = 10_000
# Without a map there is no model to shrink to: the prior is uniform, worth two votes.
_BARE_SHRINKAGE = 2.0


@dataclass(frozen=True, slots=True)
class ModelDiagnostics:
    """Calibration and drift of the model; see ``facts.Diagnostics``."""

    calibration: float | None
    drift: float | None


@dataclass(frozen=True, slots=True)
class FittedMap:
    """The input of ``build_facts``. ``fit.participants`` are those in the rows ``eligible``."""

    table: PartitionedTable
    eligible: IntArray
    fit: Fit
    scale: FloatArray
    clustering: Clustering
    unmet_minimums: tuple[facts.UnmetMinimum, ...]
    sample: SampleInfo
    diagnostics: ModelDiagnostics

    @property
    def points(self) -> FloatArray:
        scaled: FloatArray = self.fit.participants.mean[:, 1:] * self.scale
        return scaled

    def memberships(self) -> FloatArray:
        spread = self.fit.participants.covariance[:, 1:, 1:] * np.outer(self.scale, self.scale)
        return membership(self.points, spread, self.clustering.centres)


@dataclass(frozen=True, slots=True)
class _GroupRates:
    """Participants who shape the map, by group: their summed votes, and the resulting rates."""

    panel: GroupedVotes
    full: GroupCounts
    cells: tuple[BetaPosterior, BetaPosterior]


def build_facts(
    mapped: FittedMap, *, options: Options, seed: int, previous_input_hash: str
) -> facts.MapFacts:
    """Build all facts, with statements in the order of their ids."""
    everyone = VoteRowSource.of_all(mapped.table)
    votes = everyone.take(mapped.eligible)
    models = answer_models(*_answer_model_sample(votes, mapped.fit, seed))
    chances = mapped.memberships()
    divided, enough = chances.shape[1] > 1, not mapped.unmet_minimums
    grouped = _group_rates(votes, models, mapped, chances, options)
    labels = list(mapped.clustering.labels) if divided else [""]
    rows = rate_rows(labels, grouped.cells[0], grouped.full.counts, options.interval)
    tests = leave_out_tests(grouped.panel, grouped.full, mapped.sample.tiers)
    overall = _overall(everyone, models, mapped, options)
    people, marks = _marks(mapped, grouped, options) if enough else (0, ())
    return facts.MapFacts(
        status="groups" if divided else "one_group" if enough else "too_little",
        unmet_minimums=mapped.unmet_minimums,
        groups=_groups(mapped, grouped, models, options) if enough else (),
        statements=_statements(mapped, overall, rows if divided else []),
        middle_ground=_middle_ground(grouped, tests, labels, rows) if enough else (),
        divisive=_divisive(grouped, tests, labels, rows) if divided else (),
        diagnostics=_diagnostics(mapped, chances),
        model=_model(mapped),
        options=options.to_dict(),
        seed=seed,
        engine_version=__version__,
        input_hash=mapped.table.digest(),
        previous_input_hash=previous_input_hash,
        integrity=mapped.sample.integrity,
        weighting=mapped.sample.weighting(grouped.panel.belongs, len(labels)),
        tiers=_tiers(everyone, mapped, grouped, len(labels)),
        people_per_mark=people,
        marks=marks,
    )


def _marks(
    mapped: FittedMap, grouped: _GroupRates, options: Options
) -> tuple[int, tuple[facts.Mark, ...]]:
    plane, belongs = first_two_axes(mapped.points), grouped.panel.belongs
    return marks_of(plane, belongs, mapped.clustering.labels, options.min_group)


def _tiers(
    everyone: VoteRowSource, mapped: FittedMap, grouped: _GroupRates, groups: int
) -> tuple[facts.TierCounts, ...]:
    """Counts of each tier, if there are several."""
    voters = mapped.sample.strata_of_all
    if len(voters) < 2:
        return ()
    return tier_counts(everyone, mapped.eligible, grouped.panel.belongs, groups, voters)


def _answer_model_sample(votes: VoteRowSource, fit: Fit, seed: int) -> tuple[VoteRows, Fit]:
    """A seeded sample on which to fit the answer models if there are very many participants."""
    count = len(fit.participants.mean)
    if count <= _ANSWER_MODEL_SAMPLE:
        return votes.gathered(), fit
    rows = np.sort(np.random.default_rng([seed, 4]).permutation(count)[:_ANSWER_MODEL_SAMPLE])
    participants = NormalPosteriors(fit.participants.mean[rows], fit.participants.covariance[rows])
    return votes.take(rows).gathered(), replace(fit, participants=participants)


def _group_rates(
    votes: VoteRowSource,
    models: AnswerModels,
    mapped: FittedMap,
    chances: FloatArray,
    options: Options,
) -> _GroupRates:
    participants = mapped.fit.participants
    if not chances.shape[1]:
        chances = np.ones((len(participants.mean), 1))
    weight = mapped.sample.weight
    weighted = chances if weight is None else chances * weight[:, None]
    panel = GroupedVotes(
        votes,
        chances,
        chances.argmax(axis=1),
        weight,
        expected_rates(models, participants, weighted),
        options.shrinkage,
        options.min_group,
        QUANTILE,
    )
    full = panel.group_counts()
    return _GroupRates(panel, full, full.cells())


def _overall(
    votes: VoteRowSource, models: AnswerModels, mapped: FittedMap, options: Options
) -> list[RateRow]:
    """Everyone's rates: all votes count, even of participants with too few to shape the map."""
    ones = np.ones((len(votes), 1))
    shaping, known = np.ones((len(mapped.eligible), 1)), mapped.sample
    weighted = shaping if known.weight is None else known.weight[:, None]
    expected, shrinkage = (
        expected_rates(models, mapped.fit.participants, weighted),
        options.shrinkage,
    )
    if mapped.unmet_minimums:
        half = np.full((1, len(votes.statements)), 0.5)
        expected, shrinkage = (half, half), min(_BARE_SHRINKAGE, options.shrinkage)
    cell = posteriors(weighted_counts(votes, ones, known.weights_of_all), expected, shrinkage)[0]
    return rate_rows([""], cell, tally(votes, ones), options.interval)


def rate_rows(
    labels: list[str], cell: BetaPosterior, counts: IntArray, interval: float
) -> list[RateRow]:
    """One tuple of rates per statement, with one rate per group."""
    ends = ((1.0 - interval) / 2.0, (1.0 + interval) / 2.0)
    figures = [rounded_lists(part) for part in (cell.mean, *map(cell.quantile, ends))]
    by_group = [
        [
            facts.Rate(label, mean, low, high, facts.Tally(*tally))
            for mean, low, high, *tally in zip(
                *(part[g] for part in figures), *counts[:, g].tolist(), strict=True
            )
        ]
        for g, label in enumerate(labels)
    ]
    return list(zip(*by_group, strict=True))


def _middle_ground(
    grouped: _GroupRates, tests: LeaveOutTests, labels: list[str], rows: list[RateRow]
) -> tuple[facts.Finding, ...]:
    panel, full = grouped.panel, grouped.full
    ranking = middle_ground(grouped.cells[0], full.seen, panel.min_seen, panel.quantile)
    return middle_ground_findings(ranking, tests, labels, panel.votes.statements, rows)


def _divisive(
    grouped: _GroupRates, tests: LeaveOutTests, labels: list[str], rows: list[RateRow]
) -> tuple[facts.Finding, ...]:
    panel, full = grouped.panel, grouped.full
    leads = full.counts[1] > full.counts[0]
    ranking = divisive(grouped.cells[0], leads, full.seen, panel.min_seen, panel.quantile)
    return divisive_findings(ranking, tests, labels, panel.votes.statements, rows)


def _groups(
    mapped: FittedMap, grouped: _GroupRates, models: AnswerModels, options: Options
) -> tuple[facts.Group, ...]:
    plane = first_two_axes(mapped.points)
    others: list[tuple[facts.Representative, ...]] = [()]
    panel = grouped.panel
    if panel.chances.shape[1] > 1:
        rest = 1.0 - panel.chances
        weighted = rest if panel.weight is None else rest * panel.weight[:, None]
        expected = expected_rates(models, mapped.fit.participants, weighted)
        outside = weighted_counts(panel.votes, rest, panel.weight)
        others = representatives(
            panel.votes,
            panel.belongs,
            grouped.cells,
            posteriors(outside, expected, options.shrinkage),
            grouped.full.seen,
            min_seen=options.min_group,
            count=options.representative,
        )
    groups = []
    for g, representative in enumerate(others):
        member = panel.belongs == g
        sure = member & (panel.chances[:, g] > CERTAIN)
        centre = plane[member].mean(axis=0)
        away = plane[member] - centre
        (xx, xy), (_, yy) = (away.T @ away / len(away)).tolist()
        groups.append(
            facts.Group(
                mapped.clustering.labels[g],
                int(member.sum()),
                int(sure.sum()),
                (rounded(centre[0]), rounded(centre[1])),
                (rounded(xx), rounded(xy), rounded(yy)),
                representative,
            )
        )
    return tuple(groups)


def _statements(
    mapped: FittedMap, overall: list[RateRow], rows: list[RateRow]
) -> tuple[facts.StatementFacts, ...]:
    statements, mean = mapped.table.statements, mapped.fit.statements.mean
    return tuple(statement_facts(statements, mean, mapped.scale, overall, rows))


def statement_facts(
    statements: IntArray,
    mean: FloatArray,
    scale: FloatArray,
    overall: list[RateRow],
    rows: list[RateRow],
) -> Iterator[facts.StatementFacts]:
    """Statement facts in the order of ids. ``rows`` is empty if there are fewer than two groups."""
    order = np.argsort(statements)
    # The plane's axes are x_k scale_k, so the logit's slope along an axis is w_k / scale_k.
    slopes = np.divide(mean[:, 1:], scale, out=np.zeros_like(mean[:, 1:]), where=scale > 0)
    for j, statement, model, direction in zip(
        order.tolist(),
        statements[order].tolist(),
        rounded_lists(mean[order]),
        rounded_lists(first_two_axes(slopes[order])),
        strict=True,
    ):
        yield facts.StatementFacts(
            statement=statement,
            everyone=overall[j][0],
            groups=rows[j] if rows else (),
            intercept=model[0],
            loading=tuple(model[1:]),
            direction=(direction[0], direction[1]),
        )


def _diagnostics(mapped: FittedMap, chances: FloatArray) -> facts.Diagnostics:
    table, clustering = mapped.table, mapped.clustering
    divided = chances.shape[1] > 1
    votes = table.counts
    first = mapped.fit.statements.mean[:, 1]
    length = float(np.square(first).sum()) * len(first)
    # The squared cosine between the first axis's loadings and the constant vector.
    acquiescence = float(first.sum()) ** 2 / length if length > 0.0 else None
    return facts.Diagnostics(
        participants=len(table.participants),
        eligible=len(mapped.eligible),
        unsure=int((chances.max(axis=1) <= CERTAIN).sum()) if divided else 0,
        statements=len(table.statements),
        votes=int(votes.sum()),
        median_votes=float(np.median(votes)) if len(votes) else 0.0,
        stability=rounded(clustering.stability) if clustering.stability is not None else None,
        acquiescence=rounded(acquiescence) if acquiescence is not None else None,
        calibration=_three_digits(mapped.diagnostics.calibration),
        drift=_three_digits(mapped.diagnostics.drift),
    )


def _three_digits(value: float | None) -> float | None:
    return None if value is None else round(value, 3) + 0.0


def _model(mapped: FittedMap) -> facts.PlacementModel:
    priors = mapped.fit.priors
    return facts.PlacementModel(
        a_mean=rounded(priors.a_mean),
        a_variance=rounded(priors.a_variance),
        b_variance=rounded(priors.b_variance),
        scale=tuple(rounded(s) for s in mapped.scale),
        centres=tuple(tuple(rounded(c) for c in centre) for centre in mapped.clustering.centres),
    )
