"""An attack on all published figures of the whole map reveals no small count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from disclosure.made_facts import SHRINKAGE, Counts, made_facts
from middleground.disclosure.cells import NO_GROUP, Bands, band_midpoints, bands_of_step
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.rounding import band_midpoint, floor_to_step
from middleground.disclosure.shares import ShareGuard, rate_from_bands
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import Group, MapFacts, Rate, Tally

MINIMUM = 5
ANSWERS = ("agree", "disagree", "passed")
Cell = tuple[str, str]  # population, answer


@dataclass(frozen=True)
class Figure:
    """A published figure: the sum of some cells lies between two numbers."""

    cells: frozenset[Cell]
    low: float
    high: float


def what_an_attacker_learns(
    cells: list[Cell], figures: list[Figure], of: list[Cell] | None = None
) -> dict[Cell, tuple[int, int]]:
    """Each cell's least and greatest possible value, by linear programming over all figures.

    ``of``: which cells are of interest; by default all. Each takes two linear programs.
    """
    rows, limits = [], []
    for figure in figures:
        row = np.array([1.0 if cell in figure.cells else 0.0 for cell in cells])
        rows += [row, -row]
        limits += [figure.high, -figure.low]
    learnt: dict[Cell, tuple[int, int]] = {}
    for cell in cells if of is None else of:
        goal = np.zeros(len(cells))
        goal[cells.index(cell)] = 1.0
        ends = [
            linprog(sign * goal, A_ub=np.array(rows), b_ub=np.array(limits)).fun * sign
            for sign in (1, -1)
        ]
        learnt[cell] = (int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6)))
    return learnt


def counts_of(disclosed: Disclosed, facts: MapFacts, statement: int, minimum: int) -> list[Figure]:
    """Every count about a statement that pages, charts, open data and the closed ledger publish."""
    figures, counts = [], disclosed.bands(statement)
    everyone = next(item for item in facts.statements if item.statement == statement).everyone.tally
    for population, bands in counts.items():
        for answer in ANSWERS:
            ends = getattr(bands.low, answer), getattr(bands.high, answer)
            figures.append(Figure(frozenset({(population, answer)}), *ends))
    for answer in ANSWERS:
        every = frozenset((population, answer) for population in counts)
        total = getattr(everyone, answer)
        # The ledger withholds the openings of fewer participants than the minimum.
        ends = (total, total) if total >= minimum else (0, minimum - 1)
        figures.append(Figure(every, *ends))
    for group in disclosed.facts.groups:
        size = floor_to_step(group.size, minimum)
        mine = frozenset((group.label, answer) for answer in ANSWERS)
        figures.append(Figure(mine, 0, size + minimum - 1))
    return figures


def shares_of(
    disclosed: Disclosed, statement: int, minimum: int, shrinkage: float = SHRINKAGE
) -> list[Figure]:
    """The limits on a statement's counts that its published shares imply.

    Where the model does not blur enough, a share follows from its bands and adds no information.
    """
    facts = next(item for item in disclosed.facts.statements if item.statement == statement)
    counts = disclosed.bands(statement)
    if shrinkage < minimum:
        assert facts.groups == tuple(
            rate_from_bands(r.group, counts[r.group]) for r in facts.groups
        )
        return []
    return [
        Figure(
            frozenset({(rate.group, "agree")}),
            *counts_behind(rate, counts[rate.group], minimum, shrinkage),
        )
        for rate in facts.groups
        if rate.tally.seen
    ]


def counts_behind(
    rate: Rate, bands: Bands, minimum: int, shrinkage: float = SHRINKAGE
) -> tuple[float, float]:
    """How many may agree, given a share, if the model's guess is anything from 0 to 1."""
    participants = bands.low.seen, bands.high.seen
    if rate == rate_from_bands(rate.group, bands) or (rate.low <= 0 and rate.high >= 1):
        return 0.0, participants[1]
    if rate.rate is None:  # whoever knows the rule knows on which side of the edge the share lies
        edge = (minimum - 1) / (participants[0] + shrinkage)
        if rate.low <= 0:
            return 0.0, edge * (participants[1] + shrinkage)
        return min((1 - edge) * (n + shrinkage) - shrinkage for n in participants), participants[1]
    least = min((rate.rate - 0.005) * (n + shrinkage) - shrinkage for n in participants)
    most = max((rate.rate + 0.005) * (n + shrinkage) for n in participants)
    return max(0.0, least), most


