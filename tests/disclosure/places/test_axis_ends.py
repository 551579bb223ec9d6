"""Which statements are named at the ends of the axes, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from middleground.disclosure.places.axis_ends import axis_ends
from middleground.engine.facts import AxisEnd, Group, Rate, StatementFacts, Tally

A = Group("A", 60, 50, (-2.0, 0.0), (0.5, 0.0, 0.4), ())
B = Group("B", 40, 30, (2.0, 0.1), (0.5, 0.0, 0.4), ())
EVERYONE = Rate("", 0.5, 0.4, 0.6, Tally(50, 40, 10))


def pulling(statement: int, x: float, y: float) -> StatementFacts:
    return StatementFacts(statement, EVERYONE, (), 0.0, (), (x, y))


def rates(in_a: float, in_b: float, seen: int = 30) -> tuple[Rate, ...]:
    tally = Tally(seen, 0, 0)
    return tuple(
        Rate(label, r, max(0.01, r - 0.1), min(0.99, r + 0.1), tally)
        for label, r in (("A", in_a), ("B", in_b))
    )


LEFT, RIGHT = rates(0.9, 0.2), rates(0.2, 0.9)


def test_the_two_that_pull_most_at_each_end() -> None:
    statements = [
        pulling(1, -1.0, 0.2), pulling(2, -1.5, 0.0), pulling(3, -1.2, 0.0),
        pulling(4, 2.0, -0.5), pulling(5, 0.9, 0.0),
    ]  # fmt: skip
    told = {1: LEFT, 2: LEFT, 3: LEFT, 4: RIGHT, 5: RIGHT}
    assert axis_ends([A, B], statements, told) == (
        AxisEnd("left", (2, 3)),
        AxisEnd("right", (4,)),  # the second pulls less than half as much
    )


def test_what_the_published_shares_belie_is_left_out() -> None:
    statements = [pulling(1, -3.0, 0.0), pulling(2, -2.0, 0.0), pulling(3, -1.9, 0.0)]
    withheld = tuple(replace(rate, low=0.0, high=1.0) for rate in LEFT)
    told = {1: RIGHT, 2: withheld, 3: LEFT}
    assert axis_ends([A, B], statements, told) == (AxisEnd("left", (3,)),)
    assert axis_ends([A, B], statements, {}) == ()  # nothing is published of them


def test_the_upright_axis_is_explained_if_people_differ_along_it() -> None:
    """Along the level axis people differ by about 2.1, along the upright one by .63."""
    up, mixed = pulling(1, 0.4, 1.0), pulling(2, 1.0, 0.9)
    assert axis_ends([A, B], [up], {1: RIGHT}) == ()
    taller = [replace(g, covariance=(0.5, 0.0, 0.9)) for g in (A, B)]
    # A statement that pulls rather to the right than up stands for the right only.
    assert axis_ends(taller, [up, mixed], {1: LEFT, 2: RIGHT}) == (
        AxisEnd("right", (2,)), AxisEnd("up", (1,)),
    )  # fmt: skip


def test_groups_that_lie_at_one_height_tell_nothing_of_the_upright_axis() -> None:
    taller = [replace(g, covariance=(0.5, 0.0, 0.9)) for g in (A, B)]
    apart = [taller[0], replace(taller[1], centre=(2.0, 3.0))]
    statements = [pulling(1, 0.0, 1.0)]
    assert axis_ends(taller, statements, {1: LEFT}) == (AxisEnd("up", (1,)),)
    # Where B lies above A, B must agree more.
    assert axis_ends(apart, statements, {1: LEFT}) == ()
    assert axis_ends(apart, statements, {1: RIGHT}) == (AxisEnd("up", (1,)),)


def test_without_groups_the_engine_alone_speaks() -> None:
    (one,) = [Group("A", 90, 90, (0.0, 0.0), (1.0, 0.0, 0.05), ())]
    statements = [pulling(1, -1.0, 0.0), pulling(2, 0.0, 0.0)]
    assert axis_ends([one], statements, {}) == (AxisEnd("left", (1,)),)


@pytest.mark.parametrize("factor", [0.1, 7.0])
def test_how_strongly_statements_pull_is_not_told(factor: float) -> None:
    statements = [pulling(1, -1.0, 0.0), pulling(2, -0.7, 0.1), pulling(3, 0.5, 0.3)]
    told = {1: LEFT, 2: LEFT, 3: RIGHT}
    scaled = [
        replace(item, direction=(factor * item.direction[0], factor * item.direction[1]))
        for item in statements
    ]
    assert axis_ends([A, B], statements, told) == axis_ends([A, B], scaled, told)
