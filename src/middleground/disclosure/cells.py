"""Bands of one statement by population and tier: cells that never overlap. Pure functions.

One rule (``bands.py``) gives the cells of all tiers that count, because the ledger opens their
exact total. The first such tier's participants in no group get the remainder that the other cells
leave of it. Of tiers that do not count no total is published, so each of their cells has a band of
its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from middleground.disclosure.bands import consistent_bands
from middleground.disclosure.rounding import floor_to_step
from middleground.engine.facts import MapFacts, StatementFacts, Tally, TierCounts

NO_GROUP = "none"  # participants in no group that is shown
EVERYONE = "all"  # used if there are no distinct groups

Cell = tuple[str, str]  # population and tier; the tier is "" if there is only one


@dataclass(frozen=True, slots=True)
class Bands:
    """The lower and upper bound of each answer's count."""

    low: Tally
    high: Tally


Cells = dict[Cell, Bands]


def sum_tallies(tallies: Iterable[Tally]) -> Tally:
    agree = disagree = passed = 0
    for tally in tallies:
        agree += tally.agree
        disagree += tally.disagree
        passed += tally.passed
    return Tally(agree, disagree, passed)


def sum_bands(bands: Iterable[Bands]) -> Bands:
    """The sum of the bands of several cells."""
    parts = list(bands)
    if len(parts) == 1:
        return parts[0]
    return Bands(sum_tallies(part.low for part in parts), sum_tallies(part.high for part in parts))


def bands_of_step(tally: Tally, minimum: int) -> Bands:
    """Bands, each one step wide, that contain these counts."""
    counts = (tally.agree, tally.disagree, tally.passed)
    floors = [floor_to_step(count, minimum) for count in counts]
    return Bands(Tally(*floors), Tally(*(floor + minimum - 1 for floor in floors)))


def band_midpoints(bands: Bands) -> Tally:
    """The midpoints of the bands; zeros if no answer reaches the minimum."""
    low, high = bands.low, bands.high
    if not low.seen:
        return Tally(0, 0, 0)
    return Tally(
        (low.agree + high.agree) // 2,
        (low.disagree + high.disagree) // 2,
        (low.passed + high.passed) // 2,
    )


def bands_of(populations: Collection[str], cells: Cells) -> list[Bands]:
    """The bands of these populations' cells in all tiers."""
    return [bands for (name, _), bands in cells.items() if name in populations]


def cells_of(
    item: StatementFacts, place: int, facts: MapFacts, labels: Collection[str], minimum: int
) -> Cells:
    """The cells of all tiers, for the statement at index ``place``; ``labels``: groups shown."""
    exact, uncounted = _exact(item, place, facts, labels)
    apart = {cell: bands_of_step(tally, minimum) for cell, tally in uncounted.items()}
    if not exact:
        return apart
    rest = next(cell for cell in exact if cell[0] in {NO_GROUP, EVERYONE})
    agree, disagree, passed = (
        _ends(name, exact, rest, minimum) for name in ("agree", "disagree", "passed")
    )
    return {
        cell: Bands(
            Tally(agree[cell][0], disagree[cell][0], passed[cell][0]),
            Tally(agree[cell][1], disagree[cell][1], passed[cell][1]),
        )
        for cell in exact
    } | apart


def counted_tiers(facts: MapFacts) -> list[TierCounts]:
    return [tier for tier in facts.tiers if tier.counted]


def _ends(
    answer: str, exact: dict[Cell, Tally], rest: Cell, minimum: int
) -> dict[Cell, tuple[int, int]]:
    counts = {cell: int(getattr(tally, answer)) for cell, tally in exact.items()}
    others = {cell: count for cell, count in counts.items() if cell != rest}
    bands, left = consistent_bands(sum(counts.values()), others, minimum)
    return {**bands, rest: left}


def _exact(
    item: StatementFacts, place: int, facts: MapFacts, labels: Collection[str]
) -> tuple[dict[Cell, Tally], dict[Cell, Tally]]:
    """The exact counts of tiers that count, and of tiers that do not."""
    names = [rate.group for rate in item.groups]
    if not facts.tiers:
        row = tuple(rate.tally for rate in item.groups)
        return _of_tier("", dict(zip(names, row, strict=True)), item.everyone.tally, labels), {}
    counted: dict[Cell, Tally] = {}
    uncounted: dict[Cell, Tally] = {}
    for tier in facts.tiers:
        groups = dict(zip(names, tier.groups[place], strict=True)) if tier.groups else {}
        cells = counted if tier.counted else uncounted
        cells |= _of_tier(tier.name, groups, tier.everyone[place], labels)
    return counted, uncounted


def _of_tier(
    tier: str, groups: dict[str, Tally], everyone: Tally, labels: Collection[str]
) -> dict[Cell, Tally]:
    """The counts of each shown group, and of the participants in none."""
    if not groups:
        return {(EVERYONE, tier): everyone}
    shown = {(name, tier): tally for name, tally in groups.items() if name in labels}
    inside = sum_tallies(shown.values())
    outside = Tally(
        max(0, everyone.agree - inside.agree),
        max(0, everyone.disagree - inside.disagree),
        max(0, everyone.passed - inside.passed),
    )
    return {**shown, (NO_GROUP, tier): outside}
