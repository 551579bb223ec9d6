"""The map of one tier: its participants' counts in the groups of the whole map.

Everything here is computed from published bands: shares, intervals, findings. So a tier's map
reveals no more than its bands, and subtracting it from the whole map reveals nothing: the whole is
the sum of the tiers' bands (see ``whole_map.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from middleground.disclosure.cells import Bands, Cells, sum_bands
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.robustness import PublishedRobustness
from middleground.disclosure.rounding import band_midpoint
from middleground.disclosure.shares import rate_from_bands
from middleground.disclosure.whole_map import Disclosure
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

_ROBUSTNESS = PublishedRobustness(0.0)


def disclose_tier(
    facts: MapFacts, tier: TierCounts, minimum: int, shown: Collection[int]
) -> Disclosed:
    """What may be shown of one tier, for the statements in ``shown`` only."""
    return TierDisclosure(Disclosure(facts, minimum, shown), tier).map()


@dataclass(frozen=True)
class TierDisclosure:
    """Computes what may be shown of one tier, as a part of the whole map."""

    whole: Disclosure
    tier: TierCounts

    def map(self) -> Disclosed:
        facts, tier = self.whole.facts, self.tier
        every_group = len(self._groups) == len(facts.groups)
        statements = [self._statement(key, cells) for key, cells in self._cells.items()]
        safe = replace(
            facts,
            groups=self._groups if tier.sizes else self._everyone(),
            unmet_minimums=(),
            statements=tuple(statements),
            middle_ground=_middle_ground(statements, earned=every_group or not tier.sizes),
            divisive=_divisive(statements) if tier.sizes else (),
            diagnostics=self._diagnostics(),
            integrity=Integrity(),
            weighting=None,
            tiers=(),
            people_per_mark=0,  # the marks are of everyone who counts
            marks=(),
        )
        return Disclosed(safe, self._cells, self._totals, self.whole.minimum)

    @cached_property
    def _cells(self) -> dict[int, Cells]:
        return {
            statement: {cell: bands for cell, bands in cells.items() if cell[1] == self.tier.name}
            for statement, cells in self.whole.cells_of_all_tiers.items()
        }

    @cached_property
    def _totals(self) -> dict[int, Bands]:
        return {statement: sum_bands(cells.values()) for statement, cells in self._cells.items()}

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        """Only groups that the whole map shows; others' participants count there as in no group."""
        groups, minimum = self.whole.facts.groups, self.whole.minimum
        return tuple(
            _group(group, size, minimum)
            for group, size in zip(groups, self.tier.sizes or (0,) * len(groups), strict=True)
            if size >= minimum and group.label in self.whole.labels
        )

    def _everyone(self) -> tuple[Group, ...]:
        minimum = self.whole.minimum
        return tuple(_group(g, self.tier.participants, minimum) for g in self.whole.facts.groups)

    def _statement(self, statement: int, cells: Cells) -> StatementFacts:
        groups = tuple(
            rate_from_bands(group.label, cells[group.label, self.tier.name])
            for group in self.whole.facts.groups
            if (group.label, self.tier.name) in cells
        )
        everyone = rate_from_bands("", self._totals[statement])
        return StatementFacts(statement, everyone, groups, 0.0, (), (0.0, 0.0))

    def _diagnostics(self) -> Diagnostics:
        participants = band_midpoint(self.tier.participants, self.whole.minimum)
        inside = sum(group.size for group in self._groups)
        return Diagnostics(
            participants=participants,
            eligible=min(participants, inside) if self._groups else participants,
            unsure=0,
            statements=len(self.tier.everyone),
            votes=0,  # withheld: its difference to all votes would be a count
            median_votes=0.0,
            stability=None,
            acquiescence=None,
        )


def _group(group: Group, size: int, minimum: int) -> Group:
    """The same region of the map with this tier's size, without the number certain."""
    (x, y), (xx, xy, yy) = group.centre, group.covariance
    covariance = (round(xx, 3), round(xy, 3), round(yy, 3))
    size = band_midpoint(size, minimum)
    return Group(group.label, size, 0, (round(x, 2), round(y, 2)), covariance, ())


def _rows(statements: Iterable[StatementFacts]) -> list[tuple[int, tuple[Rate, ...]]]:
    """Statements for which every group's share can be published."""
    rows = [(item.statement, item.groups or (item.everyone,)) for item in statements]
    return [(key, row) for key, row in rows if all(rate.tally.seen for rate in row)]


def _middle_ground(statements: list[StatementFacts], *, earned: bool) -> tuple[Finding, ...]:
    """Ranked by the group that agrees least. No label unless all groups are shown."""
    rows = _rows(statements)
    scores = {key: min(rate.low for rate in row) for key, row in rows}
    holding = {key: row for key, row in rows if earned and scores[key] > 0.5}
    robustness = dict(zip(holding, _ROBUSTNESS.middle_grounds(list(holding.values())), strict=True))
    return _ranked(
        Finding(
            key,
            scores[key],
            key in holding,
            round(scores[key] - 0.5, 2),
            row,
            robustness.get(key, Robustness()),
        )
        for key, row in rows
    )


def _divisive(statements: list[StatementFacts]) -> tuple[Finding, ...]:
    """Ranked by the distance between the groups."""
    found = []
    for key, row in _rows(statements):
        gap = round(max(rate.middle for rate in row) - min(rate.middle for rate in row), 2)
        most = max(rate.low for rate in row)
        opposed = [
            rate.high for rate in row if rate.tally.disagree > rate.tally.agree and rate.high < 0.5
        ]
        holds = most > 0.5 and bool(opposed)
        margin = round(min(most - 0.5, 0.5 - min(opposed)), 2) if holds else round(gap - 1.0, 2)
        robustness = _ROBUSTNESS.divisive(row) if holds else Robustness()
        found.append(Finding(key, gap, holds, margin, row, robustness))
    return _ranked(found)


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (-item.score, item.statement)))
