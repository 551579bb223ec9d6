"""Shares to the digit: in whole per cent, and withheld where a count would show through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosure.made_facts import Counts, made_facts
from middleground.disclosure.cells import Bands
from middleground.disclosure.shares import ShareGuard, whole_percent
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import Rate, Representative, Tally

MINIMUM = 5


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.4149, 0.41), (0.415, 0.42), (0.345678, 0.35), (-0.2, 0.0), (1.2, 1.0), (0.999, 1.0)],
)
def test_a_share_is_told_in_whole_per_cent(share: float, told: float) -> None:
    assert whole_percent(share) == told


@pytest.mark.parametrize("shrinkage", [0.0, 20.0])
def test_no_share_of_a_map_is_finer(shrinkage: float) -> None:
    """Neither the engine's shares nor those of bands, nor how sure it is what stands out."""
    counts: dict[str, Counts] = {"A": (61, 13, 9), "B": (17, 52, 14)}
    facts = made_facts({1: counts}, outside=(7, 6, 5), error=0.0123, shrinkage=shrinkage)
    item = Representative(1, "agree", 0.71234, 0.26789, 0.954321)
    first = replace(facts.groups[0], representative=(item,))
    facts = replace(facts, groups=(first, facts.groups[1]))
    shown = disclose(facts, MINIMUM, {1}).facts
    (statement,), (stands_out,) = shown.statements, shown.groups[0].representative
    shares = [stands_out.rate, stands_out.rest, stands_out.probability]
    for rate in (statement.everyone, *statement.groups):
        shares += [rate.rate, rate.low, rate.high]
    assert [share for share in shares if share != round(share, 2)] == []
    # The known-bad control: the engine's own shares are finer.
    (given,) = facts.statements
    assert [rate.rate for rate in given.groups] != [round(rate.rate, 2) for rate in given.groups]


def test_nothing_is_left_between_two_edges_at_one_half() -> None:
    """Eight of the model's people and none whom the bands show: 4 of 8 may have said anything."""
    assert ShareGuard(MINIMUM, 8.0).share(0.5, [], "agree") is None
    bands = [Bands(Tally(0, 0, 0), Tally(4, 4, 4))]
    assert ShareGuard(MINIMUM, 8.0).share(0.5, bands, "agree") is None
    # One more of the model's, and the edges are apart.
    assert ShareGuard(MINIMUM, 9.0).share(0.5, [], "agree") == 0.5


def test_how_sure_it_is_what_stands_out_ends_at_99_per_cent() -> None:
    facts = made_facts({1: {"A": (61, 13, 9), "B": (17, 52, 14)}})
    told = []
    for sureness in (0.9999, 0.98765):
        item = Representative(1, "agree", 0.7, 0.3, sureness)
        groups = (replace(facts.groups[0], representative=(item,)), facts.groups[1])
        (shown,) = (
            disclose(replace(facts, groups=groups), MINIMUM, {1}).facts.groups[0].representative
        )
        told.append(shown.probability)
    assert told == [0.99, 0.99]


@pytest.mark.parametrize(("agree", "listed"), [(14, False), (15, True)])
def test_a_statement_stands_out_only_where_the_bands_say_so(agree: int, listed: bool) -> None:
    """Told from bands, 14 and 10 look alike, whatever the exact shares are."""
    facts = made_facts({1: {"A": (agree, 10, 10), "B": (10, 10, 10)}}, shrinkage=0.0)
    item = Representative(1, "agree", 0.41, 0.33, 0.97)
    groups = (replace(facts.groups[0], representative=(item,)), facts.groups[1])
    shown = disclose(replace(facts, groups=groups), MINIMUM, {1}).facts.groups[0].representative
    assert [(each.rate, each.rest) for each in shown] == ([(0.44, 0.33)] if listed else [])


def test_the_edge_is_where_one_less_than_the_minimum_may_have_said_so() -> None:
    bands = [Bands(Tally(0, 80, 0), Tally(4, 84, 4))]
    guard = ShareGuard(MINIMUM, 20.0)  # 4 of 80 and the model's 20
    rates = [
        guard.rate(Rate("A", share, share / 2, 2 * share, Tally(1, 80, 1)), bands)
        for share in (0.0, 0.01, 0.039)
    ]
    assert {(rate.rate, rate.low, rate.high) for rate in rates} == {(0.04, 0.0, 0.08)}
    above = guard.rate(Rate("A", 0.06, 0.03, 0.11, Tally(1, 80, 1)), bands)
    assert (above.rate, above.low, above.high) == (0.06, 0.03, 0.11)
