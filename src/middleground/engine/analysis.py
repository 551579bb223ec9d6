"""Compute an opinion map from votes. This module only puts the steps in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from middleground.engine.arrays.canonical_order import VoteTable, tabulate
from middleground.engine.attributes import Attribute
from middleground.engine.distributed.executor import Executor
from middleground.engine.distributed.table import PartitionedTable, one_partition, tabulate_parts
from middleground.engine.facts import MapFacts, UnmetMinimum
from middleground.engine.groups.alignment import drift, match_axis_signs, match_labels
from middleground.engine.groups.cluster import Clustering, cluster
from middleground.engine.groups.membership import membership
from middleground.engine.integrity.answers import AnswerSource
from middleground.engine.integrity.near_duplicates import (
    DuplicateCluster,
    find_near_duplicates,
)
from middleground.engine.integrity.raking import Margins
from middleground.engine.model.binary_vote_source import BinaryVoteSource
from middleground.engine.model.calibration import calibration
from middleground.engine.model.parameters import (
    Fit,
    NormalPosteriors,
    flip_axes,
    negated,
    padded_with_prior,
)
from middleground.engine.opinion_map import OpinionMap, PosteriorTable
from middleground.engine.options import Options
from middleground.engine.pipeline.build_facts import FittedMap, ModelDiagnostics, build_facts
from middleground.engine.pipeline.sample_info import sample_info
from middleground.engine.votes import FloatArray, IntArray, Votes

# If near-duplicates are a larger share of participants than this, they bias the model: refit it.
_REFIT_SHARE = 0.01


def analyse(
    votes: Votes,
    options: Options | None = None,
    seed: int = 0,
    previous: MapFacts | None = None,
    *,
    tiers: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """Compute the opinion map of ``votes``.

    The result depends on the arguments only: the same arguments and the same libraries give the
    same bytes of ``to_json()`` on any machine (see ``Options.double_votes``). Neither the order of
    the rows nor the choice of ids matters. ``previous`` is the preceding map: groups that are
    recognised keep its letters, and axes keep its directions. ``tiers`` says how participants were
    admitted: each finding is tested without each tier. ``margins`` weights shares to those of a
    population; groups and positions are never weighted. Parity mode ignores tiers and margins.

    Raises ``CannotWeight`` if the margins do not fit the participants.
    """
    options = options or Options()
    counted = votes.counted()
    table = tabulate(counted, options.leave_out, options.min_votes)
    if options.parity:
        return _parity(table, options, seed)
    precision = options.precision(len(table.column))
    partitioned = one_partition(table, precision, len(votes) - len(counted))
    return analyse_table(partitioned, options, seed, previous, tiers=tiers, margins=margins)


def analyse_table(
    table: PartitionedTable,
    options: Options,
    seed: int,
    previous: MapFacts | None = None,
    *,
    tiers: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """Like ``analyse``, for votes in partitions on any executor."""
    eligible, fit, duplicates = _fit_without_duplicates(table, options, seed)
    voters, statements = BinaryVoteSource.of_all(table), table.statements
    fit = flip_axes(fit, match_axis_signs(fit, statements, previous)) if previous else fit
    unmet_minimums = _unmet_minimums(table, len(eligible), options)
    scale = _scale(fit, table.shaped)
    clustering = Clustering(np.empty((0, options.dimensions)))
    diagnostics = ModelDiagnostics(None, None)
    if not unmet_minimums:
        clustering = _cluster(voters.only(eligible), fit, scale, options, seed, previous)
        diagnostics = _model_diagnostics(voters.only(eligible), fit, table, seed, previous)
    participants = _all_positions(voters, eligible, fit)
    if table.orientation < 0:
        fit = negated(fit)
        participants = NormalPosteriors(-participants.mean, participants.covariance)
        clustering = replace(clustering, centres=-clustering.centres)
    clustering = _labelled(clustering, fit, scale, statements, previous)
    known = sample_info(table, eligible, duplicates, tiers, margins, options.min_group)
    mapped = FittedMap(table, eligible, fit, scale, clustering, unmet_minimums, known, diagnostics)
    followed = previous.input_hash if previous else ""
    return OpinionMap(
        build_facts(mapped, options=options, seed=seed, previous_input_hash=followed),
        PosteriorTable.by_id(table.participants, participants),
        PosteriorTable.by_id(statements, fit.statements),
        fit.priors,
        scale,
        clustering.centres,
    )


def analyse_parts(
    sources: Sequence[Any],
    reader: Callable[[Any], Votes],
    executor: Executor,
    options: Options | None = None,
    seed: int = 0,
    previous: MapFacts | None = None,
    *,
    tiers: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """Like ``analyse``, for votes that ``reader`` reads from each of ``sources``.

    All votes of a participant must be in one part. The votes stay with the executor; this process
    receives some hundred bytes per participant (id, count, key, position) and the votes of a
    sample of a few thousand. The order of participants, the samples and the random numbers are
    those of ``analyse``; only the order of summation over parts differs. So one part gives the
    same bytes as ``analyse``, and several parts agree with it to about six digits. The number of
    processes that work on the parts changes no bit.

    Raises
    ------
    InvalidVotes
        A participant has votes in two parts, or a part does not hold votes.
    ValueError
        Parity mode is on: its axes need all votes at once.
    """
    options = options or Options()
    if options.parity:
        raise ValueError("Parity mode is not for votes in parts.")
    table = tabulate_parts(sources, reader, executor, options)
    return analyse_table(table, options, seed, previous, tiers=tiers, margins=margins)


def _parity(table: VoteTable, options: Options, seed: int) -> OpinionMap:
    # Imported here because it is slow to import and rarely needed.
    from middleground.engine.polis_method import parity_map

    return parity_map(table, options, seed, _unmet_minimums(table, table.eligible, options))


def _fit_without_duplicates(
    table: PartitionedTable, options: Options, seed: int
) -> tuple[IntArray, Fit, list[DuplicateCluster]]:
    """Return the participants who shape the map, the fit to them, and the near-duplicates.

    If there are enough near-duplicates to bias the fit, it is repeated without them.
    """
    eligible, shaped = np.arange(table.eligible), table.shaped
    voters = BinaryVoteSource.of_all(table)
    fit = _fit(voters.only(eligible), shaped, options, seed)
    duplicates = (
        find_near_duplicates(AnswerSource(table), fit, seed)
        if options.merge_near_duplicates
        else []
    )
    if not duplicates:
        return eligible, fit, duplicates
    kept = np.setdiff1d(eligible, np.concatenate([each.redundant for each in duplicates]))
    if len(kept) < (1.0 - _REFIT_SHARE) * len(eligible):
        fit = _fit(voters.only(kept), shaped, options, seed)
    else:
        participants = NormalPosteriors(
            fit.participants.mean[kept], fit.participants.covariance[kept]
        )
        fit = replace(fit, participants=participants)
    return kept, fit, duplicates


def _cluster(
    votes: BinaryVoteSource,
    fit: Fit,
    scale: FloatArray,
    options: Options,
    seed: int,
    previous: MapFacts | None,
) -> Clustering:
    """Cluster the participants; groups are in order of size."""
    clustering = cluster(
        votes,
        fit,
        scale,
        max_groups=options.max_groups,
        min_group=options.min_group,
        seed=seed,
        previous_count=len(previous.groups) if previous else 0,
    )
    return replace(clustering, centres=_by_size(fit, scale, clustering.centres))


def _model_diagnostics(
    votes: BinaryVoteSource, fit: Fit, table: PartitionedTable, seed: int, previous: MapFacts | None
) -> ModelDiagnostics:
    """Measure the fit's calibration, and its drift from the previous map (after orientation)."""
    as_given = negated(fit) if table.orientation < 0 else fit
    moved = drift(as_given, table.statements, previous) if previous else None
    return ModelDiagnostics(calibration(votes, fit, seed), moved)


