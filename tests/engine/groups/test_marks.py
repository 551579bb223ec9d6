"""Marks: how many people each stands for, and what they do not depend on."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.shapes import camps, crowd, three_camps
from middleground.engine import MapFacts, Options, Votes, analyse
from middleground.engine.facts import Mark
from middleground.engine.groups.marks import MOST_MARKS, cells_of, marks_of, people_per_mark
from middleground.engine.votes import FloatArray, IntArray


@st.composite
def members(draw: st.DrawFn) -> IntArray:
    """People in a band, on few or on many places, in millionths."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count, wide, high = draw(st.integers(2, 400)), draw(st.integers(1, 4_000_000)), 9
    return rng.integers((-wide, -high), (wide, high), size=(count, 2))


def marks_at(points: FloatArray, least: int = 5) -> tuple[Mark, ...]:
    return marks_of(points, np.zeros(len(points), dtype=np.int64), ["A"], least)[1]


# The first draw in a process looks through its modules for constants, however little is drawn.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(found=members(), people=st.integers(2, 40))
def test_each_mark_stands_for_so_many_people_or_less_than_twice_as_many(
    found: IntArray, people: int
) -> None:
    count = len(found) // people
    if not count:
        return
    cells = cells_of(found, count)
    assert len(cells) == count
    assert min(map(len, cells)) >= people
    assert max(map(len, cells)) < 2 * people
    together = np.concatenate(cells)
    assert sorted(map(tuple, together.tolist())) == sorted(map(tuple, found.tolist()))


@given(found=members(), seed=st.integers(0, 2**32))
def test_the_order_of_people_changes_no_digit(found: IntArray, seed: int) -> None:
    points = found / 7e5
    mixed = np.random.default_rng(seed).permutation(points)
    assert marks_at(points) == marks_at(mixed)


@given(found=members())
def test_a_last_digit_of_another_processor_changes_nothing(found: IntArray) -> None:
    points = found / 1e6
    assert marks_at(points) == marks_at(points + 1e-12)


def test_by_hand() -> None:
    """Twelve people on a line: two cells of six; the nearer to the mean comes first."""
    points = np.array([(float(x), 0.0) for x in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 41]])
    assert marks_at(points) == (Mark("A", 2.5, 0.0), Mark("A", 13.5, 0.0))
    # The mean of all is 8. Across the side on which they are longer, here upwards.
    assert marks_at(points[:, ::-1]) == (Mark("A", 0.0, 2.5), Mark("A", 0.0, 13.5))


def test_a_mirrored_map_has_mirrored_marks() -> None:
    points = np.random.default_rng(8).gamma(2.0, size=(173, 2))
    there, back = marks_at(points), marks_at(-points)
    assert len(there) == 34
    assert [(mark.x, mark.y) for mark in back] == [(-mark.x, -mark.y) for mark in there]


def test_there_are_at_most_a_hundred_marks() -> None:
    for sizes in ([4, 9, 500], [499, 4], [504], [505], [123_456, 7], [3, 4]):
        for least in (2, 5, 20):
            people = people_per_mark(sizes, least)
            assert people % least == 0
            assert sum(size // people for size in sizes) <= MOST_MARKS
            if people > least:  # a smaller number would give more
                steps = sum(size // least for size in sizes)
                assert steps > MOST_MARKS * (people // least - 1)
    assert [people_per_mark([n], 5) for n in (499, 504, 505, 1218)] == [5, 5, 10, 15]


@pytest.mark.parametrize("shape", [camps, crowd, three_camps])
@pytest.mark.parametrize("parity", [False, True])
def test_the_marks_of_a_map(shape: type[Votes], parity: bool) -> None:
    votes = shape()
    found = analyse(votes, Options(parity=parity))
    facts = found.facts
    assert facts.people_per_mark >= 5
    for group in facts.groups:
        mine = [mark for mark in facts.marks if mark.group == group.label]
        assert len(mine) == group.size // facts.people_per_mark
    assert len(facts.marks) == sum(g.size // facts.people_per_mark for g in facts.groups)
    # A mark has as many people as any other, but for one: their mean is nearly the group's.
    for group in facts.groups:
        own = [(mark.x, mark.y) for mark in facts.marks if mark.group == group.label]
        away = np.abs(np.mean(own, axis=0) - group.centre)
        assert (away < 0.12 * np.sqrt(np.array(group.covariance)[[0, 2]]) + 1e-6).all()


def test_a_map_with_too_little_has_no_marks() -> None:
    votes = camps()
    few = votes.participant < 9
    given_by_few = Votes(votes.participant[few], votes.statement[few], votes.value[few])
    for parity in (False, True):
        facts = analyse(given_by_few, Options(parity=parity)).facts
        assert (facts.status, facts.people_per_mark, facts.marks) == ("too_little", 0, ())


def test_a_map_that_was_stored_without_marks_is_read() -> None:
    plain: dict[str, Any] = json.loads(analyse(camps()).to_json())
    assert plain["marks"]
    for name in ("marks", "people_per_mark", "axis_ends"):
        del plain[name]
    facts = MapFacts.from_json(json.dumps(plain))
    assert (facts.people_per_mark, facts.marks, facts.axis_ends) == (0, (), ())
