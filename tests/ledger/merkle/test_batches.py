"""Batches have enough participants, are shuffled, and keep each tag's votes in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from middleground.ledger.merkle.batches import shuffled

ITEMS = st.lists(st.tuples(st.integers(0, 5), st.integers()), max_size=30)


@given(ITEMS, st.randoms(use_true_random=False))
def test_a_shuffle_keeps_all_items_and_each_tags_order(
    items: list[tuple[int, int]], chance: object
) -> None:
    mixed = shuffled(items, lambda item: item[0], chance.randrange)
    assert Counter(mixed) == Counter(items)
    for tag in range(6):
        assert [i for i in mixed if i[0] == tag] == [i for i in items if i[0] == tag]


def test_all_orders_are_equally_likely() -> None:
    """Each of the 4! sequences of picks gives another one of the 4! orders."""
    sequences = list(product(range(4), range(3), range(2)))
    orders = {tuple(shuffled("wxyz", lambda item: item, picking(picks))) for picks in sequences}
    assert len(orders) == len(sequences) == 24


def picking(picks: tuple[int, ...]) -> Callable[[int], int]:
    left = iter(picks)
    return lambda _: next(left)
