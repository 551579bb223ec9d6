"""The whole map of votes with a known structure."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.shapes import camps, cloud, crowd, three_camps
from middleground.engine import MapFacts, Options, Votes, analyse


def test_two_camps_are_two_groups_with_their_shared_statements_as_middle_ground() -> None:
    found = analyse(camps())
    assert found.status == "groups"
    assert [(group.label, group.size) for group in found.groups] == [("A", 40), ("B", 20)]
    assert found.membership(range(60)).argmax(axis=1).tolist() == [1, 0, 0] * 20
    assert {item.statement for item in found.middle_ground if item.holds} == {0, 1, 2, 3, 4}
    assert {item.statement for item in found.divisive if item.holds} == set(range(5, 20))


def test_each_camp_is_represented_by_the_statements_only_it_agrees_with() -> None:
    large, small = analyse(camps()).groups
    assert len(large.representative) == len(small.representative) == 5
    for group, agreeing_parity in ((large, 1), (small, 0)):
        for item in group.representative:
            assert item.statement >= 5
            expected = "agree" if item.statement % 2 == agreeing_parity else "disagree"
            assert item.direction == expected
            assert item.rate > 0.7 > 0.3 > item.rest
            assert item.probability > 0.99


def test_three_camps_are_three_groups() -> None:
    found = analyse(three_camps())
    assert [(g.label, g.size) for g in found.groups] == [("A", 100), ("B", 100), ("C", 100)]
    of_camp = [set(found.membership(range(c, 300, 3)).argmax(axis=1)) for c in range(3)]
    assert sorted(of_camp, key=min) == [{0}, {1}, {2}]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", [crowd, cloud])
def test_a_crowd_without_groups_is_one_group(shape: type[Votes], seed: int) -> None:
    votes = shape(seed=seed)
    found = analyse(votes, seed=seed)
    assert found.status == "one_group"
    participants = len(np.unique(votes.participant))
    assert [(group.label, group.size, group.certain) for group in found.groups] == [
        ("A", participants, participants)
    ]
    assert found.divisive == ()
    assert {tuple(rate.group for rate in item.groups) for item in found.middle_ground} == {("",)}
    assert {statement.groups for statement in found.statements} == {()}
    assert found.diagnostics.unsure == 0
    assert np.array_equal(found.membership([0, 1]), np.ones((2, 1)))


def test_too_few_participants_are_reported_as_missing() -> None:
    found = analyse(camps(participants=9), Options(min_participants=15))
    assert found.status == "too_little"
    assert [(s.code, s.have, s.need) for s in found.unmet_minimums] == [("participants", 9, 15)]
    assert found.groups == found.middle_ground == found.divisive == ()
    assert [s.everyone.tally.seen for s in found.statements] == [9] * 20
    assert found.membership([0]).shape == (1, 0)


def test_too_few_votes_report_the_deciding_count() -> None:
    # Twenty participants: ten with eight votes, five with four, five with two.
    votes = [8] * 10 + [4] * 5 + [2] * 5
    participant = np.repeat(np.arange(20), votes)
    statement = np.concatenate([np.arange(count) for count in votes])
    found = analyse(Votes(participant, statement, np.ones_like(statement)))
    assert [(s.code, s.have, s.need) for s in found.unmet_minimums] == [
        ("votes_per_participant", 4, 7)  # the fifteenth of the fifteen needed participants has four
    ]


def test_findings_need_enough_voters_in_every_group() -> None:
    votes = camps()
    # Statement 99: all its voters agree, but only four are of the small camp.
    seen = [p for p in range(60) if p % 3] + [0, 3, 6, 9]
    extended = Votes(
        [*votes.participant, *seen], [*votes.statement, *[99] * 44], [*votes.value, *[1] * 44]
    )
    rare = next(i for i in analyse(extended).middle_ground if i.statement == 99)
    assert [rate.tally.seen for rate in rare.groups] == [40, 4]
    assert not rare.holds
    # The known-bad control: with a minimum of four it would hold.
    lax = next(
        i for i in analyse(extended, Options(min_group=4)).middle_ground if i.statement == 99
    )
    assert lax.holds


def test_participants_with_few_votes_are_placed_but_change_nothing() -> None:
    votes = camps()
    few = 6
    # A thousand participants with six votes each disagree with the shared statements.
    new = np.repeat(np.arange(1000, 2000), few)
    extended = Votes(
        [*votes.participant, *new],
        [*votes.statement, *np.tile(np.arange(few), 1000)],
        [*votes.value, *[-1] * len(new)],
    )
    before, after = analyse(votes), analyse(extended)
    assert after.diagnostics.participants == 1060
    assert after.diagnostics.eligible == 60
    assert after.groups == before.groups
    assert after.middle_ground == before.middle_ground
    assert after.statements[0].everyone.tally.disagree > 1000
    assert after.membership([1500]).sum() == pytest.approx(1.0)
    # The known-bad control: with a minimum of six votes they would overturn it.
    swayed = analyse(extended, Options(min_votes=few))
    assert not {i.statement for i in swayed.middle_ground if i.holds} & set(range(5))


def test_findings_are_ranked_and_state_their_margin() -> None:
    found = analyse(camps())
    for findings in (found.middle_ground, found.divisive):
        scores = [item.score for item in findings]
        assert scores == sorted(scores, reverse=True)
        assert len(findings) == 20
    for item in found.middle_ground:
        assert item.margin == pytest.approx(item.score - 0.5, abs=2e-6)
        assert item.holds == (item.margin > 0)


def test_tallies_recount() -> None:
    votes = camps()
    found = analyse(votes)
    group = found.membership(votes.participant).argmax(axis=1)
    for statement in found.statements:
        asked = votes.statement == statement.statement
        for g, rate in enumerate(statement.groups):
            values = votes.value[asked & (group == g)]
            tally = rate.tally
            assert (tally.agree, tally.disagree, tally.passed) == tuple(
                np.count_nonzero(values == v) for v in (1, -1, 0)
            )
        assert statement.everyone.tally.seen == sum(r.tally.seen for r in statement.groups)


def test_facts_survive_json_exactly() -> None:
    for votes in (camps(), crowd(), camps(participants=3)):
        found = analyse(votes)
        assert MapFacts.from_dict(json.loads(found.to_json())) == found.facts


def test_predictions_follow_the_camps_and_fall_back_to_the_prior() -> None:
    found = analyse(camps())
    small, large = 0, 1
    sure = found.predict([large, small, large, small], [5, 5, 6, 6])
    assert [round(p) for p in sure] == [1, 0, 0, 1]
    stranger = found.predict([10**12], [5])[0]
    assert 0.3 < stranger < 0.8
    unknown = found.predict([large, 10**12], [10**12, 10**12])
    # Only the average of the statement is known, so all predictions are nearly equal.
    assert abs(unknown[0] - unknown[1]) < 0.05
    with pytest.raises(ValueError, match="equally long"):
        found.predict([1, 2], [3])


def test_left_out_statements_change_nothing() -> None:
    votes = camps()
    kept = votes.statement != 7
    without = Votes(votes.participant[kept], votes.statement[kept], votes.value[kept])
    left, never = analyse(votes, Options(leave_out=(7,))), analyse(without)
    assert left.statements == never.statements
    assert left.facts.input_hash == never.facts.input_hash


@pytest.mark.parametrize("dimensions", [1, 2, 8])
def test_other_dimensions_find_the_same_camps(dimensions: int) -> None:
    found = analyse(camps(), Options(dimensions=dimensions))
    assert [group.size for group in found.groups] == [40, 20]
    assert found.positions([0, 1]).shape == (2, 2)
    assert len(found.statements[0].loading) == dimensions


def test_fitting_on_a_sample_gives_nearly_the_same_map() -> None:
    votes = camps(participants=900)
    whole, sampled = analyse(votes), analyse(votes, Options(fit_participants=300))
    assert [g.size for g in sampled.groups] == [g.size for g in whole.groups] == [600, 300]
    for one, other in zip(whole.statements, sampled.statements, strict=True):
        assert one.everyone.rate == pytest.approx(other.everyone.rate, abs=0.01)
