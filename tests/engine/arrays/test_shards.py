"""Sorting votes by counting and computing in shards give the results of a direct computation."""

from __future__ import annotations

import numpy as np
import pytest

from engine.shapes import three_camps
from middleground.engine import Votes, analyse
from middleground.engine.arrays import shards as shard
from middleground.engine.arrays.binary_votes import SINGLE, BinaryVotes
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.arrays.csr import factorize, keep_last_of_pair, permute, to_csr
from middleground.engine.arrays.shards import Shard, split_into_shards


def uneven(seed: int = 0) -> BinaryVotes:
    """Participants without votes, with a few votes, and with more votes than a run holds."""
    rng = np.random.default_rng(seed)
    counts = np.concatenate([[0, 1, 700, 0, 0, 3], rng.integers(0, 40, 60), [0]])
    column = np.concatenate([np.sort(rng.choice(900, c, replace=False)) for c in counts])
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return BinaryVotes(indptr, column.astype(np.int32), rng.random(len(column)) < 0.5, 900, SINGLE)


@pytest.mark.parametrize("width", [1, 5, 21, 153])
def test_matrix_products_equal_sums_over_the_votes(width: int) -> None:
    votes, rng = uneven(), np.random.default_rng(1)
    left, right = rng.standard_normal((votes.n_rows, width)), rng.standard_normal((900, width))
    found = Shard(votes, 0).row_dots(left, right)
    assert np.allclose(found, (left @ right.T)[votes.row, votes.column], atol=1e-4)


def test_row_and_column_sums_equal_those_of_the_dense_matrix() -> None:
    votes, rng = uneven(), np.random.default_rng(1)
    weight = rng.random(len(votes.column)).astype(np.float32)
    dense = votes.matrix(weight).toarray()
    participants, statements = rng.standard_normal((votes.n_rows, 3)), rng.standard_normal((900, 3))
    one = Shard(votes, 0)
    assert np.allclose(one.row_sums(weight, statements), dense @ statements, atol=1e-4)
    assert np.allclose(one.column_sums(weight, participants), dense.T @ participants, atol=1e-4)


def test_each_participant_is_in_exactly_one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard, "SHARD_VOTES", 50)
    votes = uneven()
    shards = split_into_shards(votes)
    assert len(shards) > 10
    assert [row for item in shards for row in range(votes.n_rows)[item.rows]] == list(
        range(votes.n_rows)
    )
    assert np.array_equal(np.concatenate([item.votes.column for item in shards]), votes.column)


def test_the_number_of_cores_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = three_camps()
    participants = np.unique(votes.participant)
    monkeypatch.setattr(shard, "SHARD_VOTES", 1_000)
    found = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(shard, "_cores", lambda cores=cores: cores)
        found.append(analyse(votes))
    assert len({item.to_json() for item in found}) == 1
    for item in found[1:]:
        assert np.array_equal(item.positions(participants), found[0].positions(participants))
    # The known-bad control: other cuts change the order of the sums, which changes bits.
    monkeypatch.setattr(shard, "SHARD_VOTES", 700)
    assert not np.array_equal(
        analyse(votes).positions(participants), found[0].positions(participants)
    )


@pytest.mark.parametrize(
    "ids",
    [
        [7, 5, 7, 9, 5],
        [2**62, -(2**62), 2**62, 0],
        np.repeat([2**60, 5, -(2**50)], 10),
        [],
    ],
)
def test_three_ways_to_find_distinct_ids_agree(ids: list[int]) -> None:
    array = np.array(ids, dtype=np.int64)
    found, place = factorize(array)
    expected, where = np.unique(array, return_inverse=True)
    assert np.array_equal(found, expected)
    assert np.array_equal(place, where)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("again", [True, False])
def test_rows_are_grouped_and_the_last_vote_of_a_pair_is_kept(seed: int, again: bool) -> None:
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, 40 * 9, 500) if again else rng.permutation(40 * 9)
    row, column = (part.astype(np.int32) for part in np.divmod(pairs, 9))
    value = rng.integers(-1, 2, len(row)).astype(np.int8)
    expected = {}
    for r, c, v in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
        expected[r, c] = v
    for order in (np.arange(len(row)), np.lexsort((np.arange(len(row)), column, row))):
        raw = to_csr(row[order], column[order], value[order], 40, 9)
        indptr, columns, values = keep_last_of_pair(*raw, 9)
        rows = np.repeat(np.arange(40), np.diff(indptr)).tolist()
        found = dict(zip(zip(rows, columns.tolist(), strict=True), values.tolist(), strict=True))
        assert len(rows) == len(expected)
        assert found == expected


def test_rows_in_another_order_keep_their_votes() -> None:
    votes, rng = uneven(), np.random.default_rng(3)
    value = np.where(votes.answer, 1, -1).astype(np.int8)
    order, rank = rng.permutation(votes.n_rows), rng.permutation(900)
    indptr, column, values = permute(votes.indptr, votes.column, value, order, rank)
    for new, old in enumerate(order):
        was = slice(votes.indptr[old], votes.indptr[old + 1])
        now = slice(indptr[new], indptr[new + 1])
        renamed = np.argsort(rank[votes.column[was]])
        assert np.array_equal(column[now], rank[votes.column[was]][renamed])
        assert np.array_equal(values[now], value[was][renamed])


def test_only_writable_columns_are_copied() -> None:
    column = np.arange(5)
    assert not np.shares_memory(Votes(column, column, [0] * 5).participant, column)
    column.flags.writeable = False
    assert Votes(column, column, [0] * 5).participant is column


def test_sorted_and_unsorted_rows_give_the_same_table() -> None:
    votes = three_camps()
    order = np.random.default_rng(0).permutation(len(votes))
    mixed = Votes(votes.participant[order], votes.statement[order], votes.value[order])
    assert tabulate(votes).digest() == tabulate(mixed).digest()
    # The known-bad control: another vote gives another digest.
    other = votes.value.copy()
    other[0] = -other[0]
    turned = Votes(votes.participant, votes.statement, other)
    assert tabulate(turned).digest() != tabulate(votes).digest()
