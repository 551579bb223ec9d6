"""Leaves leave the waiting room in shuffled batches of many people.

The log's order would otherwise tell in which order people voted, and a person who votes at a known
moment could be found in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

LEAST_PEOPLE = 20

T = TypeVar("T")


def shuffled(
    items: Sequence[T], tag: Callable[[T], Hashable], pick: Callable[[int], int]
) -> list[T]:
    """The items in an order by chance (Fisher and Yates), except that equal tags keep theirs.

    A tag's later vote replaces its earlier one, by the log's order, so that order must survive. It
    tells nothing about other people. ``pick(n)`` gives a number from 0 to n − 1, each as likely:
    for a real log ``secrets.randbelow``.
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
        # Places ascend, and items come in the order in which they were cast.
        result[places[tag(item)].pop(0)] = item
    return result
