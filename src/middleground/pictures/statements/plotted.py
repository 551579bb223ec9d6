"""Which statements have a mark in the picture of statements, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from middleground.engine.facts import Finding, MapFacts, Rate, StatementFacts
from middleground.pictures.labels import Words, share_withheld

# So many findings of each kind have a number in the picture, and so many statements a mark.
NUMBERED, MOST_MARKS = 5, 300

Kind = Literal["middle_ground", "divisive", ""]
_Axes = tuple[Rate, Rate | None]


@dataclass(frozen=True, slots=True)
class Plotted:
    """A statement with the rates that place it: ``across``, and ``upward`` if there are groups.

    ``rank`` is its place among the findings of its kind; zero if it has no number in the picture.
    """

    facts: StatementFacts
    across: Rate
    upward: Rate | None
    kind: Kind
    rank: int

    @property
    def rates(self) -> tuple[Rate, ...]:
        return (self.across,) if self.upward is None else (self.across, self.upward)


def plotted(facts: MapFacts, minimum: int, words: Words) -> list[Plotted]:
    """The statements that have a mark: findings first, then those with the surest shares.

    A statement has none if the share of one of the groups may not be told.
    """
    kinds, needed = _kinds(facts), max(1, len(facts.groups)) if facts.status == "groups" else 1
    found = []
    for item in facts.statements:
        rates = item.groups if facts.status == "groups" else (item.everyone,)
        told = [rate for rate in rates if not share_withheld(rate, words, minimum)]
        if len(told) == needed:
            kind, rank = kinds.get(item.statement, ("", 0))
            found.append(Plotted(item, *_axes(told), kind, rank if rank <= NUMBERED else 0))
    found.sort(key=lambda each: (not each.rank, not each.kind, _width(each), each.facts.statement))
    return found[:MOST_MARKS]


def has_ranges(marks: Sequence[Plotted]) -> bool:
    """Whether some mark stands in the middle of a range, because no share is told."""
    return any(rate.rate is None for each in marks for rate in each.rates)


def _kinds(facts: MapFacts) -> dict[int, tuple[Kind, int]]:
    """Each finding's kind and rank. What is both, as small numbers allow, counts as shared."""
    kinds: list[tuple[Kind, Sequence[Finding]]] = [("middle_ground", facts.middle_ground)]
    if facts.status == "groups":
        kinds.append(("divisive", facts.divisive))
    ranks: dict[int, tuple[Kind, int]] = {}
    for kind, findings in kinds:
        holding = (item.statement for item in findings if item.holds)
        for rank, statement in enumerate(holding, start=1):
            ranks.setdefault(statement, (kind, rank))
    return ranks


def _axes(rates: Sequence[Rate]) -> _Axes:
    """Two groups are an axis each; of more, the most willing and the least willing one."""
    if len(rates) == 1:
        return rates[0], None
    if len(rates) == 2:
        return rates[0], rates[1]
    ordered = sorted(rates, key=lambda rate: rate.middle)
    return ordered[-1], ordered[0]


def _width(each: Plotted) -> float:
    return max(rate.high - rate.low for rate in each.rates)