def _labelled(
    clustering: Clustering,
    fit: Fit,
    scale: FloatArray,
    statements: IntArray,
    previous: MapFacts | None,
) -> Clustering:
    """Give the groups letters, and put them in alphabetical order."""
    unscaled = clustering.centres / np.where(scale > 0.0, scale, 1.0)
    labels = match_labels(fit, unscaled, statements, previous)
    order = sorted(range(len(labels)), key=lambda g: labels[g])
    return replace(
        clustering, centres=clustering.centres[order], labels=tuple(labels[g] for g in order)
    )


def _scale(fit: Fit, shaped: int) -> FloatArray:
    """Root mean square of the loadings on each axis, (K,): the weight of the axis."""
    squares = np.square(fit.statements.mean[:shaped, 1:]).sum(axis=0)
    scale: FloatArray = np.sqrt(squares / max(shaped, 1))
    return scale


def _unmet_minimums(
    table: PartitionedTable | VoteTable, eligible: int, options: Options
) -> tuple[UnmetMinimum, ...]:
    """Return the minimums that are not met; a map is computed only if there are none."""
    participants, asked = len(table.participants), len(table.statements)
    missing = []
    if participants < options.min_participants:
        missing.append(UnmetMinimum("participants", participants, options.min_participants))
    if asked < options.min_statements:
        missing.append(UnmetMinimum("statements", asked, options.min_statements))
    if table.eligible >= options.min_participants > eligible:
        missing.append(UnmetMinimum("participants", eligible, options.min_participants))
    elif participants >= options.min_participants > eligible:
        # The votes of the last participant needed, when the most active are counted first.
        have = int(np.sort(table.counts)[::-1][options.min_participants - 1])
        missing.append(UnmetMinimum("votes_per_participant", have, options.min_votes))
    return tuple(missing)


