"""The smallest changes that overturn a finding, compared with a brute-force search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.shapes import camps, three_camps
from middleground.engine import Attribute, MapFacts, Votes, analyse
from middleground.engine.arrays.binary_votes import DOUBLE
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.distributed.table import one_partition
from middleground.engine.facts import Robustness
from middleground.engine.findings import tested
from middleground.engine.findings.labels import Ranking, divisive, middle_ground
from middleground.engine.findings.rates import VoteRowSource, WeightedCounts
from middleground.engine.findings.robustness import (
    FakesNeeded,
    GroupCounts,
    divisive_without,
    fakes_against_divisive,
    fakes_against_middle_ground,
    middle_ground_without,
    most_active,
)
from middleground.engine.findings.tested import (
    GroupedVotes,
    leave_out_tests,
    middle_ground_findings,
)

QUANTILE = 0.1


def evidence(
    agree: list[list[int]], disagree: list[list[int]], passed: list[list[int]] | None = None
) -> GroupCounts:
    """Participants with certain memberships; the model expects the counted rates."""
    yes, no = np.array(agree, dtype=float), np.array(disagree, dtype=float)
    neither = np.zeros_like(yes) if passed is None else np.array(passed, dtype=float)
    total = yes + no + neither
    counts = np.array([yes, no, neither]).astype(np.int64)
    heads = (yes / total, no / total)
    return GroupCounts(
        WeightedCounts(total, total, total, yes, no), counts, heads, 5.0, 5, QUANTILE
    )


def with_fakes(given: GroupCounts, group: int, count: int, *, agree: bool) -> GroupCounts:
    add = np.zeros_like(given.weighted.total)
    add[group] = count
    counts = given.counts.copy()
    counts[0 if agree else 1] += add.astype(np.int64)
    return GroupCounts(
        given.weighted.with_fakes(add, agree=agree), counts, given.expected, 5.0, 5, QUANTILE
    )


def held(ranking: Ranking, column: int) -> bool:
    return bool(ranking.holds[ranking.column.tolist().index(column)])


def middle(given: GroupCounts) -> Ranking:
    return middle_ground(given.cells()[0], given.seen, 5, QUANTILE)


def apart(given: GroupCounts) -> Ranking:
    leads = given.counts[1] > given.counts[0]
    return divisive(given.cells()[0], leads, given.seen, 5, QUANTILE)


def test_the_number_of_fakes_is_the_least_that_overturns_the_finding() -> None:
    given = evidence([[60, 30, 500], [45, 80, 12]], [[10, 10, 20], [15, 5, 2]])
    for column, fakes in enumerate(fakes_against_middle_ground(given, np.arange(3))):
        (group,) = fakes.groups
        assert not fakes.agree
        assert held(middle(with_fakes(given, group, fakes.count - 1, agree=False)), column)
        assert not held(middle(with_fakes(given, group, fakes.count, agree=False)), column)
        # The other group needs more.
        assert held(middle(with_fakes(given, 1 - group, fakes.count - 1, agree=False)), column)


def test_divisive_is_overturned_by_the_cheaper_of_two_ways() -> None:
    given = evidence([[60, 300], [5, 10]], [[5, 20], [300, 40]])
    first, second = fakes_against_divisive(given, np.arange(2))
    assert (first.groups, first.agree) == ((0,), False)
    assert (second.groups, second.agree) == ((1,), True)
    for column, fakes in enumerate((first, second)):
        (group,) = fakes.groups
        before, after = (
            apart(with_fakes(given, group, fakes.count - less, agree=fakes.agree))
            for less in (1, 0)
        )
        assert held(before, column)
        assert not held(after, column)


def test_a_group_that_mostly_passes_needs_no_more_fakes_than_its_lead_by_count() -> None:
    # Most of the second group pass; 5 disagree and 2 agree, so it opposes by three participants.
    given = evidence([[200], [2]], [[5], [5]], [[0], [93]])
    assert held(apart(given), 0)
    (fakes,) = fakes_against_divisive(given, np.array([0]))
    assert (fakes.count, fakes.groups, fakes.agree) == (3, (1,), True)
    assert held(apart(with_fakes(given, 1, 2, agree=True)), 0)
    assert not held(apart(with_fakes(given, 1, 3, agree=True)), 0)
    # The known-bad control: by its share alone it would need many more.
    apart_by_count = replace(given, counts=given.counts + np.array([[[0]], [[10**6]], [[0]]]))
    (many,) = fakes_against_divisive(apart_by_count, np.array([0]))
    assert many.count > 50


def test_every_opposed_pair_must_be_overturned() -> None:
    given = evidence([[60], [90], [5]], [[5], [5], [4000]])
    (fakes,) = fakes_against_divisive(given, np.array([0]))
    assert fakes.groups == (0, 1)
    alone = evidence([[60], [5]], [[5], [4000]])
    assert fakes.count > fakes_against_divisive(alone, np.array([0]))[0].count


def test_the_most_active_are_one_in_a_thousand_but_at_least_one() -> None:
    assert most_active(np.array([7, 30, 9])).tolist() == [1]
    assert most_active(np.append(np.full(1999, 8), 80)).tolist() == [0, 1999]


def test_only_findings_that_hold_have_a_number_of_fakes() -> None:
    found = analyse(three_camps())
    assert found.divisive[0].holds
    for item in (*found.middle_ground, *found.divisive):
        assert (item.robustness.fakes_to_overturn is not None) == item.holds
        assert bool(item.robustness.groups) == item.holds
    again = MapFacts.from_dict(found.facts.to_dict())
    assert again == found.facts


def test_facts_stored_by_an_earlier_version_can_be_read() -> None:
    data = analyse(camps()).facts.to_dict()
    del data["integrity"]
    for item in (*data["middle_ground"], *data["divisive"]):
        del item["robustness"]
    facts = MapFacts.from_dict(data)
    assert facts.middle_ground[0].robustness.fakes_to_overturn is None
    assert facts.integrity.near_duplicates == 0


def stuffed() -> tuple[Votes, Attribute, int]:
    """Camps, and a tier whose participants alone make the smaller camp agree with a statement."""
    votes = camps(participants=120)
    target = 9
    joined = np.flatnonzero((votes.participant % 3 == 0) & (votes.statement == target))
    came = votes.participant[joined[: int(0.8 * len(joined))]]
    stuffers = np.isin(votes.participant, came) & (votes.statement == target)
    value = np.where(votes.statement == target, 1, votes.value)
    real = (votes.participant % 3 == 0) & ~stuffers & (votes.statement == target)
    value = np.where(real, -1, value)
    participants = np.unique(votes.participant)
    names = ["tent" if p in set(came.tolist()) else "door" for p in participants.tolist()]
    return Votes(votes.participant, votes.statement, value), Attribute(participants, names), target


def test_a_finding_that_depends_on_one_tier_is_lost() -> None:
    votes, tiers, target = stuffed()
    plain = {item.statement: item for item in analyse(votes).middle_ground}[target]
    assert plain.holds  # the known-bad control: without the test it counts
    found = analyse(votes, tiers=tiers)
    item = {item.statement: item for item in found.middle_ground}[target]
    assert not item.holds
    assert item.robustness.lost_without == ("tent",)
    assert item.score == plain.score
    assert [(c.name, c.eligible) for c in found.facts.integrity.tiers] == [
        ("door", 88),
        ("tent", 32),
    ]


def panel_of(agree: int, disagree: int, min_seen: int) -> GroupedVotes:
    """One statement, one group; the first ``agree`` participants by id agree."""
    participants = np.arange(agree + disagree)
    votes = Votes(participants, np.zeros_like(participants), np.where(participants < agree, 1, -1))
    source = VoteRowSource.of_all(one_partition(tabulate(votes), DOUBLE))
    everyone = np.ones((len(participants), 1))
    share = agree / len(participants)
    expected = (np.array([[share]]), np.array([[1.0 - share]]))
    belongs = np.zeros(len(participants), dtype=np.int64)
    return GroupedVotes(source, everyone, belongs, None, expected, 5.0, min_seen, QUANTILE)


@pytest.mark.parametrize(("min_seen", "lost"), [(5, ()), (4, ("tent",))])
def test_a_tier_below_the_minimum_removes_no_label(min_seen: int, lost: tuple[str, ...]) -> None:
    """A label lost without a tier of four would disclose how its participants voted.

    With a minimum of four, the known-bad control, leaving the tier out removes the label.
    """
    least = next(n for n in range(11, 40) if held(middle(evidence([[n]], [[11]])), 0))
    panel = panel_of(least + 2, 11, min_seen)
    ids = panel.votes.table.participants
    tiers = {"tent": np.flatnonzero(ids < 4), "door": np.flatnonzero(ids >= 4)}
    full = panel.group_counts()
    tests = leave_out_tests(panel, full, tiers)
    ranking = middle_ground(full.cells()[0], full.seen, min_seen, QUANTILE)
    (item,) = middle_ground_findings(ranking, tests, [""], np.array([0]), [()])
    assert set(tests.without_tier) == {"door", *lost}
    assert item.robustness.lost_without == lost
    assert item.holds == (not lost)


def test_the_only_tier_is_not_left_out() -> None:
    votes = camps()
    participants = np.unique(votes.participant)
    found = analyse(votes, tiers=Attribute(participants, ["open"] * len(participants)))
    plain = analyse(votes)
    assert found.middle_ground == plain.middle_ground
    assert found.divisive == plain.divisive


def test_too_few_remaining_voters_leave_the_finding_undecided() -> None:
    votes = camps()
    participants = np.unique(votes.participant)
    names = ["few" if p < 3 else "many" for p in participants.tolist()]
    names[3:9] = ["some"] * 6
    found = analyse(votes, tiers=Attribute(participants, names))
    kept = [item for item in found.middle_ground if item.holds]
    assert kept
    assert {item.robustness.untested_without for item in kept} == {("many",)}
    assert [item.holds for item in found.middle_ground] == [
        item.holds for item in analyse(votes).middle_ground
    ]


def test_a_finding_that_depends_on_one_participant_is_lost() -> None:
    """With 11 against, find the smallest sufficient number in favour; one fewer is not enough."""
    judged = []
    for agree in range(11, 40):
        full = evidence([[agree]], [[11]])
        one = evidence([[1]], [[1]]).weighted
        nobody = np.zeros_like(one.total)
        gone = WeightedCounts(one.agree, one.agree, one.agree, one.agree, nobody)
        rest = GroupCounts(
            full.weighted.without(gone), full.counts - 1, full.expected, 5.0, 5, QUANTILE
        )
        verdict = middle_ground_without(full, rest)
        judged.append((held(middle(full), 0), bool(verdict.lost[0])))
        assert not verdict.untested[0]
    assert judged.count((True, True)) == 1
    assert judged.count((False, True)) == 0
    assert (True, False) in judged


@pytest.mark.parametrize(
    ("left", "lost", "untested"),
    [((5, 50), False, False), ((27, 28), True, False), ((1, 3), False, True)],
)
def test_a_divisive_label_is_lost_only_if_enough_voters_are_left(
    left: tuple[int, int], lost: bool, untested: bool
) -> None:
    """``left``: the second group's agreeing and disagreeing votes, some participants left out."""
    full = evidence([[60], [5]], [[5], [60]])
    rest = evidence([[60], [left[0]]], [[5], [left[1]]])
    verdict = divisive_without(full, rest)
    assert (verdict.lost.tolist(), verdict.untested.tolist()) == ([lost], [untested])


