"""Marks for the picture of people: each stands for some members of a group who voted most alike.

This is microaggregation (Domingo-Ferrer and Mateo-Sanz, IEEE TKDE 14, 2002): no mark is of fewer
people than ``people``, and together the marks show how the group really lies, its edges included.
A group of n is cut into n // people cells, again and again across the side on which it is longer,
so that a cell has from ``people`` to 2 people - 1 members.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from middleground.engine.arrays.rounding import rounded
from middleground.engine.facts import Mark
from middleground.engine.votes import FloatArray, IntArray

MOST_MARKS = 100
# Whole millionths: sums of whole numbers do not depend on the order of the people.
PER_UNIT = 1_000_000


def marks_of(
    points: FloatArray, belongs: IntArray, labels: Sequence[str], min_group: int
) -> tuple[int, tuple[Mark, ...]]:
    """How many people a mark stands for at least, and the marks.

    points (n, 2) : positions in the map's plane. belongs (n,) : the index of each one's label, or
    -1. The result depends on neither the order of the people nor the sign of an axis.
    """
    whole = np.rint(points * PER_UNIT).astype(np.int64)
    sizes = [int(np.count_nonzero(belongs == g)) for g in range(len(labels))]
    people = people_per_mark(sizes, min_group)
    marks = []
    for g, label in enumerate(labels):
        members = whole[belongs == g]
        for x, y in _from_the_centre(members, people):
            marks.append(Mark(label, rounded(x / PER_UNIT), rounded(y / PER_UNIT)))
    return people, tuple(marks)


def people_per_mark(sizes: Sequence[int], min_group: int) -> int:
    """The least multiple of ``min_group`` with which there are at most a hundred marks.

    It follows from the groups' sizes in steps of ``min_group``, which are published anyway.
    """
    steps = sum(size // min_group for size in sizes)
    return min_group * max(1, -(-steps // MOST_MARKS))


def _from_the_centre(members: IntArray, people: int) -> list[tuple[float, float]]:
    """The means of a group's cells, the one nearest to the group's own mean first."""
    if len(members) < people:
        return []
    means = [mean_of(cell) for cell in cells_of(members, len(members) // people)]
    x, y = mean_of(members)
    return sorted(means, key=lambda at: ((at[0] - x) ** 2 + (at[1] - y) ** 2, at))


def mean_of(cell: IntArray) -> tuple[float, float]:
    x, y = cell.sum(axis=0).tolist()
    return x / len(cell), y / len(cell)


def cells_of(members: IntArray, count: int) -> list[IntArray]:
    """``members`` (n, 2) in ``count`` cells whose sizes differ as little as possible."""
    if count <= 1:
        return [members]
    wide, high = np.ptp(members, axis=0).tolist()
    along = 1 if high > wide else 0
    # From the side with the longer tail, so that a mirrored map has mirrored cells.
    signs = np.array([_tail(members[:, axis]) for axis in (along, 1 - along)])
    first, second = members[:, along] * signs[0], members[:, 1 - along] * signs[1]
    ordered = members[np.lexsort((second, first))]
    fewer = count // 2
    cut = len(members) * fewer // count
    return cells_of(ordered[:cut], fewer) + cells_of(ordered[cut:], count - fewer)


def _tail(values: IntArray) -> int:
    """1 if the mean is at or above the median, else -1: the sign of the skewness."""
    doubled = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]].sum()
    return 1 if 2 * int(values.sum()) >= int(doubled) * len(values) else -1
