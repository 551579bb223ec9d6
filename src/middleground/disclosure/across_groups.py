"""What people of every opinion group surely say, from published steps only. Pure functions.

Used to order things by what groups agree about instead of by how many people like them: the larger
group cannot carry anything to the top, since the least of the groups decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from middleground.disclosure.cells import bands_of_step
from middleground.disclosure.shares import rate_from_bands
from middleground.engine.facts import Tally


def least_share(groups: Sequence[Tally], minimum: int) -> float:
    """The share that surely agrees in the group where it is least, in whole per cent.

    Of each group, the lower end of the interval that its counts allow if they are told in steps of
    ``minimum``; it changes only where a count passes a step. It is 0 if fewer than ``minimum`` of
    any group agree, or no more steps than disagree: else a large group that turns everything else
    down would carry up what few of the others like.
    """
    if len(groups) < 2:
        return 0.0
    return min(_surely(*(count // minimum for count in _counts(each)), minimum) for each in groups)


def _counts(tally: Tally) -> tuple[int, int]:
    return tally.agree, tally.disagree


@lru_cache(maxsize=10_000)
def _surely(agree: int, disagree: int, minimum: int) -> float:
    tally = Tally(agree * minimum, disagree * minimum, 0)
    if agree <= disagree:
        return 0.0
    return rate_from_bands("", bands_of_step(tally, minimum)).low
