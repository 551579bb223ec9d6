"""Near-duplicates by hand: who is near a hub, what chance explains, what a cluster shares."""

from __future__ import annotations

import numpy as np
import pytest

from middleground.engine import Votes
from middleground.engine.arrays.binary_votes import DOUBLE
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.distributed.table import one_partition
from middleground.engine.findings.rates import VoteRowSource
from middleground.engine.integrity.answers import AnswerMatrix
from middleground.engine.integrity.near_duplicates import (
    DuplicateCluster,
    _significant,
    shared_answers,
)


@pytest.mark.parametrize(
    ("common", "differ", "near"),
    [(6, 0, False), (7, 0, True), (7, 1, False), (19, 1, False), (20, 1, True), (20, 2, False)],
)
def test_a_neighbour_answered_seven_statements_and_one_in_twenty_otherwise(
    common: int, differ: int, near: bool
) -> None:
    """The hub agrees with 30 statements; the other disagrees with the first few of these."""
    value = np.where(np.arange(common) < differ, -1, 1).astype(np.int8)
    answers = AnswerMatrix(np.array([0, common]), np.arange(common, dtype=np.int32), value, 40)
    found = answers.neighbours(np.arange(30), np.full(30, 2))
    assert found.tolist() == ([0] if near else [])


@pytest.mark.parametrize(
    ("evidence", "taken"),
    [
        # 100 P(Poisson(200 / e) >= 2) is .0050 with e = 20,000 and .00005 with e = 200,000.
        ([2e4, 2e4], []),
        ([2e5, 2e5], [0, 1]),
        ([2e5, 1.0, 4e5], [2, 0]),
        ([2e5, 2e5, 2e4], [0, 1, 2]),
        ([1e20], []),  # two accounts are never merged
        ([], []),
    ],
)
def test_neighbours_are_copies_only_beyond_chance(evidence: list[float], taken: list[int]) -> None:
    assert _significant(np.log(np.array(evidence)), 100).tolist() == taken


def test_what_a_cluster_shares_most_answered_and_nine_in_ten_alike() -> None:
    """Statement 1 divides the ten 9 to 1, statement 2 8 to 2; four answered statement 3."""
    answers = {0: [1] * 10, 1: [-1] * 9 + [1], 2: [1] * 8 + [0] * 2, 3: [1] * 4}
    votes = Votes(
        [person for values in answers.values() for person in range(len(values))],
        [statement for statement, values in answers.items() for _ in values],
        [value for values in answers.values() for value in values],
    )
    source = VoteRowSource.of_all(one_partition(tabulate(votes, min_votes=1), DOUBLE))
    cluster = DuplicateCluster(np.arange(10))
    assert sorted(shared_answers(cluster, source, 5)) == [0, 1]
    assert sorted(shared_answers(cluster, source, 4)) == [0, 1, 3]
