"""The engine finds in the examples what the demo's text says."""

from __future__ import annotations

from middleground.demo import LIBRARY, LOS_ANGELES, simulate
from middleground.engine import analyse


def test_los_angeles_shows_two_groups_and_what_they_share() -> None:
    facts = analyse(simulate(LOS_ANGELES, 300).votes).facts
    sides = [one.side for one in LOS_ANGELES.statements]
    assert facts.status == "groups"
    assert [group.label for group in facts.groups] == ["A", "B"]
    shared = [sides[one.statement] for one in facts.middle_ground if one.holds]
    assert set(shared) == {"between"}
    assert len(shared) >= 8
    opposed = [sides[one.statement] for one in facts.divisive if one.holds]
    assert set(opposed) == {"closer", "separate"}
    assert len(opposed) >= 20


def test_the_library_shows_no_distinct_groups() -> None:
    facts = analyse(simulate(LIBRARY).votes).facts
    assert facts.status == "one_group"
    assert [one for one in facts.divisive if one.holds] == []
    assert len([one for one in facts.middle_ground if one.holds]) >= 8
