"""Shuffling: waiting leaves are published in shuffled batches of many participants' votes.

Otherwise the log would reveal the order of voting, and a participant who votes at a known moment
could be found in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

LEAST_PARTICIPANTS = 20

T = TypeVar("T")


def shuffled(
    items: Sequence[T], tag: Callable[[T], Hashable], pick: Callable[[int], int]
) -> list[T]:
    """Shuffle the items (Fisher and Yates), but keep the order of items with equal tags.

    In the log's order, a tag's later vote replaces its earlier one, so that order must survive. It
    reveals nothing about other participants. ``pick(n)`` returns a uniform random number from 0 to
    n − 1; a real log uses ``secrets.randbelow``.
    """
    order = list(range(len(items)))
    for last in range(len(order) - 1, 0, -1):
        other = pick(last + 1)
        order[last], order[other] = order[other], order[last]
    places: dict[Hashable, list[int]] = {}
    for place, number in enumerate(order):
        places.setdefault(tag(items[number]), []).append(place)
    result = list(items)
    for item in items:
        # Places ascend, and items are in the order in which they were cast.
        result[places[tag(item)].pop(0)] = item
    return result
