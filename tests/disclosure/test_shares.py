"""Shares are published in whole per cent, and withheld where they would reveal a count."""

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
def test_a_share_is_rounded_to_whole_per_cent(share: float, told: float) -> None:
    assert whole_percent(share) == told


@pytest.mark.parametrize("shrinkage", [0.0, 20.0])
def test_no_share_of_a_map_is_finer_than_one_per_cent(shrinkage: float) -> None:
    """This covers shares of the engine, intervals and probabilities."""
    counts: dict[str, Counts] = {"A": (61, 13, 9), "B": (17, 52, 14)}
    facts = made_facts({1: counts}, outside=(7, 6, 5), error=0.0123, shrinkage=shrinkage)
    item = Representative(1, "agree", 0.71234, 0.26789, 0.954321)
    first = replace(facts.groups[0], representative=(item,))
    facts = replace(facts, groups=(first, facts.groups[1]))
    shown = disclose(facts, MINIMUM, {1}).facts
    (statement,), (stands_out,) = shown.statements, shown.groups[0].representative
    assert (stands_out.rate, stands_out.rest) == (None, None)
    shares = [stands_out.probability]
    for rate in (statement.everyone, *statement.groups):
        shares += [rate.low, rate.high, *([] if rate.rate is None else [rate.rate])]
    # Without a model only ranges are told here.
    assert [rate.rate is None for rate in statement.groups] == [shrinkage == 0.0] * 2
    assert [share for share in shares if share != round(share, 2)] == []
    # The known-bad control: the engine's own shares are finer.
    (given,) = facts.statements
    assert [rate.middle for rate in given.groups] != [round(r.middle, 2) for r in given.groups]


def test_the_probability_of_a_representative_statement_is_capped_at_99_per_cent() -> None:
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
def test_a_statement_is_representative_only_if_its_bands_differ(agree: int, listed: bool) -> None:
    """Counts of 14 and 10 have the same band, so their exact shares must not list the statement."""
    facts = made_facts({1: {"A": (agree, 10, 10), "B": (10, 10, 10)}}, shrinkage=0.0)
    item = Representative(1, "agree", 0.41, 0.33, 0.97)
    groups = (replace(facts.groups[0], representative=(item,)), facts.groups[1])
    shown = disclose(replace(facts, groups=groups), MINIMUM, {1}).facts.groups[0].representative
    assert len(shown) == listed


def test_shares_at_or_below_the_edge_are_published_alike() -> None:
    bands = [Bands(Tally(0, 80, 0), Tally(4, 84, 4))]
    guard = ShareGuard(MINIMUM, 20.0)  # the edge is 4 / (80 + 20)
    rates = [
        guard.rate(Rate("A", share, share / 2, 2 * share, Tally(1, 80, 1)), bands)
        for share in (0.0, 0.01, 0.039)
    ]
    assert {(rate.rate, rate.low, rate.high) for rate in rates} == {(None, 0.0, 0.08)}
    above = guard.rate(Rate("A", 0.06, 0.038, 0.112, Tally(1, 80, 1)), bands)
    assert (above.rate, above.low, above.high) == (0.06, 0.03, 0.12)  # rounded outwards


def test_shares_at_or_above_the_upper_edge_are_published_alike() -> None:
    bands = [Bands(Tally(80, 0, 0), Tally(84, 4, 0))]
    guard = ShareGuard(MINIMUM, 20.0)
    rates = [
        guard.rate(Rate("A", share, 0.9, 0.99, Tally(80, 1, 0)), bands)
        for share in (1.0, 0.99, 0.961)
    ]
    assert {(rate.rate, rate.low, rate.high) for rate in rates} == {(None, 0.92, 1.0)}


def test_a_share_above_the_models_reach_is_withheld() -> None:
    """The model's weight is 17 % of 92 + 20; a larger share reveals that somebody agrees."""
    bands = [Bands(Tally(0, 80, 0), Tally(4, 84, 4))]
    told = [
        ShareGuard(MINIMUM, 20.0).rate(Rate("A", share, 0.0, 0.4, Tally(2, 82, 2)), bands)
        for share in (0.17, 0.18, 0.3)
    ]
    assert [rate.rate for rate in told] == [0.17, None, None]
    assert [(rate.low, rate.high) for rate in told[1:]] == [(0.0, 1.0)] * 2


@pytest.mark.parametrize(
    ("weighted", "reveals"), [(48.9, True), (49.1, False), (68.9, False), (69.1, True)]
)
def test_a_share_of_two_cells_allows_every_count_of_the_small_cell(
    weighted: float, reveals: bool
) -> None:
    """0 to 4 and 45 to 49 agree: only from 49 to 49 + 20 is every count from 0 to 4 possible."""
    parts = [
        Bands(Tally(0, 5, 0), Tally(4, 9, 4)),
        Bands(Tally(45, 5, 0), Tally(49, 9, 4)),
    ]  # 55 to 79 participants: 67 and the model's 20
    guard = ShareGuard(MINIMUM, 20.0)
    assert guard.reveals_small_count(weighted / 87, parts) is reveals
    large = [parts[1], parts[1]]  # without a small cell nothing is revealed
    assert guard.reveals_small_count(weighted / 87, large) is False
