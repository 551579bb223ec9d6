"""Marks as published: how many, how coarse, and what somebody learns who owns all others of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from disclosure.made_facts import Counts, made_facts
from engine.shapes import camps, crowd, three_camps
from middleground.disclosure.places.marks import PLACES_ACROSS, disclosed_marks, lattice_step
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import disclose
from middleground.engine import Votes, analyse
from middleground.engine.facts import Group, MapFacts, Mark, Tally, TierCounts
from middleground.engine.groups.marks import PER_UNIT, cells_of, mean_of

MINIMUM = 5
ALIKE: dict[str, Counts] = {"A": (60, 5, 2), "B": (40, 9, 3)}  # 67 and 52 people
EXACT = tuple(Mark("A", 0.01 * k, 0.013 * k) for k in range(13)) + tuple(
    Mark("B", 2 + 0.017 * k, 0.5) for k in range(10)
)


def with_marks(people: int = 5) -> MapFacts:
    return replace(made_facts({1: ALIKE}), people_per_mark=people, marks=EXACT)


def test_places_are_rounded_to_the_lattice() -> None:
    shown = disclose(with_marks(), MINIMUM, {1}).facts
    # From -2 sqrt(.5) to 2 + 2 sqrt(.5): 4.83; a 24th is .2012, rounded up to two digits .21.
    assert lattice_step(shown.groups) == pytest.approx(0.21)
    assert [(m.group, m.x, m.y) for m in shown.marks] == [
        *[("A", 0.0, 0.0)] * 9,
        *[("A", 0.0, 0.21)] * 2,
        *[("A", 0.21, 0.21)] * 2,
        *[("B", 2.1, 0.42)] * 10,
    ]
    assert shown.people_per_mark == 5


def test_the_number_of_marks_follows_from_the_published_size() -> None:
    """67 people are published as 65 to 69, and 52 as 50 to 54."""
    shown = disclose(with_marks(), MINIMUM, {1}).facts.marks
    assert [sum(m.group == label for m in shown) for label in "AB"] == [13, 10]
    # In steps of 12, 67 are at least 60, and 52 at least 48: 4 and 3 marks of at least 15.
    shown = disclose(with_marks(15), 12, {1}).facts.marks
    assert [sum(m.group == label for m in shown) for label in "AB"] == [4, 3]
    assert {(m.x, m.y) for m in shown if m.group == "A"} == {(0.0, 0.0)}  # the outermost are gone


def test_no_mark_stands_for_fewer_people_than_the_minimum() -> None:
    for minimum, expected in ((5, True), (6, False), (40, False)):
        shown = disclose(with_marks(5), minimum, {1}).facts
        assert bool(shown.marks) == expected
        assert shown.people_per_mark == (5 if expected else 0)


def test_several_tiers_show_fewer_marks_and_a_tier_shows_none() -> None:
    facts = with_marks()
    tally = Tally(0, 0, 0)
    tiers = tuple(
        TierCounts(name, sum(sizes), True, sizes, (tally,), ((tally, tally),))
        for name, sizes in (("open", (34, 4)), ("invited", (33, 48)))
    )
    several = replace(facts, tiers=tiers)
    shown = disclose(several, MINIMUM, {1}).facts
    # At least 30 and 30 of A, 0 and 45 of B.
    assert [sum(m.group == label for m in shown.marks) for label in "AB"] == [12, 9]
    of_one = disclose_tier(several, tiers[0], MINIMUM, {1}).facts
    assert (of_one.people_per_mark, of_one.marks, of_one.axis_ends) == (0, (), ())


def test_all_people_at_one_place() -> None:
    still = Group("A", 9, 9, (1.0, 1.0), (0.0, 0.0, 0.0), ())
    assert lattice_step([still]) == 1.0
    facts = replace(with_marks(), marks=(Mark("A", 1.0, 1.0),))
    assert disclosed_marks(facts, [still], 5) == (Mark("A", 1.0, 1.0),)


def cells_of_exactly_five(votes: Votes) -> list[tuple[float, float, float, float]]:
    """For each person in a cell of five: their place, and the sum of those of the other four."""
    found = analyse(votes)
    ids = found.participants
    places, belongs = found.positions(ids), found.membership(ids).argmax(axis=1)
    cells = []
    for g in range(len(found.groups)):
        whole = np.rint(places[belongs == g] * PER_UNIT).astype(np.int64)
        cells += [c for c in cells_of(whole, len(whole) // 5) if len(c) == 5]
    return [
        (*(cell[k] / PER_UNIT), *((cell.sum(axis=0) - cell[k]) / PER_UNIT))
        for cell in cells
        for k in range(5)
    ]


@pytest.mark.parametrize("shape", [camps, crowd, three_camps])
def test_who_owns_all_others_of_a_mark_learns_the_last_place_to_a_fifth_of_the_map(
    shape: type[Votes],
) -> None:
    groups = disclose(analyse(shape()).facts, MINIMUM, frozenset(range(99))).facts.groups
    step = lattice_step(groups)
    width = step * PLACES_ACROSS
    targets = cells_of_exactly_five(shape())
    assert len(targets) > 40
    off = []
    for x, y, others_x, others_y in targets:
        for place, others in ((x, others_x), (y, others_y)):
            told = round((place + others) / 5 / step) * step
            low, high = (5 * (told + side * step / 2) - others for side in (-1, 1))
            assert low - 1e-9 <= place <= high + 1e-9  # all that follows, and no more
            assert high - low >= width / 5
            off.append(abs((low + high) / 2 - place) / width)
    assert np.mean(off) > 0.04  # the best guess is off by a twentieth of the map, up to a tenth
    assert np.max(off) > 0.09


@pytest.mark.parametrize("shape", [camps, crowd])
def test_exact_means_would_tell_the_last_place(shape: type[Votes]) -> None:
    """The control: without the lattice the attacker has the place to the last digit."""
    for x, y, others_x, others_y in cells_of_exactly_five(shape()):
        assert 5 * ((x + others_x) / 5) - others_x == pytest.approx(x, abs=1e-5)
        assert 5 * ((y + others_y) / 5) - others_y == pytest.approx(y, abs=1e-5)


def test_the_cells_of_the_attack_are_the_marks_of_the_map() -> None:
    found = analyse(camps())
    ids = found.participants
    places, belongs = found.positions(ids), found.membership(ids).argmax(axis=1)
    whole = np.rint(places[belongs == 0] * PER_UNIT).astype(np.int64)
    means = {mean_of(cell) for cell in cells_of(whole, len(whole) // found.facts.people_per_mark)}
    told = {(m.x, m.y) for m in found.facts.marks if m.group == found.groups[0].label}
    assert {(round(x / PER_UNIT, 6), round(y / PER_UNIT, 6)) for x, y in means} == told
