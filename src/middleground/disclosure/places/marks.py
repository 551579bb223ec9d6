"""The marks of the picture of people, on a coarse lattice.

A mark is the mean place of at least the minimum of people. Exact means would still tell the place
of the last one to somebody who owns the accounts of all others in a cell, and whose own pins show
where these lie. So places are rounded to a 24th of the map's width: of a mark of five that leaves
the last one a fifth of the width and of the height, of a mark of ten two fifths.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10, sqrt

from middleground.disclosure.rounding import floor_to_step
from middleground.engine.facts import Group, MapFacts, Mark

PLACES_ACROSS = 24
# The reach of a group on either side of its centre, in standard deviations.
_REACH = 2.0


def disclosed_marks(facts: MapFacts, groups: Sequence[Group], minimum: int) -> tuple[Mark, ...]:
    """The marks of the published ``groups``; none if a mark is of fewer people than the minimum.

    How many there are, and how coarse their places, follows from what is published of the groups.
    If that guarantees fewer people than there are, the marks furthest from the centre are left out.
    """
    people = facts.people_per_mark
    if not facts.marks or people < minimum:
        return ()
    step = lattice_step(groups)
    shown: list[Mark] = []
    for group in groups:
        count = floor_to_step(group.size, minimum) // people
        own = [mark for mark in facts.marks if mark.group == group.label][:count]
        on_lattice = ((_rounded(mark.x, step), _rounded(mark.y, step)) for mark in own)
        # In an order that does not tell which of them was nearest to the centre.
        shown += [Mark(group.label, x, y) for x, y in sorted(on_lattice)]
    return tuple(shown)


def lattice_step(groups: Sequence[Group]) -> float:
    """A 24th of the larger side of the map, rounded up to two digits."""
    sides = [_side(groups, axis) for axis in (0, 1)]
    step = max(sides) / PLACES_ACROSS
    if step < 1e-6:  # all people at one place
        return 1.0
    digit: float = 10.0 ** (floor(log10(step)) - 1)
    return ceil(step / digit - 1e-9) * digit


def _side(groups: Sequence[Group], axis: int) -> float:
    reach = {g.label: _REACH * sqrt(max(0.0, g.covariance[2 * axis])) for g in groups}
    return max(g.centre[axis] + reach[g.label] for g in groups) - min(
        g.centre[axis] - reach[g.label] for g in groups
    )


def _rounded(value: float, step: float) -> float:
    return round(floor(value / step + 0.5) * step, 6) + 0.0
