"""From votes to an opinion map: the order of the steps, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from middleground.engine.arrays.canonical_order import Table, tabulate
from middleground.engine.attributes import Attribute
from middleground.engine.facts import MapFacts, Shortfall
from middleground.engine.groups.alignment import drift, letters, previous_signs
from middleground.engine.groups.cluster import Division, divide
from middleground.engine.groups.membership import membership
from middleground.engine.integrity.near_duplicates import Lookalikes, find_lookalikes
from middleground.engine.integrity.raking import Margins
from middleground.engine.model.calibration import calibration
from middleground.engine.model.parameters import Fit, Gaussians, mirrored, turn_axes, with_silent
from middleground.engine.opinion_map import OpinionMap, Placed
from middleground.engine.options import Options
from middleground.engine.pipeline.build_facts import Mapped, Trust, report
from middleground.engine.pipeline.sample_info import standing
from middleground.engine.pipeline.vote_source import Material, Voters, here
from middleground.engine.votes import FloatArray, IntArray, Votes

# Copies that are a larger share of the people than this bend the model enough to fit it anew.
_BENDING = 0.01


def analyse(
    votes: Votes,
    options: Options | None = None,
    seed: int = 0,
    previous: MapFacts | None = None,
    *,
    channels: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """Compute the opinion map of ``votes``.

    Nothing is read but the arguments, so the same arguments give the same map: to the last byte
    of ``to_json()`` with the same libraries, on any machine (see ``Options.double_votes``). Neither
    the order of the rows nor the choice of ids matters. ``previous`` is the map before this one,
    whose letters and directions are kept where its groups are recognised. ``channels`` tells how
    participants were admitted: findings are tested without each. With ``margins`` shares are
    weighted to those of a population; groups and positions are not, and parity mode uses neither.

    Raises ``CannotWeight`` where the margins do not fit the people.
    """
    options = options or Options()
    counted = votes.counted()
    table = tabulate(counted, options.leave_out, options.min_votes)
    if options.parity:
        return _parity(table, options, seed)
    material = here(table, len(votes) - len(counted), options)
    return draw(material, options, seed, previous, channels=channels, margins=margins)


def draw(
    material: Material,
    options: Options,
    seed: int,
    previous: MapFacts | None = None,
    *,
    channels: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """``analyse``, wherever the votes lie."""
    eligible, fit, copies = _shape(material, options, seed)
    shaping, statements = material.voters.only(eligible), material.statements
    fit = turn_axes(fit, previous_signs(fit, statements, previous)) if previous else fit
    shortfalls = _shortfalls(material, len(eligible), options)
    scale = _scale(fit, material.shaped)
    division, trust = Division(np.empty((0, options.dimensions))), Trust(None, None)
    if not shortfalls:
        division = _divide(shaping, fit, scale, options, seed, previous)
        trust = _trust(shaping, fit, material, seed, previous)
    people = _place_everyone(material.voters, eligible, fit)
    if material.orientation < 0:
        fit, people = mirrored(fit), Gaussians(-people.mean, people.covariance)
        division = replace(division, centres=-division.centres)
    division = _named(division, fit, scale, statements, previous)
    known = standing(material, eligible, copies, channels, margins, options.min_group)
    mapped = Mapped(material, eligible, fit, scale, division, shortfalls, known, trust)
    return OpinionMap(
        report(mapped, options=options, seed=seed, follows=previous.input_hash if previous else ""),
        Placed.by_id(material.participants, people),
        Placed.by_id(statements, fit.statements),
        fit.priors,
        scale,
        division.centres,
        _copies=np.sort(np.delete(material.participants[: material.eligible], eligible)),
    )


def _parity(table: Table, options: Options, seed: int) -> OpinionMap:
    # Needed by few, and slow to import.
    from middleground.engine.polis_method import parity_map

    return parity_map(table, options, seed, _shortfalls(table, table.eligible, options))


def _shape(
    material: Material, options: Options, seed: int
) -> tuple[IntArray, Fit, list[Lookalikes]]:
    """Who shapes the map, the fit to them, and the near-identical voters, who count once.

    The fit is done anew without the copies where they are enough to bend it.
    """
    eligible, shaped = np.arange(material.eligible), material.shaped
    fit = _fit(material.voters.only(eligible), shaped, options, seed)
    copies = find_lookalikes(material.answers(), fit, seed) if options.merge_copies else []
    if not copies:
        return eligible, fit, copies
    kept = np.setdiff1d(eligible, np.concatenate([each.redundant for each in copies]))
    if len(kept) < (1.0 - _BENDING) * len(eligible):
        fit = _fit(material.voters.only(kept), shaped, options, seed)
    else:
        people = Gaussians(fit.people.mean[kept], fit.people.covariance[kept])
        fit = replace(fit, people=people)
    return kept, fit, copies


def _divide(
    votes: Voters,
    fit: Fit,
    scale: FloatArray,
    options: Options,
    seed: int,
    previous: MapFacts | None,
) -> Division:
    """The division, its groups in order of size."""
    division = divide(
        votes,
        fit,
        scale,
        max_groups=options.max_groups,
        min_group=options.min_group,
        seed=seed,
        prefer=len(previous.groups) if previous else 0,
    )
    return replace(division, centres=_by_size(fit, scale, division.centres))


def _trust(
    votes: Voters, fit: Fit, material: Material, seed: int, previous: MapFacts | None
) -> Trust:
    """How well the oriented fit foretells its votes, and how far it is from the previous map."""
    told = mirrored(fit) if material.orientation < 0 else fit
    moved = drift(told, material.statements, previous) if previous else None
    return Trust(calibration(votes, fit, seed), moved)


def _named(
    division: Division,
    fit: Fit,
    scale: FloatArray,
    statements: IntArray,
    previous: MapFacts | None,
) -> Division:
    """The division with letters, and in their order."""
    unscaled = division.centres / np.where(scale > 0.0, scale, 1.0)
    labels = letters(fit, unscaled, statements, previous)
    order = sorted(range(len(labels)), key=lambda g: labels[g])
    return replace(
        division, centres=division.centres[order], labels=tuple(labels[g] for g in order)
    )


def _scale(fit: Fit, shaped: int) -> FloatArray:
    """The root mean square of the loadings on each axis, (K,): how much the axis matters."""
    squares = np.square(fit.statements.mean[:shaped, 1:]).sum(axis=0)
    scale: FloatArray = np.sqrt(squares / max(shaped, 1))
    return scale


def _shortfalls(
    material: Material | Table, eligible: int, options: Options
) -> tuple[Shortfall, ...]:
    """The minimums that are not met; with none of these a map is given."""
    people, asked = len(material.participants), len(material.statements)
    missing = []
    if people < options.min_participants:
        missing.append(Shortfall("participants", people, options.min_participants))
    if asked < options.min_statements:
        missing.append(Shortfall("statements", asked, options.min_statements))
    if material.eligible >= options.min_participants > eligible:
        missing.append(Shortfall("participants", eligible, options.min_participants))
    elif people >= options.min_participants > eligible:
        # What the last of the people who are needed has, the most active counted first.
        held = material if isinstance(material, Table) else material.ballots
        have = int(np.sort(np.diff(held.indptr))[::-1][options.min_participants - 1])
        missing.append(Shortfall("votes_per_participant", have, options.min_votes))
    return tuple(missing)


def _fit(votes: Voters, shaped: int, options: Options, seed: int) -> Fit:
    """Fit the statements, on a sample of people where there are very many, and place everyone.

    Only the first ``shaped`` statements are fitted; the others get the prior.
    """
    rows = None
    if votes.n_rows > options.fit_participants:
        rng = np.random.default_rng([seed, 0])
        rows = np.sort(rng.permutation(votes.n_rows)[: options.fit_participants])
    fit = with_silent(votes.fit(shaped, rows, options.dimensions, seed), votes.n_columns)
    return replace(
        fit, people=votes.locate(fit.statements.mean, fit.priors, crowd=rows is not None)
    )


def _place_everyone(votes: Voters, eligible: IntArray, fit: Fit) -> Gaussians:
    """Posteriors of all rows: the fitted ones, and the rest projected from their few votes."""
    size = fit.people.mean.shape[1]
    if len(eligible) == votes.n_rows:
        return fit.people
    mean, covariance = np.empty((votes.n_rows, size)), np.empty((votes.n_rows, size, size))
    rest = np.setdiff1d(np.arange(votes.n_rows), eligible)
    few = votes.only(rest).locate(fit.statements.mean, fit.priors)
    mean[eligible], covariance[eligible] = fit.people.mean, fit.people.covariance
    mean[rest], covariance[rest] = few.mean, few.covariance
    return Gaussians(mean, covariance)


def _by_size(fit: Fit, scale: FloatArray, centres: FloatArray) -> FloatArray:
    """Group A is the largest; of equal sizes the one further along the first axis."""
    spread = fit.people.covariance[:, 1:, 1:] * np.outer(scale, scale)
    chances = membership(fit.people.mean[:, 1:] * scale, spread, centres)
    sizes = np.bincount(chances.argmax(axis=1), minlength=len(centres))
    return centres[np.lexsort((-centres[:, 0], -sizes))]
