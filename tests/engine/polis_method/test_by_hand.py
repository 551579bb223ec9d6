"""Polis's figures by hand: who is significant, where somebody with few votes stands."""

from __future__ import annotations

import numpy as np
import pytest

from middleground.engine import Votes
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.polis_method.consensus import GroupVoteCounts
from middleground.engine.polis_method.pca import principal_plane
from middleground.engine.polis_method.representative import answer_tests
from middleground.engine.polis_method.vote_calibration import _without_own


def test_an_answer_is_significant_at_ninety_per_cent() -> None:
    """z is 2 sqrt(20) (13 / 20 - 1 / 2) = 1.34 with 12 of 19, and .89 with 11; 1.28 is needed."""
    agree, seen = np.array([[12, 11], [0, 0]]), np.array([[19, 19], [50, 50]])
    found, _ = answer_tests(GroupVoteCounts(agree, seen - agree, seen))
    assert found.test[0] == pytest.approx([1.341641, 0.894427], abs=1e-6)
    assert found.ratio_test[0].min() > 4.0
    assert found.significant.tolist() == [[True, False], [False, False]]


def test_an_answer_is_significant_only_if_the_others_give_it_less_often() -> None:
    """18 of 19 agree in either group."""
    agree, seen = np.array([[18], [18]]), np.array([[19], [19]])
    found, _ = answer_tests(GroupVoteCounts(agree, seen - agree, seen))
    assert found.test[0, 0] > 4.0
    assert found.significant.tolist() == [[False], [False]]


def test_positions_are_scaled_up_by_the_statements_that_somebody_did_not_vote_on() -> None:
    rng = np.random.default_rng(0)
    side = np.where(np.arange(20)[:, None] < 12, 1, -1) * np.where(np.arange(9) < 5, 1, -1)
    cast = np.where(rng.random((20, 9)) < 0.2, 0, side)
    seen = rng.random((20, 9)) < 0.6
    seen[0] = np.arange(9) == 3  # one vote of nine
    participant, statement = np.nonzero(seen)
    table = tabulate(Votes(participant, statement, cast[seen]), min_votes=1)
    plane, count = principal_plane(table), seen.sum(axis=1)
    for row, person in enumerate(table.participants.tolist()):
        columns = [k for k, s in enumerate(table.statements.tolist()) if seen[person, s]]
        away = cast[person, table.statements[columns]] - plane.mean[columns]
        expected = away @ plane.loading[columns] * np.sqrt(9 / count[person])
        assert plane.points[row] == pytest.approx(expected, abs=1e-12)
    assert plane.sparsity[table.participants.tolist().index(0)] == 3.0


def test_a_vote_takes_no_part_in_its_own_reconstruction() -> None:
    rng = np.random.default_rng(1)
    value = rng.integers(-1, 2, (15, 6))
    participant, statement = np.nonzero(rng.random((15, 6)) < 0.8)
    table = tabulate(Votes(participant, statement, value[participant, statement]), min_votes=1)
    plane = principal_plane(table)
    found = _without_own(table, plane, table.row, table.column, table.value)
    for k, (row, column) in enumerate(zip(table.row.tolist(), table.column.tolist(), strict=True)):
        others = [i for i in np.flatnonzero(table.row == row).tolist() if i != k]
        away = table.value[others] - plane.mean[table.column[others]]
        position = away @ plane.loading[table.column[others]] * np.sqrt(6 / max(len(others), 1))
        assert found[k] == pytest.approx(position @ plane.loading[column], abs=1e-12)
