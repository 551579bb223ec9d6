"""Bands that stay bands beside the exact total. Pure functions.

When a dialogue closes, the ledger publishes how many people in all gave each answer, to the last
one. If every population had a band of its own, the total would crack them: where two groups show
“20 to 24” and “0 to 4” of 20 people, it is 20 and nobody. So the people in no group get only what
the other bands leave of the total. Where the other bands alone use the total up, the largest of
them is published one step lower and wider.

Both rules read nothing but steps that are published. Whoever knows the rule, the exact total and
every band still cannot tell 0, 1, 2, 3 and 4 apart in any group; a test tries all of them.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

Band = tuple[int, int]  # the least and the most that it may be
Label = TypeVar("Label", bound=Hashable)


def consistent_bands(
    total: int, groups: dict[Label, int], minimum: int
) -> tuple[dict[Label, Band], Band]:
    """The band of each group, and of those in none. ``groups`` are parts of ``total``."""
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
    """Whether a statement's votes may be opened in the ledger, which tells the exact counts.

    Only if each answer was given by ``minimum`` people. Then exactly the counts that the open data
    give as fewer than ``minimum`` are withheld, and withholding them tells nothing more.
    """
    return min(agree, passed, disagree) >= minimum


def _largest(steps: dict[Label, int]) -> Label:
    """The first of those with the most."""
    return max(steps, key=lambda label: steps[label])


def _may_be_lowered(steps: dict[Label, int], label: Label, left: int) -> bool:
    """Whether these steps may be those of a group that was published one step lower."""
    return left == 1 and _largest({**steps, label: steps[label] + 1}) == label
