"""Findings as they may be told: ranked as the engine does, in figures that are published anyway."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from middleground.disclosure.robustness import Published
from middleground.engine.facts import Finding, Rate, Robustness

Score = Callable[[tuple[Rate, ...]], float]
Belied = Callable[[tuple[Rate, ...]], bool]
Strength = Callable[[Sequence[tuple[Rate, ...]]], list[Robustness]]


def told_middle_ground(
    findings: tuple[Finding, ...], rates: dict[int, tuple[Rate, ...]], published: Published
) -> tuple[Finding, ...]:
    """``rates``: the shares that are told, by statement."""
    return _findings(findings, rates, _weakest, _somebody_is_against, published.middle_grounds)


def told_divisive(
    findings: tuple[Finding, ...], rates: dict[int, tuple[Rate, ...]], published: Published
) -> tuple[Finding, ...]:
    return _findings(findings, rates, _gap, _nobody_is_opposed, published.divisives)


def is_told(rate: Rate) -> bool:
    """Whether a disclosed share says anything; ``_guarded`` spreads what it hides over 0 to 1."""
    return bool(rate.tally.seen) and not (rate.low <= 0 and rate.high >= 1)


def _findings(
    findings: tuple[Finding, ...],
    rates: dict[int, tuple[Rate, ...]],
    score: Score,
    belied: Belied,
    robustness: Strength,
) -> tuple[Finding, ...]:
    """In the engine's order; score, margin and what would overturn it anew, from what is shown.

    A label that the shares beside it belie is not shown: where numbers are small they are told so
    coarsely that they may. Why a label was lost is not told: it may rest on how the one most active
    participant voted.
    """
    told = [item for item in findings if any(r.tally.seen for r in rates.get(item.statement, ()))]
    told = [replace(item, holds=item.holds and not belied(rates[item.statement])) for item in told]
    held = [item.statement for item in told if item.holds]
    strong = dict(zip(held, robustness([rates[key] for key in held]), strict=True))
    shown = []
    for item in told:
        row = rates[item.statement]
        value, strength = score(row), strong.get(item.statement, Robustness())
        margin = round(value - 0.5, 2)
        shown.append(Finding(item.statement, value, item.holds, margin, row, strength))
    return tuple(shown)


def _weakest(row: tuple[Rate, ...]) -> float:
    return min(rate.low for rate in row if rate.tally.seen)


def _somebody_is_against(row: tuple[Rate, ...]) -> bool:
    """Belies that all groups agree."""
    return any(rate.rate <= 0.5 for rate in row if is_told(rate))


def _nobody_is_opposed(row: tuple[Rate, ...]) -> bool:
    """Belies that one group agrees and another does not."""
    shares = [rate.rate for rate in row if is_told(rate)]
    if len(shares) < len(row):
        return False
    return max(shares) <= 0.5 or min(shares) >= 0.5


def _gap(row: tuple[Rate, ...]) -> float:
    shares = [rate.rate for rate in row if rate.tally.seen]
    return round(max(shares) - min(shares), 2)
