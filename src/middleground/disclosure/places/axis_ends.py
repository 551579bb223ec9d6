"""Which statements span the map: what people agree with who lie nearer to an end of an axis.

The statements' loadings stay unpublished, for with them a share would reveal its count. Told is
only which statements come first, and only where the groups' published shares do not contradict it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import Literal

from middleground.disclosure.findings import is_disclosed
from middleground.engine.facts import AxisEnd, Group, Rate, StatementFacts

MOST = 2  # statements an end
_ENDS: tuple[tuple[Literal["left", "right", "down", "up"], int, int], ...] = (
    ("left", 0, -1),
    ("right", 0, 1),
    ("down", 1, -1),
    ("up", 1, 1),
)
# An upright axis is explained if people differ along it by at least a third of the level one.
_LEAST_SPREAD = 1 / 3
# The second statement pulls at least so many times as much as the first.
_LEAST_PULL = 0.5


def axis_ends(
    groups: Sequence[Group],
    statements: Collection[StatementFacts],
    rates: Mapping[int, tuple[Rate, ...]],
) -> tuple[AxisEnd, ...]:
    """The statements at each end, the one that pulls most first.

    ``statements`` have the engine's directions, ``rates`` the shares that are published of them. A
    statement belongs to the axis along which its agreement rises more.
    """
    spread = [_spread(groups, axis) for axis in (0, 1)]
    axes = [0, 1] if spread[1] >= _LEAST_SPREAD * spread[0] else [0]
    found = []
    for end, axis, sign in _ENDS:
        if axis not in axes:
            continue
        pulls = {
            item.statement: sign * item.direction[axis]
            for item in statements
            if sign * item.direction[axis] > abs(item.direction[1 - axis])
            and _is_borne_out(groups, rates.get(item.statement, ()), axis, sign)
        }
        ranked = sorted(pulls, key=lambda statement: (-pulls[statement], statement))[:MOST]
        kept = tuple(key for key in ranked if pulls[key] >= _LEAST_PULL * pulls[ranked[0]])
        if kept:
            found.append(AxisEnd(end, kept))
    return tuple(found)


def _spread(groups: Sequence[Group], axis: int) -> float:
    """The standard deviation of all people along an axis."""
    size = sum(group.size for group in groups)
    if not size:
        return 0.0
    middle = sum(group.size * group.centre[axis] for group in groups) / size
    squares = (g.size * (g.covariance[2 * axis] + (g.centre[axis] - middle) ** 2) for g in groups)
    return sqrt(sum(squares) / size)


def _is_borne_out(groups: Sequence[Group], rates: Sequence[Rate], axis: int, sign: int) -> bool:
    """Whether the group furthest towards the end agrees more than the one furthest from it.

    Groups tell nothing of an axis along which their centres are no further apart than their people.
    """
    if len(groups) < 2:
        return True
    in_order = sorted(groups, key=lambda group: sign * group.centre[axis])
    last, first = in_order[0], in_order[-1]
    within = sum(g.size * g.covariance[2 * axis] for g in groups) / sum(g.size for g in groups)
    if (first.centre[axis] - last.centre[axis]) ** 2 <= within:
        return True
    told = {rate.group: rate for rate in rates if is_disclosed(rate)}
    if first.label not in told or last.label not in told:
        return False
    return told[first.label].middle > told[last.label].middle
