"""Batches: enough people, shuffled, and a person's later vote still the later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from middleground.ledger.merkle.batches import shuffled

ITEMS = st.lists(st.tuples(st.integers(0, 5), st.integers()), max_size=30)


@given(ITEMS, st.randoms(use_true_random=False))
def test_the_same_items_with_each_tag_s_in_their_order(
    items: list[tuple[int, int]], chance: object
) -> None:
    mixed = shuffled(items, lambda item: item[0], chance.randrange)
    assert Counter(mixed) == Counter(items)
    for tag in range(6):
        assert [i for i in mixed if i[0] == tag] == [i for i in items if i[0] == tag]


def test_every_order_comes_as_often_as_every_other() -> None:
    """All 4! sequences of picks, once each, give all 4! orders, once each."""
    sequences = list(product(range(4), range(3), range(2)))
    orders = {tuple(shuffled("wxyz", lambda item: item, picking(picks))) for picks in sequences}
    assert len(orders) == len(sequences) == 24


def picking(picks: tuple[int, ...]) -> Callable[[int], int]:
    left = iter(picks)
    return lambda _: next(left)
