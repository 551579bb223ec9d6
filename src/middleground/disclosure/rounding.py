"""Numbers of people as they may be published: in steps of the minimum, as bands or as "about"."""

from __future__ import annotations

from collections.abc import Iterable

VOTE_STEPS = 10  # votes are counted in steps of ten times the minimum


def floor_to_step(count: int, step: int) -> int:
    """The count, down to a multiple of ``step``: two page loads don't reveal one person."""
    return count - count % step


def band_midpoint(count: int, minimum: int) -> int:
    """The middle of the band that the count lies in."""
    return floor_to_step(count, minimum) + (minimum - 1) // 2


def sum_of_bands(counts: Iterable[int], minimum: int) -> int:
    """One number for the sum of several bands: their floors, and half of a single band's width.

    In steps it is no more than the sum that the bands guarantee.
    """
    return sum(floor_to_step(count, minimum) for count in counts) + (minimum - 1) // 2


def about(count: int) -> int:
    """A number to be published with "about": two leading digits at most, the second 0 or 5."""
    step = 1
    while count >= 10 * step:
        step *= 10
    half = max(step // 2, 1)
    return max(half * round(count / half), 1)