def test_a_newly_opposed_pair_does_not_keep_the_label() -> None:
    """Without some participants the second group is evenly split, and the third one disagrees."""
    full = evidence([[60], [5], [50]], [[5], [60], [60]])
    assert full.opposed()[0, :, 0].tolist() == [False, True, False]
    rest = evidence([[60], [27], [10]], [[5], [28], [30]])
    assert rest.opposed()[0, :, 0].tolist() == [False, False, True]
    verdict = divisive_without(full, rest)
    assert (verdict.lost.tolist(), verdict.untested.tolist()) == ([True], [False])


def test_the_most_active_participant_is_left_out() -> None:
    panel = panel_of(20, 0, 5)  # everybody agrees with one vote each
    full = panel.group_counts()
    tests = leave_out_tests(panel, full, {})
    assert full.counts[:, 0, 0].tolist() == [20, 0, 0]
    assert tests.without_active.counts[:, 0, 0].tolist() == [19, 0, 0]
    assert tests.without_active.weighted.agree.tolist() == [[19.0]]


def test_a_finding_names_the_groups_and_votes_of_its_fakes() -> None:
    plain = Robustness(untested_without=("open",))
    first = tested.with_fakes(plain, FakesNeeded(7, (1,), agree=True), ["A", "B"])
    assert first == Robustness(7, ("B",), "agree", untested_without=("open",))
    second = tested.with_fakes(plain, FakesNeeded(9, (0, 1), agree=False), ["A", "B"])
    assert second == Robustness(9, ("A", "B"), "disagree", untested_without=("open",))
    # The finding holds now, so at least one is needed, even where rounding gives none.
    assert tested.with_fakes(plain, FakesNeeded(0, (0,), agree=False), ["A"]).fakes_to_overturn == 1


def test_the_least_count_is_found_for_very_large_groups() -> None:
    given = evidence([[9_000_000]], [[1_000_000]])
    (fakes,) = fakes_against_middle_ground(given, np.array([0]))
    assert fakes.count == pytest.approx(8_000_000, rel=0.01)
