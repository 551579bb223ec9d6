"""Bands published beside an exact total withstand an attacker who tries every small table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from middleground.disclosure.bands import Band, consistent_bands, may_publish_exact

MINIMUM = 5
Publish = Callable[[int, dict[str, int]], object]
Table = tuple[int, ...]  # each group's count, then the count outside all groups


def tables(total: int, groups: int) -> Iterator[Table]:
    """Every way to distribute a total over groups and the participants in no group."""
    for counts in product(range(total + 1), repeat=groups):
        if sum(counts) <= total:
            yield (*counts, total - sum(counts))


def told_apart(publish: Publish, total: int, groups: int) -> list[tuple[Table, int]]:
    """The cells below the minimum for which the publication leaves too few possible values.

    The attacker knows the exact total and runs ``publish`` on every table with that total. In a
    group, each of 0 to 4 must remain possible; outside all groups, any five values must.
    """
    classes: dict[str, list[Table]] = defaultdict(list)
    for table in tables(total, groups):
        classes[repr(publish(total, dict(zip("ABCD", table[:-1], strict=False))))].append(table)
    return [
        (table, place)
        for members in classes.values()
        for place in range(groups + 1)
        if not _all_remain({member[place] for member in members}, in_a_group=place < groups)
        for table in members
        if table[place] < MINIMUM
    ]


def _all_remain(values: set[int], *, in_a_group: bool) -> bool:
    return set(range(MINIMUM)) <= values if in_a_group else len(values) >= MINIMUM


def ours(total: int, groups: dict[str, int]) -> tuple[dict[str, Band], Band]:
    return consistent_bands(total, groups, MINIMUM)


def a_band_each(total: int, groups: dict[str, int]) -> list[int]:
    """Known bad, and an earlier rule of this product: each population has its own band."""
    rest = total - sum(groups.values())
    return [count // MINIMUM for count in (*groups.values(), rest)]


def total_less_groups(total: int, groups: dict[str, int]) -> list[int]:
    """Known bad, half of our rule: the rest is withheld, but no band is widened."""
    return [total // MINIMUM, *(count // MINIMUM for count in groups.values())]


@pytest.mark.parametrize(("groups", "totals"), [(1, 60), (2, 40), (3, 22)])
def test_an_exact_total_reveals_no_small_cell(groups: int, totals: int) -> None:
    for total in range(MINIMUM, totals):
        assert told_apart(ours, total, groups) == []


@pytest.mark.parametrize("known_bad", [a_band_each, total_less_groups])
def test_the_attack_succeeds_against_known_bad_rules(known_bad: Publish) -> None:
    assert ((20, 0, 0), 1) in told_apart(known_bad, 20, 2)
    assert told_apart(known_bad, 23, 2) != []


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_every_band_holds_its_count(groups: int) -> None:
    for total in range(25):
        for table in tables(total, groups):
            labels = dict(zip("ABC", table[:-1], strict=False))
            bands, rest = ours(total, labels)
            assert all(bands[label][0] <= labels[label] <= bands[label][1] for label in labels)
            assert rest[0] <= table[-1] <= rest[1]


def test_bands_of_three_worked_examples() -> None:
    assert ours(46, {"A": 37, "B": 2}) == ({"A": (35, 39), "B": (0, 4)}, (0, 14))
    # 20 = 20 + 0 + 0: the band of A reaches one step lower, so that B can be any of 0 to 4.
    assert ours(20, {"A": 20, "B": 0}) == ({"A": (15, 24), "B": (0, 4)}, (0, 9))
    assert ours(3, {"A": 3, "B": 0}) == ({"A": (0, 4), "B": (0, 4)}, (0, 4))


def test_bands_are_as_wide_as_the_hosts_minimum() -> None:
    assert consistent_bands(50, {"A": 31, "B": 2}, 10) == ({"A": (30, 39), "B": (0, 9)}, (0, 29))


def test_exact_counts_are_published_only_where_none_is_withheld() -> None:
    assert may_publish_exact(5, 9, 5, MINIMUM)
    assert not may_publish_exact(50, 4, 50, MINIMUM)
    assert not may_publish_exact(50, 0, 50, MINIMUM)  # or “withheld” would imply one or more
    assert not may_publish_exact(50, 9, 50, 10)
