"""Numbers of participants as published: in steps of the minimum, as bands or as "about"."""

from __future__ import annotations

from collections.abc import Iterable

VOTE_STEPS = 10  # votes are counted in steps of ten times the minimum


def floor_to_step(count: int, step: int) -> int:
    """Round down to a multiple of ``step``: two page loads must not reveal one participant."""
    return count - count % step


def band_midpoint(count: int, minimum: int) -> int:
    """The midpoint of the band that contains the count."""
    return floor_to_step(count, minimum) + (minimum - 1) // 2


def sum_of_bands(counts: Iterable[int], minimum: int) -> int:
    """One number for the sum of several bands: their floors plus half of a single band's width.

    Rounded down to a step, it never exceeds the sum that the bands guarantee.
    """
    return sum(floor_to_step(count, minimum) for count in counts) + (minimum - 1) // 2


def about(count: int) -> int:
    """A number to publish with "about": at most two significant digits, the second 0 or 5."""
    step = 1
    while count >= 10 * step:
        step *= 10
    half = max(step // 2, 1)
    return max(half * round(count / half), 1)
