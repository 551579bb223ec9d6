"""Findings as they may be published: in the engine's order, from published figures only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from middleground.disclosure.robustness import PublishedRobustness
from middleground.engine.facts import Finding, Rate, Robustness

Row = tuple[Rate, ...]  # the shares of one statement
# How far the bound lies that is passed with 90%, of the way to the end of the 90% interval, which
# is passed with 95%: the quotient of the normal distribution's quantiles.
_ONE_SIDED = 1.2816 / 1.6449


def disclosed_middle_ground(
    findings: tuple[Finding, ...],
    rates: dict[int, Row],
    published: PublishedRobustness,
    minimum: int,
) -> tuple[Finding, ...]:
    """``rates``: the published shares, by statement."""
    contradicted = partial(_some_group_not_majority, by_bands=published.shrinkage < minimum)
    return _disclosed(findings, rates, _weakest, contradicted, published.middle_grounds)


def disclosed_divisive(
    findings: tuple[Finding, ...], rates: dict[int, Row], published: PublishedRobustness
) -> tuple[Finding, ...]:
    return _disclosed(findings, rates, _gap, _no_groups_opposed, published.divisives)


def is_disclosed(rate: Rate) -> bool:
    """Whether a published share says anything; a withheld one has the interval 0 to 1."""
    return bool(rate.tally.seen) and not (rate.low <= 0 and rate.high >= 1)


def _disclosed(
    findings: tuple[Finding, ...],
    rates: dict[int, Row],
    score: Callable[[Row], float],
    contradicted: Callable[[Row], bool],
    robustness: Callable[[Sequence[Row]], list[Robustness]],
) -> tuple[Finding, ...]:
    """Score, margin and robustness of findings, recomputed from the published shares.

    A label that the published shares contradict is dropped; this can happen because shares of small
    numbers are coarse. Why a label was lost is not published, because it may depend on how the
    single most active participant voted.
    """
    known = [item for item in findings if any(r.tally.seen for r in rates.get(item.statement, ()))]
    known = [
        replace(item, holds=item.holds and not contradicted(rates[item.statement]))
        for item in known
    ]
    holding = [item.statement for item in known if item.holds]
    strength = dict(zip(holding, robustness([rates[key] for key in holding]), strict=True))
    shown = []
    for item in known:
        row = rates[item.statement]
        value, overturned = score(row), strength.get(item.statement, Robustness())
        margin = round(value - 0.5, 2)
        shown.append(Finding(item.statement, value, item.holds, margin, row, overturned))
    return tuple(shown)


def _weakest(row: Row) -> float:
    return min(rate.low for rate in row if rate.tally.seen)


def _some_group_not_majority(row: Row, *, by_bands: bool) -> bool:
    """This contradicts that all groups agree. ``by_bands``: the bands alone tell the shares."""
    told = [rate for rate in row if is_disclosed(rate)]
    return any(most_told(rate) <= 0.5 or _is_unsure_of_everyone(rate, by_bands) for rate in told)


def _is_unsure_of_everyone(rate: Rate, by_bands: bool) -> bool:
    """Whether what is told beside a finding without groups is not surely above one half.

    Such a finding is judged by those who voted enough, each copy once, and the share is everyone's.
    It takes both, so that no page says "certain" beside a share that is not.
    """
    if rate.group:
        return False
    if rate.rate is not None:
        return rate.rate - _ONE_SIDED * (rate.rate - rate.low) <= 0.5
    # Of a range of the bands every part may be true. Of a bound that hides the model's share, that
    # share lies between the middle of the range and its open end (``shares.py``).
    return rate.low < 0.5 if by_bands else rate.middle <= 0.5


def _no_groups_opposed(row: Row) -> bool:
    """This contradicts that one group agrees and another does not."""
    if not all(is_disclosed(rate) for rate in row):
        return False
    return max(map(most_told, row)) <= 0.5 or min(map(least_told, row)) >= 0.5


def least_told(rate: Rate) -> float:
    """The share, or the least that it may be if it is not told."""
    return rate.low if rate.rate is None else rate.rate


def most_told(rate: Rate) -> float:
    """The share, or the most that it may be if it is not told."""
    return rate.high if rate.rate is None else rate.rate


def _gap(row: Row) -> float:
    shares = [rate.middle for rate in row if rate.tally.seen]
    return round(max(shares) - min(shares), 2)
