"""Bands that remain safe next to the exact total. Pure functions.

When a dialogue closes, the ledger publishes the exact total of each answer. If every population had
its own band, the total would break the bands: if two groups show “20 to 24” and “0 to 4” and the
total is 20, the counts are 20 and 0. So the participants in no group get only the remainder: the
total minus the other bands. If the other bands alone use up the total, the largest of them is
published one step lower and wider.

Both rules use published steps only. An attacker who knows the rules, the exact total and every band
still cannot tell 0, 1, 2, 3 and 4 apart in any group; a test tries all of them.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

Band = tuple[int, int]  # lower and upper bound
Label = TypeVar("Label", bound=Hashable)


def consistent_bands(
    total: int, groups: dict[Label, int], minimum: int
) -> tuple[dict[Label, Band], Band]:
    """The band of each group, and of the remainder of ``total`` that is in no group."""
    steps = {label: count // minimum for label, count in groups.items()}
    left = total // minimum - sum(steps.values())
    if left == 0 and any(steps.values()):
        steps[_largest(steps)] -= 1
        left = 1
    bands = {
        label: (step * minimum, (step + 1 + _may_be_lowered(steps, label, left)) * minimum - 1)
        for label, step in steps.items()
    }
    least = max(0, left * minimum - (minimum - 1) * len(steps))
    return bands, (least - least % minimum, (left + 1) * minimum - 1)


def may_publish_exact(agree: int, passed: int, disagree: int, minimum: int) -> bool:
    """Whether a statement's votes may be opened in the ledger, which gives the exact counts.

    Only if each answer was given by at least ``minimum`` participants. Then the withheld counts are
    exactly those that the open data give as fewer than ``minimum``, so withholding reveals nothing
    more.
    """
    return min(agree, passed, disagree) >= minimum


def _largest(steps: dict[Label, int]) -> Label:
    """The first of the labels with the most steps."""
    return max(steps, key=lambda label: steps[label])


def _may_be_lowered(steps: dict[Label, int], label: Label, left: int) -> bool:
    """Whether these steps may be those of a group that was published one step lower."""
    return left == 1 and _largest({**steps, label: steps[label] + 1}) == label
