"""Shares that may be published: in whole per cent, and no more exact than their bands.

The engine's share is (A + m p) / (n + m), where A of n participants gave the answer, m is the
shrinkage and p is the model's guess, which readers do not know. So the model blurs the count A.
Where it does not blur A enough, no share is published but only an interval: a bound on one side if
the share lies near nobody or everybody, else what the bands alone say. An end of such an interval
is never published as if it were the share (docs/decisions/0050).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from middleground.disclosure.cells import Bands, band_midpoints, sum_bands
from middleground.engine.facts import Rate

_Z = 1.645  # the normal quantile of a 90 % interval
# The bands tell a share if all counts within them give the same share but for so much.
_CLOSE = 0.04


@dataclass(frozen=True, slots=True)
class ShareGuard:
    """Decides how exactly a share may be published. ``shrinkage`` is the model's weight, m."""

    minimum: int
    shrinkage: float

    def rate(self, rate: Rate, parts: Sequence[Bands]) -> Rate:
        """The share that may be published. ``parts``: the bands of the cells it covers."""
        bands, share = sum_bands(parts), rate.middle
        if (
            not bands.low.seen
            or self.shrinkage < self.minimum
            or self.reveals_small_count(share, parts)
        ):
            return rate_from_bands(rate.group, bands)
        tally, agree, seen = band_midpoints(bands), bands.low.agree, bands.low.seen
        # At the edge and above, A may be anything from 0 to minimum - 1. Below it may not, so all
        # shares that fewer than ``minimum`` participants may have given are published alike.
        edge = (self.minimum - 1) / (seen + self.shrinkage)
        if share < edge:
            return Rate(rate.group, None, 0.0, _rounded_up(2 * edge), tally)
        if share > 1 - edge:
            return Rate(rate.group, None, _rounded_down(1 - 2 * edge), 1.0, tally)
        # Above m / (n + m), even p = 1 implies A > 0, which a withheld count must not reveal.
        reach = int(100 * self.shrinkage / (bands.high.seen + self.shrinkage) - 0.5) / 100
        if (not agree and share > reach) or (agree == seen and share < 1 - reach):
            return Rate(rate.group, None, 0.0, 1.0, tally)
        low, high = _rounded_down(rate.low), _rounded_up(rate.high)
        return Rate(rate.group, whole_percent(share), low, high, tally)

    def reveals_small_count(self, share: float, parts: Sequence[Bands]) -> bool:
        """Whether a share of several cells would rule out a possible count of a small cell.

        The bands show that A lies from L to H, and give a band for each other cell. So the small
        cell may have any count from 0 to minimum - 1 as long as the share allows A up to L +
        minimum - 1 and down to H - (minimum - 1).
        """
        if len(parts) < 2 or all(part.low.agree for part in parts):
            return False
        bands = sum_bands(parts)
        weighted = share * ((bands.low.seen + bands.high.seen) / 2 + self.shrinkage)
        least = bands.low.agree + self.minimum - 1
        most = bands.high.agree - (self.minimum - 1) + self.shrinkage
        return not least <= weighted <= most


def rate_from_bands(group: str, bands: Bands) -> Rate:
    """What published bands alone say of a share.

    The interval covers the intervals of all counts within the bands, so that its coverage is at
    least the nominal one. The share is told only if the bands leave hardly any doubt about it.
    """
    tally, low, high = band_midpoints(bands), bands.low, bands.high
    if not tally.seen:
        return Rate(group, None, 0.0, 1.0, tally)
    fewest = low.agree, low.agree + high.disagree + high.passed
    most = high.agree, high.agree + low.disagree + low.passed
    close = most[0] / most[1] - fewest[0] / fewest[1] <= _CLOSE
    return Rate(
        group,
        whole_percent(tally.agree / tally.seen) if close else None,
        _rounded_down(_wilson(*fewest)[0]),
        _rounded_up(_wilson(*most)[1]),
        tally,
    )


def whole_percent(share: float) -> float:
    """Round a share from 0 to 1 to whole per cent; halves go up, as on the page."""
    return int(min(1.0, max(0.0, share)) * 100 + 0.5) / 100


def _rounded_down(share: float) -> float:
    return max(0, floor(share * 100 + 1e-9)) / 100


def _rounded_up(share: float) -> float:
    return min(100, ceil(share * 100 - 1e-9)) / 100


def _wilson(count: int, n: int) -> tuple[float, float]:
    """The Wilson interval of ``count`` in ``n`` (Wilson, JASA 22, 1927)."""
    share = count / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return centre - reach, centre + reach
