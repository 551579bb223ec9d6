"""Exact figures of the whole map where a finer figure would reveal more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosure.made_facts import Counts, made_facts
from middleground.disclosure.cells import bands_of_step
from middleground.disclosure.shares import rate_from_bands
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import MapFacts, Rate, Representative, Robustness, Tally

MINIMUM = 5
ALIKE: dict[str, Counts] = {"A": (60, 5, 2), "B": (40, 9, 3)}


def shown(facts: MapFacts) -> MapFacts:
    return disclose(facts, MINIMUM, {1}).facts


def test_the_place_of_a_group_is_rounded() -> None:
    """From an exact centre and all other positions one participant's position would follow."""
    facts = made_facts({1: ALIKE})
    exact = replace(
        facts.groups[0], centre=(1.234567, -0.987654), covariance=(0.512345, -0.098765, 0.45)
    )
    group, _ = shown(replace(facts, groups=(exact, facts.groups[1]))).groups
    assert group.centre == (1.23, -0.99)
    assert group.covariance == (0.512, -0.099, 0.45)


@pytest.mark.parametrize(("size", "eligible"), [(10, 22), (14, 24)])
def test_the_groups_never_exceed_the_participants(size: int, eligible: int) -> None:
    """Two groups of 10 to 14 have midpoints that sum to 24; 20 participants have midpoint 22."""
    known = shown(made_facts({1: {"A": (size, 0, 0), "B": (0, size, 0)}})).diagnostics
    assert known.eligible == eligible
    assert known.eligible <= known.participants


def test_the_share_of_everyone_is_computed_from_bands() -> None:
    facts = made_facts({1: ALIKE}, outside=(3, 3, 3), error=0.1)
    (item,), (given,) = shown(facts).statements, facts.statements
    assert item.everyone == rate_from_bands("", bands_of_step(given.everyone.tally, MINIMUM))


def test_without_a_model_the_share_is_computed_from_bands() -> None:
    """The options give the model a weight, but no model has been fitted yet."""
    facts = made_facts({1: ALIKE})
    tally = Tally(9, 21, 4)
    item = replace(facts.statements[0], groups=(), everyone=Rate("", 9 / 34, 0.1, 0.4, tally))
    few = replace(
        facts, status="too_little", groups=(), statements=(item,), middle_ground=(), divisive=()
    )
    (told,) = shown(few).statements
    assert told.everyone == rate_from_bands("", bands_of_step(tally, MINIMUM))
    # 5 to 9 of 25 to 37 participants: too wide a range to tell a share.
    assert (told.everyone.rate, told.everyone.low, told.everyone.high) == (None, 0.07, 0.47)


def test_a_withheld_group_has_no_representative_statement() -> None:
    facts = made_facts({1: {"A": (20, 9, 9), "B": (2, 1, 1)}, 2: {"A": (9, 9, 9), "B": (9, 9, 9)}})
    item = Representative(1, "agree", 0.5, 0.3, 0.97)
    groups = (facts.groups[0], replace(facts.groups[1], representative=(item,)))
    group = disclose(replace(facts, groups=groups), MINIMUM, {1, 2}).facts.groups[1]
    assert (group.label, group.representative) == ("B", ())


def test_middle_ground_is_scored_by_the_lowest_bound() -> None:
    (item,) = shown(made_facts({1: ALIKE})).middle_ground
    assert item.score == min(rate.low for rate in item.groups)
    assert item.score < min(rate.middle for rate in item.groups)
    assert item.margin == round(item.score - 0.5, 2)


def test_a_withheld_group_does_not_contradict_a_divisive_label() -> None:
    """The shown group agrees; the withheld group may disagree."""
    facts = made_facts({1: {"A": (60, 5, 2), "B": (1, 4, 2)}})
    (item,) = shown(facts).divisive
    assert [rate.tally.seen > 0 for rate in item.groups] == [True, False]
    assert item.holds


def test_a_lost_label_has_no_robustness() -> None:
    facts = made_facts({1: ALIKE})
    lost = replace(facts.middle_ground[0], holds=False)
    (without,) = shown(replace(facts, middle_ground=(lost,))).middle_ground
    assert (without.holds, without.robustness) == (False, Robustness())
    (given,) = shown(facts).middle_ground  # the control
    assert given.holds
    assert given.robustness.fakes_to_overturn is not None
