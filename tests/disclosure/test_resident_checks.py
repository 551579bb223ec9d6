"""What is published of checks tells nobody's answer, however well the rules are known."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from middleground.disclosure.resident_checks import (
    RAISED,
    has_failed,
    published_counts,
    shares_of,
)

MINIMUM = 3


def test_small_counts_cannot_be_told_apart() -> None:
    """Of all that is published, and of whether it reopens, over all counts up to 7."""
    seen: dict[object, set[tuple[int, ...]]] = defaultdict(set)
    for counts in product(range(8), repeat=6):
        raised, others = counts[:3], counts[3:]
        published = published_counts({RAISED: raised, "others": others}, MINIMUM)
        failed = has_failed(published, MINIMUM, percent=50, least=MINIMUM)
        seen[repr(published), failed].add(counts)
    for possible in seen.values():
        for place in range(6):
            values = {counts[place] for counts in possible}
            assert len(values) >= min(MINIMUM, 8 - min(values))
    # The control: a decision from exact counts, or a total, rules some out.
    exact: dict[object, set[int]] = defaultdict(set)
    for yes, partly, no in product(range(8), repeat=3):
        published = published_counts({RAISED: (yes, partly, no)}, MINIMUM)
        exact[repr(published), 2 * no > yes + partly + no].add(yes)
    assert any(len(values) < MINIMUM and max(values) < 6 for values in exact.values())


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        ({"raised": (9, 0, 0), "A": (4, 0, 0), "B": (0, 3, 0)}, {"raised", "A", "B"}),
        ({"raised": (9, 0, 0), "A": (4, 0, 0), "B": (2, 2, 2)}, {"raised", "others"}),
        ({"raised": (9, 0, 0), "A": (4, 0, 0)}, {"raised", "others"}),  # nobody of B is no news
        ({"others": (1, 1, 1)}, {"others"}),
    ],
)
def test_groups_are_told_apart_only_if_each_can_be(
    counts: dict[str, tuple[int, int, int]], kinds: set[str]
) -> None:
    assert set(published_counts(counts, MINIMUM, ["A", "B"])) == kinds


def test_shares_come_from_the_bands_alone() -> None:
    for counts, floors in (((63, 10, 20), [63, 9, 18]), ((60, 11, 23), [60, 9, 21])):
        published = published_counts({RAISED: counts}, MINIMUM)
        assert published == {RAISED: floors}
        shares = shares_of(published, MINIMUM)
        assert shares.yes.low < counts[0] / sum(counts) < shares.yes.high
        assert shares.no.low < counts[2] / sum(counts) < shares.no.high
    assert not shares_of({}, MINIMUM).is_told
    assert not shares_of({RAISED: [0, 0, 0]}, MINIMUM).is_told
