"""Extreme votes: none, of one participant, unanimous, huge, invalid."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from middleground.engine import InvalidVotes, MapFacts, OpinionMap, Options, Votes, analyse
from middleground.engine.votes import IntArray


def grid(
    participants: int, statements: int, value: Callable[[IntArray, IntArray], IntArray]
) -> Votes:
    participant, statement = np.divmod(np.arange(participants * statements), statements)
    return Votes(participant, statement, value(participant, statement))


def checked(votes: Votes, options: Options | None = None) -> OpinionMap:
    """The map, after asserting the properties of every map."""
    found = analyse(votes, options)
    text = found.to_json()
    assert MapFacts.from_dict(json.loads(text, parse_constant=pytest.fail)) == found.facts
    assert MapFacts.from_json(text) == found.facts
    assert sum(s.everyone.tally.seen for s in found.statements) == found.diagnostics.votes
    return found


def missing(found: OpinionMap) -> list[tuple[str, int, int]]:
    return [(s.code, s.have, s.need) for s in found.unmet_minimums]


def test_no_votes() -> None:
    found = checked(Votes([], [], []))
    assert found.status == "too_little"
    assert missing(found) == [("participants", 0, 15), ("statements", 0, 7)]
    assert found.statements == ()
    assert found.diagnostics.median_votes == 0.0
    assert found.predict([], []).shape == (0,)
    assert found.predict([1], [1])[0] == pytest.approx(0.6, abs=0.1)


def test_one_person() -> None:
    found = checked(Votes([1] * 30, range(30), [1, -1, 0] * 10))
    assert missing(found) == [("participants", 1, 15)]


def test_one_statement() -> None:
    found = checked(Votes(range(100), [3] * 100, [1, -1] * 50))
    assert missing(found) == [("statements", 1, 7), ("votes_per_participant", 1, 7)]
    everyone = found.statements[0].everyone
    assert (everyone.tally.agree, everyone.tally.disagree) == (50, 50)
    assert everyone.rate == pytest.approx(0.5)


def test_all_agree() -> None:
    found = checked(grid(40, 20, lambda p, _: np.ones_like(p)))
    assert found.status == "one_group"
    assert len([item for item in found.middle_ground if item.holds]) == 20


def test_all_disagree() -> None:
    found = checked(grid(40, 20, lambda p, _: -np.ones_like(p)))
    assert found.status == "one_group"
    assert [item for item in found.middle_ground if item.holds] == []


def test_all_pass() -> None:
    found = checked(grid(40, 20, lambda p, _: np.zeros_like(p)))
    assert found.status == "one_group"
    assert [item for item in found.middle_ground if item.holds] == []
    assert {s.everyone.tally.passed for s in found.statements} == {40}


def test_participants_without_common_statements() -> None:
    found = checked(Votes(np.repeat(np.arange(50), 10), range(500), [1, -1] * 250))
    assert found.status == "one_group"
    assert [item for item in found.middle_ground if item.holds] == []


def test_perfect_opposites() -> None:
    found = checked(grid(40, 20, lambda p, s: np.where(p % 2 == s % 2, 1, -1)))
    assert [group.size for group in found.groups] == [20, 20]
    assert len([item for item in found.divisive if item.holds]) == 20


def test_two_participants_form_no_group() -> None:
    found = checked(grid(60, 20, lambda p, _: np.where(p < 2, -1, 1)))
    assert found.status == "one_group"


def test_a_participant_with_five_thousand_votes() -> None:
    rng = np.random.default_rng(0)
    rest = grid(40, 20, lambda p, s: np.where(p % 2 == s % 2, 1, -1))
    found = checked(
        Votes(
            [*[99] * 5000, *rest.participant],
            [*range(5000), *rest.statement],
            [*rng.choice([-1, 1], 5000), *rest.value],
        )
    )
    assert [group.size for group in found.groups] == [21, 20]


@pytest.mark.slow
def test_a_hundred_thousand_statements_with_one_vote_each() -> None:
    rng = np.random.default_rng(0)
    votes = Votes(np.arange(100_000) % 2000, range(100_000), rng.integers(-1, 2, 100_000))
    found = analyse(votes)
    assert found.status == "one_group"
    assert len(found.statements) == 100_000
    assert [item for item in found.middle_ground if item.holds] == []


def test_ids_at_the_ends_of_64_bits() -> None:
    small = grid(40, 20, lambda p, s: np.where(p % 2 == s % 2, 1, -1))
    top = np.iinfo(np.int64)
    far = Votes(
        np.where(small.participant == 0, top.min, top.max - small.participant),
        np.where(small.statement == 0, top.min, top.max - small.statement),
        small.value,
    )
    found = checked(far)
    assert [group.size for group in found.groups] == [20, 20]
    assert found.membership([top.min, top.max - 1]).max(axis=1).min() > 0.99


@pytest.mark.parametrize(
    ("participant", "statement", "value", "words"),
    [
        ([1], [1, 2], [1], "equally long"),
        ([[1]], [[1]], [[1]], "one dimension"),
        ([1], [1], [2], r"value\[0\] is 2"),
        ([1], [1], [float("nan")], "whole number"),
        ([1], [1.5], [1], r"statement\[0\] is 1.5"),
        ([float("inf")], [1], [1], "whole number"),
        ([2.0**63], [1], [1], "64 bits"),
        (np.array([2**63], dtype=np.uint64), [1], [1], "64 bits"),
        (["a"], [1], [1], "must hold integers"),
        ([True], [1], [1], "must hold integers"),
    ],
)
def test_an_invalid_vote_is_refused_and_named(
    participant: object, statement: object, value: object, words: str
) -> None:
    with pytest.raises(InvalidVotes, match=words):
        Votes(participant, statement, value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"dimensions": 0},
        {"dimensions": 17},
        {"max_groups": 0},
        {"interval": 1.0},
        {"min_votes": 0},
        {"shrinkage": -1.0},
        {"double_votes": -1},
        {"shrinkage": float("nan")},
    ],
)
def test_options_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"Options.{next(iter(wrong))} is "):
        Options(**wrong)  # type: ignore[arg-type]
