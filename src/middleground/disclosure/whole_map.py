"""Statistical disclosure control: protects small numbers in a map. Pure functions.

Three rules prevent working out a small number by subtraction:

1. A count is published as a band: 0 to 4, 5 to 9, 10 to 14 … for a minimum of 5.
2. Only counts of populations that do not overlap are published: each opinion group, and a total,
   from which those in no group get only the remainder (``bands.py``). So even the exact total that
   the ledger publishes when a dialogue closes reveals no small number.
   If there are several tiers, each is counted separately, group by group; a group's count is the
   sum of its tiers' bands, so no tier can be subtracted from a whole.
3. A share is published in whole per cent, and only as a range where it would say more than the
   bands of the counts behind it (``shares.py``).

docs/method.md (“Minimums”) explains the rules to readers; the tests run an attack against them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from middleground.disclosure.cells import (
    Bands,
    Cells,
    band_midpoints,
    bands_of,
    bands_of_step,
    cells_of,
    counted_tiers,
    sum_bands,
)
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.findings import (
    disclosed_divisive,
    disclosed_middle_ground,
    is_disclosed,
)
from middleground.disclosure.places.axis_ends import axis_ends
from middleground.disclosure.places.marks import disclosed_marks
from middleground.disclosure.robustness import PublishedRobustness
from middleground.disclosure.rounding import (
    VOTE_STEPS,
    band_midpoint,
    floor_to_step,
    sum_of_bands,
)
from middleground.disclosure.shares import ShareGuard, rate_from_bands, whole_percent
from middleground.engine.facts import (
    Diagnostics,
    Group,
    Integrity,
    MapFacts,
    Representative,
    StatementFacts,
    TierCounts,
    UnmetMinimum,
)


def disclose(facts: MapFacts, minimum: int, shown: Collection[int]) -> Disclosed:
    """Facts and counts that may be shown, for the statements in ``shown`` only."""
    return Disclosure(facts, minimum, shown).whole_map()


@dataclass(frozen=True)
class Disclosure:
    """A map to be disclosed: its exact facts, the host's minimum, the statements shown."""

    facts: MapFacts
    minimum: int
    shown: Collection[int]

    def whole_map(self) -> Disclosed:
        rates = {key: item.groups or (item.everyone,) for key, item in self._statements.items()}
        groups = tuple(self._group(place) for place in self._shown_groups)
        robustness = PublishedRobustness(self._shares.shrinkage)
        marks = disclosed_marks(self.facts, groups, self.minimum)
        shown = [item for item in self.facts.statements if item.statement in self.shown]
        safe = replace(
            self.facts,
            unmet_minimums=tuple(self._unmet(item) for item in self.facts.unmet_minimums),
            groups=groups,
            statements=tuple(self._statements.values()),
            middle_ground=disclosed_middle_ground(
                self.facts.middle_ground, rates, robustness, self.minimum
            ),
            divisive=disclosed_divisive(self.facts.divisive, rates, robustness),
            diagnostics=self._diagnostics(groups),
            integrity=self._integrity(),
            weighting=None,  # it counts participants exactly
            tiers=(),
            people_per_mark=self.facts.people_per_mark if marks else 0,
            marks=marks,
            axis_ends=axis_ends(groups, shown, rates) if groups else (),
        )
        parts = len(self._counted_tiers) or 1
        return Disclosed(safe, self._cells, self._totals, self.minimum, parts)

    @cached_property
    def labels(self) -> frozenset[str]:
        """The groups with enough participants to be shown."""
        groups = self.facts.groups
        return frozenset(group.label for group in groups if group.size >= self.minimum)

    @cached_property
    def cells_of_all_tiers(self) -> dict[int, Cells]:
        """The cells of the shown statements, including tiers that do not count."""
        return {
            item.statement: cells_of(item, place, self.facts, self.labels, self.minimum)
            for place, item in enumerate(self.facts.statements)
            if item.statement in self.shown
        }

    @cached_property
    def _counted_tiers(self) -> list[TierCounts]:
        return counted_tiers(self.facts)

    @cached_property
    def _cells(self) -> dict[int, Cells]:
        """The cells of the tiers that count."""
        names = {tier.name for tier in self._counted_tiers} or {""}
        return {
            statement: {cell: bands for cell, bands in cells.items() if cell[1] in names}
            for statement, cells in self.cells_of_all_tiers.items()
        }

    @cached_property
    def _totals(self) -> dict[int, Bands]:
        """The bands of everyone, by statement."""
        return {
            item.statement: self._bands_of_everyone(item)
            for item in self.facts.statements
            if item.statement in self.shown
        }

    @cached_property
    def _shares(self) -> ShareGuard:
        return ShareGuard(self.minimum, float(self.facts.options.get("shrinkage", 0.0)))

    @cached_property
    def _statements(self) -> dict[int, StatementFacts]:
        shown = (item for item in self.facts.statements if item.statement in self.shown)
        return {item.statement: self._statement(item) for item in shown}

    @property
    def _shown_groups(self) -> list[int]:
        groups = self.facts.groups
        return [place for place, group in enumerate(groups) if group.label in self.labels]

    def _statement(self, item: StatementFacts) -> StatementFacts:
        cells = self._cells[item.statement]
        groups = tuple(
            self._shares.rate(rate, parts)
            for rate in item.groups
            if sum_bands(parts := bands_of([rate.group], cells)).high.seen
        )
        bands = self._totals[item.statement]
        if item.groups or self.facts.status == "too_little":
            everyone = rate_from_bands("", bands)
        else:
            everyone = self._shares.rate(item.everyone, [bands])
        # Intercept and loading come from the model; with them a share would reveal its count.
        return StatementFacts(item.statement, everyone, groups, 0.0, (), (0.0, 0.0))

    def _bands_of_everyone(self, item: StatementFacts) -> Bands:
        """The total's own band if everyone counts, else the sum of the bands of counted tiers."""
        if len(self._counted_tiers) < len(self.facts.tiers):
            return sum_bands(self._cells[item.statement].values())
        return bands_of_step(item.everyone.tally, self.minimum)

    def _group(self, place: int) -> Group:
        """A group with its size in bands and the representative statements that may be shown."""
        group = self.facts.groups[place]
        tiers = [tier for tier in self._counted_tiers if tier.sizes]
        size = sum_of_bands([tier.sizes[place] for tier in tiers] or [group.size], self.minimum)
        found = (
            self._representative(item, group.label)
            for item in group.representative
            if item.statement in self._cells
        )
        (x, y), (xx, xy, yy) = group.centre, group.covariance
        return Group(
            label=group.label,
            size=size,
            certain=min(size, band_midpoint(group.certain, self.minimum)),
            centre=(round(x, 2), round(y, 2)),
            covariance=(round(xx, 3), round(xy, 3), round(yy, 3)),
            representative=tuple(item for item in found if item is not None),
        )

    def _representative(self, item: Representative, label: str) -> Representative | None:
        """None if the published figures do not bear it out. It never has shares of its own.

        The statement's rates tell how the groups answered. A second figure of the same, which would
        have to be protected as well, would only differ from them.
        """
        cells = self._cells[item.statement]
        others = {group.label for group in self.facts.groups} - {label}
        tallies = [band_midpoints(sum_bands(bands_of(g, cells))) for g in ([label], others)]
        rates = {rate.group: rate for rate in self._statements[item.statement].groups}
        if label not in rates or not is_disclosed(rates[label]):
            return None
        if not all(tally.seen for tally in tallies):
            return None
        own, rest = (
            (tally.agree if item.direction == "agree" else tally.disagree) / tally.seen
            for tally in tallies
        )
        if own <= rest:
            return None
        sureness = min(0.99, whole_percent(item.probability))
        return Representative(item.statement, item.direction, None, None, sureness)

    def _unmet(self, item: UnmetMinimum) -> UnmetMinimum:
        if item.code != "participants":
            return item
        return replace(item, have=floor_to_step(item.have, self.minimum))

    def _diagnostics(self, groups: tuple[Group, ...]) -> Diagnostics:
        """Sums over groups and tiers come from their bands, so that differences reveal no more."""
        given = self.facts.diagnostics
        by_tier = [tier.participants for tier in self._counted_tiers] or [given.participants]
        participants = sum_of_bands(by_tier, self.minimum)
        eligible = min(participants, sum(group.size for group in groups))
        return Diagnostics(
            participants=participants,
            eligible=eligible if groups else floor_to_step(given.eligible, self.minimum),
            unsure=sum(group.size - group.certain for group in groups),
            statements=given.statements,
            votes=floor_to_step(given.votes, VOTE_STEPS * self.minimum),
            median_votes=float(int(given.median_votes)),
            stability=_rounded(given.stability, 2),
            acquiescence=_rounded(given.acquiescence, 2),
            calibration=_rounded(given.calibration, 2),
            drift=_rounded(given.drift, 1),
        )

    def _integrity(self) -> Integrity:
        """What was set aside, in steps.

        What near-duplicates have in common is withheld: their votes are one ballot, so it would
        reveal how each of them voted.
        """
        given = self.facts.integrity
        return Integrity(
            looked_up=floor_to_step(given.looked_up, VOTE_STEPS * self.minimum),
            near_duplicates=floor_to_step(given.near_duplicates, self.minimum),
        )


def _rounded(figure: float | None, places: int) -> float | None:
    return None if figure is None else round(figure, places)