def _fit(votes: BinaryVoteSource, shaped: int, options: Options, seed: int) -> Fit:
    """Fit the statements, on a sample if there are very many participants; then place all.

    Only the first ``shaped`` statements are fitted; the others get the prior.
    """
    rows = None
    if votes.n_rows > options.fit_participants:
        rng = np.random.default_rng([seed, 0])
        rows = np.sort(rng.permutation(votes.n_rows)[: options.fit_participants])
    fit = padded_with_prior(votes.fit(shaped, rows, options.dimensions, seed), votes.n_columns)
    return replace(
        fit,
        participants=votes.posterior_positions(
            fit.statements.mean, fit.priors, bulk=rows is not None
        ),
    )


def _all_positions(votes: BinaryVoteSource, eligible: IntArray, fit: Fit) -> NormalPosteriors:
    """Posteriors of all rows: fitted for eligible rows, projected for the others."""
    size = fit.participants.mean.shape[1]
    if len(eligible) == votes.n_rows:
        return fit.participants
    mean, covariance = np.empty((votes.n_rows, size)), np.empty((votes.n_rows, size, size))
    rest = np.setdiff1d(np.arange(votes.n_rows), eligible)
    few = votes.only(rest).posterior_positions(fit.statements.mean, fit.priors)
    mean[eligible], covariance[eligible] = fit.participants.mean, fit.participants.covariance
    mean[rest], covariance[rest] = few.mean, few.covariance
    return NormalPosteriors(mean, covariance)


def _by_size(fit: Fit, scale: FloatArray, centres: FloatArray) -> FloatArray:
    """Sort centres by group size, largest first; ties by position on the first axis."""
    spread = fit.participants.covariance[:, 1:, 1:] * np.outer(scale, scale)
    chances = membership(fit.participants.mean[:, 1:] * scale, spread, centres)
    sizes = np.bincount(chances.argmax(axis=1), minlength=len(centres))
    return centres[np.lexsort((-centres[:, 0], -sizes))]