def pinned(
    facts: MapFacts,
    learnt: dict[Cell, tuple[int, int]],
    possible: int = MINIMUM,
    minimum: int = MINIMUM,
) -> dict[Cell, tuple[int, int]]:
    """Cells below the minimum for which fewer than ``possible`` values remain."""
    return {
        (population, answer): (low, high)
        for (population, answer), (low, high) in learnt.items()
        if _truth(facts, population, answer) < minimum and high - low + 1 < possible
    }


def _truth(facts: MapFacts, population: str, answer: str) -> int:
    item = facts.statements[0]
    shown = {rate.group: rate.tally for rate in item.groups}
    if population in shown:
        return int(getattr(shown[population], answer))
    total = getattr(item.everyone.tally, answer)
    return int(total - sum(getattr(tally, answer) for tally in shown.values()))


cells = st.tuples(*[st.one_of(st.integers(0, 9), st.integers(0, 150))] * 3)
participants = st.lists(cells, min_size=2, max_size=4)


@pytest.mark.parametrize("minimum", [5, 6, 10, 40])
@pytest.mark.parametrize("shrinkage", [0.0, 5.0, SHRINKAGE])
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(groups=participants, outside=cells, error=st.floats(-0.25, 0.25))
def test_an_attacker_determines_no_small_cell(
    groups: list[Counts], outside: Counts, error: float, minimum: int, shrinkage: float
) -> None:
    assume(all(sum(counts) >= minimum for counts in groups))
    facts = made_facts({1: dict(zip("ABCD", groups, strict=False))}, outside, error, shrinkage)
    disclosed = disclose(facts, minimum, {1})
    everything = list(product(disclosed.bands(1), ANSWERS))
    small = [cell for cell in everything if _truth(facts, *cell) < minimum] or everything[:1]
    counts = counts_of(disclosed, facts, 1, minimum)
    # Counts reveal nothing: every value below the minimum remains possible.
    learnt = what_an_attacker_learns(everything, counts, small)
    assert pinned(facts, learnt, minimum, minimum) == {}
    # The model blurs the shares; unless it is grossly wrong, they determine no cell either.
    figures = [*counts, *shares_of(disclosed, 1, minimum, shrinkage)]
    learnt = what_an_attacker_learns(everything, figures, small)
    assert pinned(facts, learnt, 3, minimum) == {}


def exact_but_for_small_cells(facts: MapFacts) -> list[Figure]:
    """Known bad but common: exact totals and cells, with small cells suppressed."""
    item = facts.statements[0]
    figures = []
    for answer in ANSWERS:
        everyone = getattr(item.everyone.tally, answer)
        all_of_them = frozenset((rate.group, answer) for rate in item.groups)
        figures.append(Figure(all_of_them, everyone, everyone))
        for rate in item.groups:
            count = getattr(rate.tally, answer)
            ends = (count, count) if count >= MINIMUM else (0, MINIMUM - 1)
            figures.append(Figure(frozenset({(rate.group, answer)}), *ends))
    return figures


def test_the_attack_succeeds_against_exact_totals() -> None:
    facts = made_facts({1: {"A": (37, 12, 8), "B": (2, 40, 6)}})
    figures = exact_but_for_small_cells(facts)
    everything = list(product("AB", ANSWERS))
    learnt = what_an_attacker_learns(everything, figures)
    assert pinned(facts, learnt) == {("B", "agree"): (2, 2)}


def test_the_attack_succeeds_against_separate_bands_and_an_exact_total() -> None:
    facts = made_facts({1: {"A": (20, 9, 9), "B": (0, 9, 9)}})
    figures = [
        Figure(frozenset({(rate.group, "agree")}), floor_to_step(n, 5), floor_to_step(n, 5) + 4)
        for rate in facts.statements[0].groups
        for n in [rate.tally.agree]
    ]
    figures.append(Figure(frozenset({("A", "agree"), ("B", "agree")}), 20, 20))
    learnt = what_an_attacker_learns([("A", "agree"), ("B", "agree")], figures)
    assert pinned(facts, learnt) == {("B", "agree"): (0, 0)}


