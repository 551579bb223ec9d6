"""The whole map and every tier's map together reveal no small count."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from disclosure.made_facts import SHRINKAGE, Counts, made_facts
from disclosure.test_whole_map import (
    ANSWERS,
    MINIMUM,
    Figure,
    counts_behind,
    what_an_attacker_learns,
)
from middleground.disclosure.cells import NO_GROUP
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.rounding import floor_to_step
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import MapFacts, Tally, TierCounts

TIERS = ("invited", "open")
GROUPS = ("A", "B")
NAMES = [f"{group} {tier}" for group, tier in product((*GROUPS, NO_GROUP), TIERS)]
By = dict[str, dict[str, Counts]]  # tier → group → counts


def facts_by_tier(by: By, outside: dict[str, Counts]) -> MapFacts:
    """A map of one statement; its totals are the sums of the tiers."""
    whole = {
        group: tuple(sum(by[tier][group][k] for tier in TIERS) for k in range(3))
        for group in GROUPS
    }
    out = tuple(sum(outside[tier][k] for tier in TIERS) for k in range(3))
    facts = made_facts({1: whole}, out)  # type: ignore[dict-item,arg-type]
    tiers = []
    for tier in TIERS:
        rows = tuple(Tally(*by[tier][group]) for group in GROUPS)
        every = [*by[tier].values(), outside[tier]]
        everyone = Tally(*(sum(row[k] for row in every) for k in range(3)))
        sizes = tuple(row.seen for row in rows)
        tiers.append(TierCounts(tier, everyone.seen, True, sizes, (everyone,), (rows,)))
    return replace(facts, tiers=tuple(tiers))


def published(facts: MapFacts) -> tuple[Disclosed, dict[str, Disclosed]]:
    tiers = {tier.name: disclose_tier(facts, tier, MINIMUM, {1}) for tier in facts.tiers}
    return disclose(facts, MINIMUM, {1}), tiers


def figures_of(whole: Disclosed, tiers: dict[str, Disclosed], everyone: Tally) -> list[Figure]:
    """Every published count: bands of tiers, their sums, sizes, and the closed ledger's total."""
    found = []
    for tier, mine in tiers.items():
        for (group, _), bands in mine.cells[1].items():
            for answer in ANSWERS:
                cell = frozenset({(f"{group} {tier}", answer)})
                found.append(Figure(cell, getattr(bands.low, answer), getattr(bands.high, answer)))
        for shown in mine.facts.groups:
            size = floor_to_step(shown.size, MINIMUM)
            cells = frozenset((f"{shown.label} {tier}", answer) for answer in ANSWERS)
            found.append(Figure(cells, 0, size + MINIMUM - 1))
    for group, bands in whole.bands(1).items():
        for answer in ANSWERS:
            cells = frozenset((f"{group} {tier}", answer) for tier in TIERS)
            found.append(Figure(cells, getattr(bands.low, answer), getattr(bands.high, answer)))
    for answer in ANSWERS:  # the ledger's exact total
        total = getattr(everyone, answer)
        cells = frozenset((name, answer) for name in NAMES)
        ends = (total, total) if total >= MINIMUM else (0, MINIMUM - 1)
        found.append(Figure(cells, *ends))
    return found


def shares_of(whole: Disclosed) -> list[Figure]:
    """The limits on counts over all tiers that the whole map's published shares imply."""
    found = []
    for rate in whole.facts.statements[0].groups:
        if rate.tally.seen:
            bands = whole.bands(1)[rate.group]
            ends = counts_behind(rate, bands, MINIMUM)
            cells = frozenset((f"{rate.group} {tier}", "agree") for tier in TIERS)
            found.append(Figure(cells, *ends))
    return found


def learnt(
    by: By, outside: dict[str, Counts], figures: list[Figure], possible: int = MINIMUM
) -> dict[tuple[str, str], tuple[int, int]]:
    """The small cells for which fewer than ``possible`` values remain."""
    found = what_an_attacker_learns(list(product(NAMES, ANSWERS)), figures)
    told = {}
    for (name, answer), (low, high) in found.items():
        group, tier = name.split()
        counts = outside[tier] if group == NO_GROUP else by[tier][group]
        if counts[ANSWERS.index(answer)] < MINIMUM and high - low + 1 < possible:
            told[name, answer] = (low, high)
    return told


counts = st.tuples(*[st.one_of(st.integers(0, 9), st.integers(0, 60))] * 3)
tiers = st.fixed_dictionaries(
    {tier: st.fixed_dictionaries(dict.fromkeys(GROUPS, counts)) for tier in TIERS}
)
outsides = st.fixed_dictionaries(dict.fromkeys(TIERS, counts))


@settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(by=tiers, outside=outsides)
@example(  # the share of A revealed that 5 or 6 agree, hence that 0 or 1 of the invited do
    by={
        "invited": {"A": (0, 3, 2), "B": (15, 3, 2)},
        "open": {"A": (5, 47, 60), "B": (13, 4, 34)},
    },
    outside={"invited": (15, 3, 2), "open": (4, 60, 60)},
)
def test_no_tier_can_be_subtracted_from_the_whole(by: By, outside: dict[str, Counts]) -> None:
    sizes = [sum(sum(by[tier][group]) for tier in TIERS) for group in GROUPS]
    if min(sizes) < MINIMUM:
        return
    facts = facts_by_tier(by, outside)
    everyone = facts.statements[0].everyone.tally
    whole, apart = published(facts)
    counts = figures_of(whole, apart, everyone)
    assert learnt(by, outside, counts) == {}
    # The model blurs the shares, so they determine no cell either.
    assert learnt(by, outside, [*counts, *shares_of(whole)], possible=3) == {}


