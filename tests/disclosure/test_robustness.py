"""The number that would overturn a finding follows from published figures and reveals no count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.made_facts import SHRINKAGE, made_facts
from middleground.dialogues.results import sentences
from middleground.disclosure.robustness import PublishedRobustness
from middleground.disclosure.rounding import about
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import (
    DuplicateClusterFacts,
    Finding,
    Integrity,
    MapFacts,
    Rate,
    Robustness,
    Tally,
    TierSize,
)

MINIMUM = 5
EXACT = Robustness(137, ("A",), "disagree", lost_without=("open",), untested_without=("x",))


def with_exact(facts: MapFacts) -> MapFacts:
    """The map as the engine gives it: every finding carries its exact number."""
    findings = tuple(replace(item, robustness=EXACT) for item in facts.middle_ground)
    integrity = Integrity(123, 17, 2, (DuplicateClusterFacts(9, (1, 2)),), (TierSize("open", 33),))
    return replace(facts, middle_ground=findings, divisive=findings, integrity=integrity)


counts = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))


@given(first=counts, second=counts)
def test_robustness_follows_from_published_figures(
    first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    shown = disclose(with_exact(made_facts({1: {"A": first, "B": second}})), MINIMUM, {1}).facts
    for item in shown.middle_ground:
        assert item.robustness == PublishedRobustness(SHRINKAGE).middle_ground(item.groups)
    for item in shown.divisive:
        assert item.robustness == PublishedRobustness(SHRINKAGE).divisive(item.groups)


def test_the_exact_number_would_distinguish_counts_in_the_same_band() -> None:
    one, other = (
        disclose(
            with_exact(made_facts({1: {"A": (a, 10, 5), "B": (60, 10, 5)}}, error=e)), MINIMUM, {1}
        ).facts.middle_ground[0]
        for a, e in ((41, 0.02), (42, 0.0))
    )
    if one.groups == other.groups:
        assert one.robustness == other.robustness
    # The known-bad control: without disclosure the engine's exact number is published.
    assert with_exact(made_facts({1: {"A": (41, 10, 5)}})).middle_ground[0].robustness == EXACT
    assert one.robustness.fakes_to_overturn != EXACT.fakes_to_overturn


def test_the_engines_exact_numbers_are_not_disclosed() -> None:
    facts = with_exact(made_facts({1: {"A": (40, 10, 5), "B": (60, 10, 5)}}))
    shown = disclose(facts, MINIMUM, {1}).facts
    assert shown.integrity == Integrity(looked_up=100, near_duplicates=15)
    for item in (*shown.middle_ground, *shown.divisive):
        assert item.robustness.lost_without == item.robustness.untested_without == ()


def test_robustness_is_withheld_where_a_group_is_withheld() -> None:
    facts = made_facts(
        {
            1: {"A": (60, 9, 0), "B": (4, 1, 0)},  # B is withheld
            2: {"A": (60, 9, 0), "B": (40, 0, 0)},  # of B only a bound is told
            3: {"A": (60, 9, 0), "B": (40, 7, 0)},
        }
    )
    shown = disclose(facts, MINIMUM, {1, 2, 3}).facts.middle_ground
    assert [item.robustness.fakes_to_overturn is None for item in shown] == [True, True, False]


def test_robustness_is_withheld_where_opposed_groups_leave_a_third_withheld() -> None:
    apart = {"A": (60, 5, 0), "B": (4, 1, 0), "C": (5, 60, 0)}
    shown = disclose(made_facts({1: apart, 2: {**apart, "B": (40, 9, 0)}}), MINIMUM, {1, 2}).facts
    assert [item.holds for item in shown.divisive] == [True, True]
    assert [item.robustness.fakes_to_overturn is None for item in shown.divisive] == [True, False]


def row(*groups: tuple[str, float, int]) -> tuple[Rate, ...]:
    return tuple(
        Rate(g, share, share - 0.1, share + 0.1, Tally(round(share * n), n - round(share * n), 0))
        for g, share, n in groups
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, 1), (7, 7), (12, 10), (13, 15), (38, 40), (43, 45), (97, 95), (141, 150), (1234, 1000)],
)
def test_about_rounds_to_a_coarser_step_for_larger_numbers(count: int, said: int) -> None:
    assert about(count) == said


def test_the_number_of_fakes_is_rounded() -> None:
    told = [
        PublishedRobustness(20.0).middle_ground(row(("A", 0.75, participants))).fakes_to_overturn
        for participants in (60, 130, 310, 1700)
    ]
    assert told == [25, 55, 150, 800]


def test_sentences_state_fakes_for_each_kind_of_finding_and_a_small_margin() -> None:
    groups = row(("A", 0.9, 100), ("B", 0.8, 60))
    known = PublishedRobustness(5.0).middle_ground(groups)
    item = Finding(1, 0.7, True, 0.2, groups, known)
    assert sentences.middle_ground(item) == (
        f"About {known.fakes_to_overturn} extra people against it in group B would change this."
    )
    assert known.fakes_to_overturn in range(20, 45)
    narrow = sentences.middle_ground(replace(item, margin=0.004))
    assert narrow.startswith("The margin above one half is small. About ")
    assert sentences.middle_ground(replace(item, holds=False)) == ""
    alone = replace(item, groups=row(("", 0.8, 60)), robustness=Robustness(30, ("",), "disagree"))
    assert sentences.middle_ground(alone) == "About 30 extra people against it would change this."
    apart = row(("A", 0.9, 200), ("B", 0.2, 60))
    told = PublishedRobustness(5.0).divisive(apart)
    assert (told.groups, told.vote) == (("B",), "agree")
    assert "extra people for it in group B would change this" in sentences.divisive(
        replace(item, robustness=told)
    )
