"""What may be published of "did this answer you?": bands, and all else from bands alone.

The kinds of people who are asked never overlap, so each has a band of its own, and everyone's are
the sum of these: nothing can be subtracted. Whether an answer failed is decided from the published
bands, too. So it tells nothing more, and anyone can recompute it (docs/decisions/0059).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from middleground.disclosure.cells import Bands, band_midpoints, bands_of_step, sum_bands
from middleground.disclosure.rounding import floor_to_step
from middleground.disclosure.shares import rate_from_bands
from middleground.engine.facts import Rate, Tally

RAISED, OTHERS = "raised", "others"
Counts = tuple[int, int, int]  # of yes, partly and no


@dataclass(frozen=True, slots=True)
class CheckShares:
    """Which share says that an answer answers them, and which that it does not.

    ``least``: so many people surely answered. With 0 there are too few to tell anything.
    """

    yes: Rate
    no: Rate
    least: int

    @property
    def is_told(self) -> bool:
        return self.least > 0


def published_counts(
    counts: Mapping[str, Counts], minimum: int, groups: Collection[str] = ()
) -> dict[str, list[int]]:
    """What is stored and published of exact counts: each rounded down to a step.

    Opinion groups are told apart only if something can be told of each of them.
    """
    if any(max(counts.get(group, (0, 0, 0))) < minimum for group in groups):
        together = [counts[kind] for kind in counts if kind != RAISED]
        yes, partly, no = (sum(of_kind[n] for of_kind in together) for n in range(3))
        raised = {RAISED: counts[RAISED]} if RAISED in counts else {}
        counts = {**raised, OTHERS: (yes, partly, no)}
    return {
        kind: [floor_to_step(count, minimum) for count in of_kind]
        for kind, of_kind in counts.items()
    }


def shares_of(published: Mapping[str, list[int]], minimum: int, *kinds: str) -> CheckShares:
    """The shares of these kinds of people together; of all without any."""
    chosen = [counts for kind, counts in published.items() if kind in kinds or not kinds]
    if not chosen:
        return CheckShares(_nothing(), _nothing(), 0)
    bands = sum_bands(_bands(counts, minimum) for counts in chosen)
    low, high = bands.low, bands.high
    turned = Bands(
        Tally(low.disagree, low.agree, low.passed), Tally(high.disagree, high.agree, high.passed)
    )
    return CheckShares(rate_from_bands("", bands), rate_from_bands("", turned), low.seen)


def has_failed(
    published: Mapping[str, list[int]], minimum: int, *, percent: int, least: int
) -> bool:
    """Whether more than ``percent`` of those who raised it, or of all, say no.

    Counted from the middle of each band, and only where at least ``least`` people surely answered.
    """
    found = [counts for kind, counts in published.items() if kind == RAISED]
    return _fails(found, minimum, percent, least) or _fails(
        list(published.values()), minimum, percent, least
    )


def _fails(chosen: list[list[int]], minimum: int, percent: int, least: int) -> bool:
    if not chosen:
        return False
    bands = sum_bands(_bands(counts, minimum) for counts in chosen)
    middle = band_midpoints(bands)
    return bands.low.seen >= least and 100 * middle.disagree > percent * middle.seen


def _bands(floors: list[int], minimum: int) -> Bands:
    yes, partly, no = floors
    return bands_of_step(Tally(yes, no, partly), minimum)


def _nothing() -> Rate:
    return Rate("", None, 0.0, 1.0, Tally(0, 0, 0))
