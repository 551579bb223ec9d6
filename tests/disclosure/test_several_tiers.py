"""The exact figures of the whole map where participants belong to several tiers."""

from __future__ import annotations

import random

import pytest

from disclosure.test_function_of_bands import LABELS, MINIMUMS, STATEMENTS, made
from middleground.disclosure.cells import sum_bands
from middleground.disclosure.rounding import band_midpoint
from middleground.disclosure.shares import rate_from_bands
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import disclose


@pytest.mark.parametrize("minimum", MINIMUMS)
def test_a_tier_that_does_not_count_is_in_no_figure_of_the_whole(minimum: int) -> None:
    facts = made(minimum, 0.0, random.Random(1), ("open", "unconfirmed"))
    disclosed = disclose(facts, minimum, set(STATEMENTS))
    assert {tier for cells in disclosed.cells.values() for _, tier in cells} == {"open"}
    assert disclosed.parts == 1
    for item in disclosed.facts.statements:
        whole = sum_bands(disclosed.cells_of(item.statement).values())
        assert item.everyone == rate_from_bands("", whole)


@pytest.mark.parametrize("minimum", MINIMUMS)
def test_the_size_of_a_group_has_a_band_for_each_tier(minimum: int) -> None:
    facts = made(minimum, 0.0, random.Random(1), ("invited", "open"))
    disclosed = disclose(facts, minimum, set(STATEMENTS))
    first, second = facts.tiers
    for label, (low, high) in disclosed.sizes().items():
        place = LABELS.index(label)
        sizes = (first.sizes[place], second.sizes[place])
        assert low == sum(size - size % minimum for size in sizes)
        assert high == low + 2 * (minimum - 1)


@pytest.mark.parametrize("minimum", MINIMUMS)
def test_a_tier_that_does_not_count_is_in_no_size_and_no_total(minimum: int) -> None:
    facts = made(minimum, 0.0, random.Random(1), ("open", "unconfirmed"))
    shown = disclose(facts, minimum, set(STATEMENTS)).facts
    opened, _ = facts.tiers
    sizes = dict(zip(LABELS, opened.sizes, strict=True))
    assert {group.label: group.size for group in shown.groups} == {
        label: band_midpoint(size, minimum) for label, size in sizes.items() if size >= minimum
    }
    assert shown.diagnostics.participants == band_midpoint(opened.participants, minimum)


def test_an_unlisted_statement_is_withheld_in_each_tier() -> None:
    facts = made(5, 0.0, random.Random(1), ("invited", "open"))
    for tier in facts.tiers:
        shown = disclose_tier(facts, tier, 5, {1, 3})
        assert set(shown.cells) == {1, 3}
        assert [item.statement for item in shown.facts.statements] == [1, 3]
        assert {item.statement for item in shown.facts.divisive} <= {1, 3}
