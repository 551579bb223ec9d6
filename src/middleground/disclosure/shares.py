"""Shares that may be published: in whole per cent, and no more exact than their bands.

The engine's share is (A + m p) / (n + m), where A of n participants gave the answer, m is the
shrinkage and p is the model's guess, which readers do not know. So the model blurs the count A. If
it does not blur A enough, the share is computed from the bands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from middleground.disclosure.cells import Bands, band_midpoints, sum_bands
from middleground.engine.facts import Rate

_Z = 1.645  # the normal quantile of a 90 % interval

Answer = Literal["agree", "disagree"]
Share = tuple[float, float, float]  # the share and its 90 % interval

WITHHELD: Share = (0.5, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class ShareGuard:
    """Decides how exactly a share may be published. ``shrinkage`` is the model's weight, m."""

    minimum: int
    shrinkage: float

    def rate(self, rate: Rate, parts: Sequence[Bands]) -> Rate:
        """The share that may be published. ``parts``: the bands of the cells it covers."""
        bands = sum_bands(parts)
        tally = band_midpoints(bands)
        if not tally.seen or self.needs_bands(rate, parts):
            return rate_from_bands(rate.group, bands)
        share, low, high = self._clamped((rate.rate, rate.low, rate.high), bands, "agree")
        return Rate(rate.group, share, low, high, tally)

    def needs_bands(self, rate: Rate, parts: Sequence[Bands]) -> bool:
        """Whether the model blurs the share too little, so that it would reveal a count."""
        return self.shrinkage < self.minimum or self.reveals_small_count(rate.rate, parts, "agree")

    def reveals_small_count(self, share: float, parts: Sequence[Bands], answer: Answer) -> bool:
        """Whether a share of several cells would rule out a possible count of a small cell.

        The bands show that A lies from L to H, and give a band for each other cell. So the small
        cell may have any count from 0 to minimum - 1 as long as the share allows A up to L +
        minimum - 1 and down to H - (minimum - 1).
        """
        if len(parts) < 2 or all(getattr(part.low, answer) for part in parts):
            return False
        bands = sum_bands(parts)
        weighted = share * ((bands.low.seen + bands.high.seen) / 2 + self.shrinkage)
        least = getattr(bands.low, answer) + self.minimum - 1
        most = getattr(bands.high, answer) - (self.minimum - 1) + self.shrinkage
        return not least <= weighted <= most

    def share(self, share: float, parts: Sequence[Bands], answer: Answer) -> float | None:
        """The share that gives one answer, without an interval; None if it is withheld."""
        told, *ends = self._clamped((share, share, share), sum_bands(parts), answer)
        return None if ends == [0.0, 1.0] else told

    def _clamped(self, told: Share, bands: Bands, answer: Answer) -> Share:
        """Make all shares that fewer than ``minimum`` participants may have given look the same.

        At e = (minimum - 1) / (n + m) and above, A may be anything from 0 to minimum - 1. Below e
        it may not, so e is published instead, with an interval that reveals no more.
        """
        share, low, high = told
        count, seen = getattr(bands.low, answer), bands.low.seen
        edge = (self.minimum - 1) / (seen + self.shrinkage)
        if edge >= 0.5:
            return WITHHELD
        if share < edge:
            return whole_percent(edge), 0.0, whole_percent(min(1.0, 2 * edge))
        if share > 1 - edge:
            return whole_percent(1 - edge), whole_percent(max(0.0, 1 - 2 * edge)), 1.0
        # Above m / (n + m), even p = 1 implies A > 0, which a withheld count must not reveal.
        reach = int(100 * self.shrinkage / (bands.high.seen + self.shrinkage) - 0.5) / 100
        if (not count and share > reach) or (count == seen and share < 1 - reach):
            return WITHHELD
        return whole_percent(share), whole_percent(low), whole_percent(high)


def rate_from_bands(group: str, bands: Bands) -> Rate:
    """A share computed from published bands alone, at their midpoints.

    Its interval covers the intervals of all counts within the bands, so that its coverage is at
    least the nominal one.
    """
    tally, low, high = band_midpoints(bands), bands.low, bands.high
    if not tally.seen:
        return Rate(group, 0.0, 0.0, 1.0, tally)
    least, _ = _wilson(low.agree, low.agree + high.disagree + high.passed)
    _, most = _wilson(high.agree, high.agree + low.disagree + low.passed)
    share = whole_percent(tally.agree / tally.seen)
    return Rate(group, share, whole_percent(least), whole_percent(most), tally)


def share_from_bands(parts: Sequence[Bands], answer: Answer) -> float | None:
    """The share of one answer, from the bands' midpoints; None if it is withheld."""
    tally = band_midpoints(sum_bands(parts))
    return whole_percent(getattr(tally, answer) / tally.seen) if tally.seen else None


def whole_percent(share: float) -> float:
    """Round a share from 0 to 1 to whole per cent; halves go up, as on the page."""
    return int(min(1.0, max(0.0, share)) * 100 + 0.5) / 100


def _wilson(count: int, n: int) -> tuple[float, float]:
    """The Wilson interval of ``count`` in ``n`` (Wilson, JASA 22, 1927)."""
    share = count / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return centre - reach, centre + reach