def test_the_attack_succeeds_against_separate_bands_and_a_banded_total() -> None:
    # Each figure is a band, but the total is banded separately instead of summing the bands.
    facts = made_facts({1: {"A": (19, 9, 9), "B": (4, 9, 9), "C": (19, 9, 9)}})
    figures = [
        Figure(frozenset({(rate.group, "agree")}), floor_to_step(n, 5), floor_to_step(n, 5) + 4)
        for rate in facts.statements[0].groups
        for n in [rate.tally.agree]
    ]
    total = frozenset((label, "agree") for label in "ABC")
    figures.append(Figure(total, floor_to_step(42, 5), floor_to_step(42, 5) + 4))
    everything = [(label, "agree") for label in "ABC"]
    assert what_an_attacker_learns(everything, figures)["B", "agree"] == (2, 4)
    assert what_an_attacker_learns(everything, figures[:-1])["B", "agree"] == (0, 4)


def test_an_exact_share_reveals_its_count() -> None:
    # Without the model, 5 per cent of 40 participants can only be 2.
    share = round(2 / 40, 2)
    possible = [n for n in range(41) if round(n / 40, 2) == share]
    assert possible == [2]


def test_shares_near_nobody_and_everybody_look_alike() -> None:
    shown = {
        ShareGuard(MINIMUM, SHRINKAGE).rate(
            Rate("A", (n + 20 * guess) / 120, 0.0, 0.1, Tally(n, 100 - n, 0)),
            [Bands(Tally(0, 95, 0), Tally(4, 99, 4))])
        for n, guess in [(0, 0.0), (1, 0.0), (2, 0.05), (3, 0.02), (4, 0.0)]
    }  # fmt: skip
    tally = band_midpoints(Bands(Tally(0, 95, 0), Tally(4, 99, 4)))
    assert {(rate.rate, rate.low) for rate in shown if rate.high == 0.07} == {(None, 0.0)}
    assert all(rate.tally == tally for rate in shown)


@pytest.mark.parametrize("minimum", [5, 6, 10])
def test_a_count_is_shown_as_its_band(minimum: int) -> None:
    assert floor_to_step(3 * minimum - 1, minimum) == 2 * minimum
    assert band_midpoint(minimum - 1, minimum) == (minimum - 1) // 2
    bands = bands_of_step(Tally(4, minimum, 2 * minimum + 1), minimum)
    assert bands.low == Tally(0, minimum, 2 * minimum)
    assert bands.high == Tally(minimum - 1, 2 * minimum - 1, 3 * minimum - 1)
    nobody = Tally(0, 0, 0)
    assert band_midpoints(bands_of_step(nobody, minimum)) == nobody


@given(before=st.integers(0, 60), after=st.integers(0, 60))
def test_two_published_counts_reveal_no_difference_below_the_minimum(
    before: int, after: int
) -> None:
    """Any two bands leave at least ``MINIMUM`` differences possible."""
    low = floor_to_step(after, MINIMUM) - floor_to_step(before, MINIMUM)
    possible = {abs(low + a - b) for a in range(MINIMUM) for b in range(MINIMUM)}
    assert abs(after - before) in possible
    assert len(possible) >= MINIMUM


def test_disclosed_figures_of_a_map_are_exact() -> None:
    facts = made_facts({1: {"A": (37, 12, 3), "B": (2, 41, 6)}}, outside=(6, 0, 0))
    disclosed = disclose(facts, MINIMUM, {1})
    assert disclosed.bands(1) == {
        "A": Bands(Tally(35, 10, 0), Tally(39, 14, 9)),
        "B": Bands(Tally(0, 35, 0), Tally(4, 44, 9)),
        NO_GROUP: Bands(Tally(0, 0, 0), Tally(14, 9, 9)),
    }
    (item,) = disclosed.facts.statements
    assert [rate.tally for rate in item.groups] == [Tally(37, 12, 4), Tally(2, 39, 4)]
    assert item.everyone.tally == Tally(47, 52, 7)
    assert (item.intercept, item.loading, item.direction) == (0.0, (), (0.0, 0.0))
    assert [(group.size, group.certain) for group in disclosed.facts.groups] == [(52, 27), (47, 22)]
    known = disclosed.facts.diagnostics
    assert (known.participants, known.eligible, known.votes) == (102, 99, 100)
    assert (known.stability, known.acquiescence) == (0.99, 0.12)
    assert (known.calibration, known.drift) == (0.02, 0.3)


