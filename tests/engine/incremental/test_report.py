"""A map carried on with later votes, against the whole map of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.shapes import camps, cloud, three_camps
from middleground.engine import MapFacts, Options, Votes, analyse
from middleground.engine.incremental.report import carried_on, hash_onward
from middleground.engine.incremental.state import State

FIRST = "00" * 32


def only(votes: Votes, rows: np.ndarray) -> Votes:
    return Votes(votes.participant[rows], votes.statement[rows], votes.value[rows])


def of_people(votes: Votes, people: list[int]) -> Votes:
    return only(votes, np.isin(votes.participant, people))


def without(votes: Votes, people: list[int]) -> Votes:
    return only(votes, ~np.isin(votes.participant, people))


def begun(votes: Votes, **options: Any) -> tuple[MapFacts, State]:
    found = analyse(votes, Options(**options))
    return found.facts, State.of(found, votes)


def tallies(facts: MapFacts) -> dict[int, object]:
    return {
        each.statement: (each.everyone.tally, [rate.tally for rate in each.groups])
        for each in facts.statements
    }


def shaping(facts: MapFacts) -> dict[int, object]:
    """The counts of those who shape the map."""
    return {item.statement: [rate.tally for rate in item.groups] for item in facts.middle_ground}


@pytest.mark.parametrize("shape", [camps, three_camps, cloud])
def test_without_new_votes_it_is_the_whole_map(shape: type[Votes]) -> None:
    whole, state = begun(shape())
    carried = carried_on(whole, state, FIRST)
    assert carried is not None
    assert tallies(carried) == tallies(whole)
    assert carried.groups == whole.groups
    assert replace(carried.diagnostics, drift=None) == replace(whole.diagnostics, drift=None)
    assert [f.statement for f in carried.middle_ground] == [
        f.statement for f in whole.middle_ground
    ]
    for one, other in zip(carried.statements, whole.statements, strict=True):
        for rate, same in zip(
            (one.everyone, *one.groups), (other.everyone, *other.groups), strict=True
        ):
            assert (rate.rate, rate.low) == pytest.approx((same.rate, same.low), abs=2e-4)
    for kind in ("middle_ground", "divisive"):
        for one, other in zip(getattr(carried, kind), getattr(whole, kind), strict=True):
            assert (one.holds, one.robustness) == (other.holds, other.robustness)
    assert (carried.carries, carried.input_hash) == (whole.input_hash, FIRST)


def test_later_votes_are_counted_as_a_whole_map_counts_them() -> None:
    votes = three_camps()
    late = np.unique(votes.participant)[::25].tolist()
    whole, state = begun(without(votes, late))
    carried = carried_on(whole, state.exchanged(of_people(votes, late)), FIRST)
    anew = analyse(votes, previous=whole).facts
    assert carried is not None
    assert [s.everyone.tally for s in carried.statements] == [
        s.everyone.tally for s in anew.statements
    ]
    assert carried.diagnostics.participants == anew.diagnostics.participants
    assert carried.diagnostics.median_votes == anew.diagnostics.median_votes
    assert [g.label for g in carried.groups] == [g.label for g in anew.groups]
    assert [g.size for g in carried.groups] == [g.size for g in anew.groups]
    for one, other in zip(carried.statements, anew.statements, strict=True):
        for rate, same in zip(one.groups, other.groups, strict=True):
            assert rate.rate == pytest.approx(same.rate, abs=0.02)
    # The known-bad control: the map before does not have these votes.
    assert [s.everyone.tally for s in whole.statements] != [
        s.everyone.tally for s in anew.statements
    ]


def test_votes_that_are_taken_back_count_no_more() -> None:
    votes = camps()
    gone = np.unique(votes.participant)[:3].tolist()
    whole, state = begun(votes)
    left = state.exchanged(of_people(votes, []), np.array(gone))
    carried = carried_on(whole, left, FIRST)
    anew = analyse(without(votes, gone), previous=whole).facts
    assert carried is not None
    assert [s.everyone.tally for s in carried.statements] == [
        s.everyone.tally for s in anew.statements
    ]
    assert carried.diagnostics.participants == anew.diagnostics.participants
    # And back again: the sums are as they were.
    back = left.exchanged(of_people(votes, gone), np.array(gone))
    again = carried_on(whole, back, FIRST)
    assert again is not None
    assert tallies(again) == tallies(whole)


def test_a_changed_vote_takes_the_place_of_the_earlier_one() -> None:
    votes = three_camps()
    person = int(votes.participant[0])
    mine = of_people(votes, [person])
    turned = Votes(mine.participant, mine.statement, -mine.value)
    whole, state = begun(votes)
    carried = carried_on(whole, state.exchanged(turned), FIRST)
    anew = analyse(
        Votes(
            np.concatenate([votes.participant, turned.participant]),
            np.concatenate([votes.statement, turned.statement]),
            np.concatenate([votes.value, turned.value]),
        )
    ).facts
    assert carried is not None
    assert [s.everyone.tally for s in carried.statements] == [
        s.everyone.tally for s in anew.statements
    ]


def test_a_copy_stays_beside_the_one_that_counts() -> None:
    votes = cloud()
    person = int(votes.participant[0])
    mine = of_people(votes, [person])
    last = int(votes.participant.max())
    clones = [
        Votes(np.full(len(mine), last + 1 + n), mine.statement, mine.value) for n in range(30)
    ]
    brigade = Votes(
        np.concatenate([votes.participant, *(c.participant for c in clones)]),
        np.concatenate([votes.statement, *(c.statement for c in clones)]),
        np.concatenate([votes.value, *(c.value for c in clones)]),
    )
    whole, state = begun(brigade)
    assert whole.integrity.near_duplicates >= 29
    carried = carried_on(whole, state, FIRST)
    assert carried is not None
    assert shaping(carried) == shaping(whole)
    # The known-bad control: where copies count, the counts behind findings are others.
    all_count, _ = begun(brigade, merge_near_duplicates=False)
    assert shaping(all_count) != shaping(whole)


def test_a_label_is_lost_when_people_turn_against_it() -> None:
    votes = cloud()
    whole, state = begun(votes)
    held = min((f for f in whole.middle_ground if f.holds), key=lambda f: f.margin)
    # As many of those who agree turn against it as invented ones would have to come.
    assert held.robustness.fakes_to_overturn
    agree = (votes.statement == held.statement) & (votes.value == 1)
    turned = of_people(
        votes, votes.participant[agree][: held.robustness.fakes_to_overturn].tolist()
    )
    value = np.where(turned.statement == held.statement, -1, turned.value)
    against = state.exchanged(Votes(turned.participant, turned.statement, value))
    after = carried_on(whole, against, FIRST)
    assert after is not None
    item = next(f for f in after.middle_ground if f.statement == held.statement)
    assert not item.holds
    assert item.robustness.fakes_to_overturn is None
    # They think again, and it is as before: the whole map has tested it.
    back = carried_on(whole, against.exchanged(turned), FIRST)
    assert back is not None
    assert next(f for f in back.middle_ground if f.statement == held.statement).holds


def test_a_label_that_nobody_has_tested_asks_for_a_whole_map() -> None:
    whole, state = begun(camps())
    untested = tuple(
        replace(f, holds=False, robustness=type(f.robustness)()) for f in whole.middle_ground
    )
    assert carried_on(replace(whole, middle_ground=untested), state, FIRST) is None


def test_a_label_that_a_test_took_away_stays_lost() -> None:
    whole, state = begun(camps())
    fallen = tuple(
        replace(f, holds=False, robustness=replace(f.robustness, lost_without=("open",)))
        for f in whole.middle_ground
    )
    kept = carried_on(replace(whole, middle_ground=fallen), state, FIRST)
    assert kept is not None
    assert not any(f.holds for f in kept.middle_ground)
    assert all(f.robustness.fakes_to_overturn is None for f in kept.middle_ground)
    assert all(f.robustness.lost_without == ("open",) for f in kept.middle_ground)


def test_many_new_votes_ask_for_a_whole_map() -> None:
    votes = three_camps()
    late = np.unique(votes.participant)[::4].tolist()
    whole, state = begun(without(votes, late))
    assert carried_on(whole, state.exchanged(of_people(votes, late)), FIRST) is None


def test_the_hash_goes_on_with_what_was_changed() -> None:
    votes = of_people(camps(), [1, 2])
    people = np.array([1, 2])
    onward = hash_onward(FIRST, votes, people)
    shuffled = only(votes, np.random.default_rng(1).permutation(len(votes)))
    assert hash_onward(FIRST, shuffled, people) == onward
    assert hash_onward(onward, votes, people) != onward
    assert hash_onward(FIRST, votes, np.array([1, 2, 3])) != onward
    other = Votes(votes.participant, votes.statement, np.where(votes.value == 1, 0, votes.value))
    assert hash_onward(FIRST, other, people) != onward


def test_a_state_is_made_of_a_map_of_the_engines_own() -> None:
    votes = camps()
    parity = analyse(votes, Options(parity=True))
    with pytest.raises(ValueError, match="no state without"):
        State.of(parity, votes)


def test_it_comes_back_from_json() -> None:
    whole, state = begun(camps())
    carried = carried_on(whole, state, FIRST)
    assert carried is not None
    assert MapFacts.from_dict(carried.to_dict()) == carried
