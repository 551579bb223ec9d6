"""A map after disclosure control."""

from __future__ import annotations

from dataclasses import dataclass, field

from middleground.disclosure.bands import Band
from middleground.disclosure.cells import Bands, Cells, bands_of, sum_bands
from middleground.disclosure.rounding import floor_to_step
from middleground.engine.facts import MapFacts, StatementFacts


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be published of a map.

    ``facts`` hold nothing that may not be shown, so all pictures and pages may use them: a tally
    holds the midpoint of each band, or zero if the figure is withheld. ``cells`` has the bands, by
    statement, then by population and tier ("" if there is only one); ``totals`` has those of
    everyone, by statement. ``minimum`` is the smallest number shown, ``parts`` the number of tiers
    that are summed.
    """

    facts: MapFacts
    cells: dict[int, Cells]
    totals: dict[int, Bands]
    minimum: int
    parts: int = 1
    _statements: dict[int, StatementFacts] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {item.statement: item for item in self.facts.statements}
        object.__setattr__(self, "_statements", by_key)

    def facts_of(self, statement: int) -> StatementFacts | None:
        return self._statements.get(statement)

    def cells_of(self, statement: int) -> Cells:
        """The bands by population and tier; empty if nobody voted."""
        return self.cells.get(statement, {})

    def bands(self, statement: int) -> dict[str, Bands]:
        """The bands by population, summed over tiers; empty if nobody voted."""
        cells = self.cells_of(statement)
        populations = dict.fromkeys(population for population, _ in cells)
        return {name: sum_bands(bands_of([name], cells)) for name in populations}

    def band(self, count: int) -> Band:
        """The band, one step wide, that contains a count."""
        floor = floor_to_step(count, self.minimum)
        return floor, floor + self.minimum - 1

    def sizes(self) -> dict[str, Band]:
        """The band of each group's size: the sum of one step for each tier."""
        width = self.parts * (self.minimum - 1)
        floors = {g.label: floor_to_step(g.size, self.minimum) for g in self.facts.groups}
        return {label: (floor, floor + width) for label, floor in floors.items()}