def test_a_group_below_the_minimum_is_withheld_everywhere() -> None:
    facts = made_facts({1: {"A": (20, 3, 2), "B": (2, 20, 6)}})
    small = Group("B", 4, 4, (0.0, 0.0), (1.0, 0.0, 1.0), ())
    disclosed = disclose(replace(facts, groups=(facts.groups[0], small)), MINIMUM, {1})
    assert [group.label for group in disclosed.facts.groups] == ["A"]
    assert set(disclosed.bands(1)) == {"A", NO_GROUP}
    assert [rate.group for rate in disclosed.facts.middle_ground[0].groups] == ["A"]


def test_an_unlisted_statement_is_withheld_everywhere() -> None:
    counts = {"A": (20, 3, 2), "B": (2, 20, 6)}
    disclosed = disclose(made_facts({1: counts, 2: counts}), MINIMUM, {2})
    facts = disclosed.facts
    assert set(disclosed.cells) == {2}
    lists = (facts.statements, facts.middle_ground, facts.divisive)
    assert [[item.statement for item in found] for found in lists] == [[2], [2], [2]]  # type: ignore[attr-defined]
    assert {item.statement for group in facts.groups for item in group.representative} == {2}


def test_a_group_with_too_few_votes_has_no_share() -> None:
    facts = made_facts({1: {"A": (20, 3, 2), "B": (2, 1, 1)}, 2: {"A": (9, 9, 9), "B": (19, 9, 9)}})
    disclosed = disclose(facts, MINIMUM, {1, 2})
    assert disclosed.facts.statements[0].groups[1] == Rate("B", None, 0.0, 1.0, Tally(0, 0, 0))
    (item,) = disclosed.facts.groups[1].representative
    assert item.statement == 2


def test_a_label_contradicted_by_disclosed_shares_is_withheld() -> None:
    """With few votes, shares from bands may contradict a label that the exact counts support."""
    against, alike = {"A": (20, 3, 2), "B": (9, 12, 3)}, {"A": (20, 3, 2), "B": (18, 3, 2)}
    facts = disclose(made_facts({1: against, 2: alike}), MINIMUM, {1, 2}).facts
    assert [item.holds for item in facts.middle_ground] == [False, True]
    assert [item.holds for item in facts.divisive] == [True, False]


@pytest.mark.parametrize(
    ("agree", "status", "holds"),
    [(660, "one_group", False), (708, "one_group", True), (660, "groups", True)],
)
def test_without_groups_no_label_stands_beside_a_share_that_is_not_sure(
    agree: int, status: str, holds: bool
) -> None:
    """The label is of those who voted enough, the share of everyone: it takes both."""
    made = made_facts({1: {"A": (agree, 1200 - agree, 0)}})
    if status == "one_group":
        alone = tuple(replace(item, groups=()) for item in made.statements)
        made = replace(made, status="one_group", groups=(), statements=alone, divisive=())
    (found,) = disclose(made, MINIMUM, {1}).facts.middle_ground
    (rate,) = found.groups
    assert rate.rate is not None
    assert rate.low < 0.5 < rate.rate  # 95% sure is none of them
    assert found.holds is holds


@pytest.mark.parametrize(
    ("counts", "minimum", "holds"),
    [
        ((30, 30, 0), 10, False),  # half of them: "29–66%"
        ((30, 30, 0), 20, False),
        ((58, 2, 0), 10, True),  # "at least 63%"
        ((10, 0, 0), 5, True),  # "at least 46%", which hides a share of 73% or more
        ((0, 8, 0), 5, False),  # "at most 80%", which hides a share of 40% or less
    ],
)
def test_without_groups_no_label_stands_beside_a_range_that_does_not_bear_it(
    counts: tuple[int, int, int], minimum: int, holds: bool
) -> None:
    """Copies and people with few votes are in the range; the engine judged without them."""
    made = made_facts({1: {"A": counts}}, shrinkage=5.0)
    alone = tuple(replace(item, groups=()) for item in made.statements)
    made = replace(made, status="one_group", groups=(), statements=alone, divisive=())
    (found,) = disclose(made, minimum, {1}).facts.middle_ground
    (rate,) = found.groups
    assert rate.rate is None
    assert rate.high > 0.5
    assert found.holds is holds


def test_the_order_of_findings_is_kept() -> None:
    counts = {"A": (20, 3, 2), "B": (12, 20, 6)}
    facts = made_facts({3: counts, 1: counts, 2: counts})
    found = [item.statement for item in disclose(facts, MINIMUM, {1, 2, 3}).facts.divisive]
    assert found == [3, 1, 2]
    assert list(pairwise(found)) == [(3, 1), (1, 2)]