def test_the_attack_succeeds_where_the_whole_has_its_own_bands() -> None:
    """The known-bad control: the whole map has its own bands, beside those of the tiers."""
    by = {"invited": {"A": (4, 9, 9), "B": (9, 9, 9)}, "open": {"A": (19, 9, 9), "B": (9, 9, 9)}}
    outside: dict[str, Counts] = dict.fromkeys(TIERS, (0, 0, 0))
    facts = facts_by_tier(by, outside)
    good = figures_of(*published(facts), facts.statements[0].everyone.tally)
    assert learnt(by, outside, good) == {}
    own = frozenset((f"A {tier}", "agree") for tier in TIERS)
    bad = Figure(own, floor_to_step(23, MINIMUM), floor_to_step(23, MINIMUM) + MINIMUM - 1)
    assert learnt(by, outside, [*good, bad]) == {("A invited", "agree"): (1, 4)}


def test_disclosed_figures_of_a_tier_are_exact() -> None:
    by = {"invited": {"A": (30, 3, 0), "B": (32, 4, 0)}, "open": {"A": (9, 9, 9), "B": (2, 1, 0)}}
    outside: dict[str, Counts] = dict.fromkeys(TIERS, (0, 0, 0))
    facts = facts_by_tier(by, outside)
    whole, apart = published(facts)
    assert whole.parts == 2
    assert whole.cells[1]["A", "invited"].low == Tally(30, 0, 0)
    assert whole.bands(1)["A"].low == Tally(35, 5, 0)
    assert whole.facts.tiers == ()
    invited, opened = apart["invited"].facts, apart["open"].facts
    assert [(group.label, group.size) for group in invited.groups] == [("A", 32), ("B", 37)]
    assert [(group.label, group.size) for group in opened.groups] == [("A", 27)]
    assert [item.holds for item in invited.middle_ground] == [True]
    # A group is withheld, so no statement is said to have the agreement of every group.
    assert [item.holds for item in opened.middle_ground] == []
    assert [item.statement for item in opened.statements] == [1]
    # The range covers every count within the bands: 30 of 43 to 34 of 34.
    least = invited.statements[0].groups[0]
    assert (least.low, least.high) == (0.57, 1.0)
    assert SHRINKAGE  # a tier's shares follow from its bands alone:
    assert [rate.rate for rate in invited.statements[0].groups] == [None, None]
    assert set(apart["invited"].cells[1]) == {(group, "invited") for group in (*GROUPS, NO_GROUP)}
    assert invited.statements[0].everyone.tally == Tally(73, 11, 13)
    assert opened.statements[0].everyone.tally == Tally(11, 11, 13)


def test_a_group_withheld_in_the_whole_is_withheld_in_each_tier() -> None:
    """No statement of a tier is said to have the agreement of every group where one is withheld."""
    by = {"invited": {"A": (30, 3, 0), "B": (2, 0, 0)}, "open": {"A": (40, 3, 0), "B": (9, 0, 0)}}
    facts = facts_by_tier(by, dict.fromkeys(TIERS, (0, 0, 0)))
    invited, opened = facts.tiers
    few = replace(facts.groups[1], size=2)  # only the invited count
    facts = replace(
        facts, groups=(facts.groups[0], few), tiers=(invited, replace(opened, counted=False))
    )
    whole, apart = published(facts)
    assert [group.label for group in whole.facts.groups] == ["A"]
    for tier in apart.values():
        assert [group.label for group in tier.facts.groups] == ["A"]
        (rate,) = tier.facts.statements[0].groups
        assert rate.group == "A"
        assert rate.low > 0.5
        assert [item.holds for item in tier.facts.middle_ground] == [False]


def findings_of_open(first: Counts, second: Counts) -> MapFacts:
    """The map of the tier "open", whose two groups have these counts."""
    by = {"invited": {"A": (9, 9, 9), "B": (9, 9, 9)}, "open": {"A": first, "B": second}}
    facts = facts_by_tier(by, dict.fromkeys(TIERS, (15, 15, 15)))
    return disclose_tier(facts, facts.tiers[1], MINIMUM, {1}).facts


@pytest.mark.parametrize(("agree", "least", "holds"), [(36, 0.49, False), (41, 0.53, True)])
def test_middle_ground_of_a_tier_is_above_one_half(agree: int, least: float, holds: bool) -> None:
    (item,) = findings_of_open((agree, 17, 1), (60, 5, 0)).middle_ground
    assert (item.score, item.holds) == (least, holds)


@pytest.mark.parametrize(
    ("second", "holds"),
    [
        ((7, 30, 20), True),
        ((17, 7, 62), False),  # most pass, and more agree than disagree
        ((22, 27, 2), False),  # more disagree, but not surely
    ],
)
def test_a_tier_is_divided_where_a_group_surely_disagrees(second: Counts, holds: bool) -> None:
    (item,) = findings_of_open((60, 5, 0), second).divisive
    assert item.holds is holds
