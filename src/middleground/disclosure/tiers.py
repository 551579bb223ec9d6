"""The map of one tier: its people's counts in the groups of the whole map.

Everything here follows from the bands that are published anyway: shares, intervals, findings. So
the map of a tier tells nothing that its bands do not, and with the whole map beside it there is
nothing to subtract: the whole is the sum of the tiers' bands (see ``disclosure/whole_map.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from middleground.disclosure.cells import Cells, cells_of, joined
from middleground.disclosure.robustness import Published
from middleground.disclosure.whole_map import Disclosed, middle, rate_of
from middleground.engine.facts import (
    Diagnostics,
    Finding,
    Group,
    Integrity,
    MapFacts,
    Rate,
    Robustness,
    StatementFacts,
    TierCounts,
)

_STRENGTH = Published(0.0)


def disclose_tier(
    facts: MapFacts, tier: TierCounts, minimum: int, shown: Collection[int]
) -> Disclosed:
    """What may be shown of one tier, of the statements in ``shown`` only."""
    names = [group.label for group in facts.groups]
    sizes = dict(zip(names, tier.sizes, strict=False))
    # As on the whole map, so that people in no group that is shown there are in none here either.
    labels = {group.label for group in facts.groups if group.size >= minimum}
    cells: dict[int, Cells] = {}
    statements = []
    for place, item in enumerate(facts.statements):
        if item.statement in shown:
            every = cells_of(item, place, facts, labels, minimum)
            mine = {cell: bands for cell, bands in every.items() if cell[1] == tier.name}
            cells[item.statement] = mine
            statements.append(_statement(item.statement, names, mine, tier.name))
    groups = tuple(
        _group(group, sizes[group.label], minimum)
        for group in facts.groups
        if sizes.get(group.label, 0) >= minimum and group.label in labels
    )
    whole = tier.sizes and len(groups) == len(names)
    safe = replace(
        facts,
        groups=groups if tier.sizes else _everyone(facts, tier, minimum),
        unmet_minimums=(),
        statements=tuple(statements),
        middle_ground=_middle_ground(statements, told=bool(whole or not tier.sizes)),
        divisive=_divisive(statements) if tier.sizes else (),
        diagnostics=_diagnostics(tier, groups, minimum),
        integrity=Integrity(),
        weighting=None,
        tiers=(),
    )
    return Disclosed(safe, cells)


def _statement(statement: int, names: list[str], cells: Cells, tier: str) -> StatementFacts:
    groups = tuple(rate_of(name, cells[name, tier]) for name in names if (name, tier) in cells)
    everyone = rate_of("", joined(cells.values()))
    return StatementFacts(statement, everyone, groups, 0.0, (), (0.0, 0.0))


def _group(group: Group, size: int, minimum: int) -> Group:
    """The same region of the map, with this tier's people in it. Nobody's certainty is told."""
    size = middle(size, minimum)
    (x, y), (xx, xy, yy) = group.centre, group.covariance
    centre = (round(x, 2), round(y, 2))
    return Group(group.label, size, 0, centre, (round(xx, 3), round(xy, 3), round(yy, 3)), ())


def _everyone(facts: MapFacts, tier: TierCounts, minimum: int) -> tuple[Group, ...]:
    return tuple(_group(group, tier.people, minimum) for group in facts.groups)


def _rows(statements: list[StatementFacts]) -> list[tuple[int, tuple[Rate, ...]]]:
    """Statements of which every group's share can be told."""
    rows = [(item.statement, item.groups or (item.everyone,)) for item in statements]
    return [(key, row) for key, row in rows if row and all(rate.tally.seen for rate in row)]


def _middle_ground(statements: list[StatementFacts], *, told: bool) -> tuple[Finding, ...]:
    """Ranked by the least willing group. Without one of the groups no label is given."""
    found = []
    for key, row in _rows(statements):
        score = min(rate.low for rate in row)
        holds = told and score > 0.5
        strength = _STRENGTH.middle_ground(row) if holds else Robustness()
        found.append(Finding(key, score, holds, round(score - 0.5, 2), row, strength))
    return tuple(sorted(found, key=lambda item: (-item.score, item.statement)))


def _divisive(statements: list[StatementFacts]) -> tuple[Finding, ...]:
    """Ranked by how far the groups are apart."""
    found = []
    for key, row in _rows(statements):
        gap = round(max(rate.rate for rate in row) - min(rate.rate for rate in row), 2)
        most = max(rate.low for rate in row)
        against = [
            rate.high for rate in row if rate.tally.disagree > rate.tally.agree and rate.high < 0.5
        ]
        holds = most > 0.5 and bool(against)
        margin = round(min(most - 0.5, 0.5 - min(against)), 2) if holds else round(gap - 1.0, 2)
        strength = _STRENGTH.divisive(row) if holds else Robustness()
        found.append(Finding(key, gap, holds, margin, row, strength))
    return tuple(sorted(found, key=lambda item: (-item.score, item.statement)))


def _diagnostics(tier: TierCounts, groups: tuple[Group, ...], minimum: int) -> Diagnostics:
    people = middle(tier.people, minimum)
    return Diagnostics(
        participants=people,
        eligible=min(people, sum(group.size for group in groups)) if groups else people,
        unsure=0,
        statements=len(tier.everyone),
        votes=0,  # not told: beside all votes together it would be a difference
        median_votes=0.0,
        stability=None,
        acquiescence=None,
    )
