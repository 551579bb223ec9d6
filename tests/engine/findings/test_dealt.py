"""Only votes on statements that the server dealt count towards the map and its findings."""

from __future__ import annotations

import numpy as np
import pytest

from engine.shapes import camps
from middleground.engine import InvalidVotes, Votes, analyse

TARGET = 9  # the larger camp agrees with it and the smaller one disagrees


def with_brigade(size: int, *, told: bool) -> Votes:
    """Camps, and accounts that vote as the smaller camp on the statements dealt to them.

    They agree with one statement not dealt to them; ``told`` decides whether the votes say so.
    """
    votes = camps()
    template = votes.participant == 0
    dealt = template & (votes.statement != TARGET) & (votes.statement < 12)
    rows = np.flatnonzero(dealt)
    participants = np.repeat(np.arange(1000, 1000 + size), len(rows) + 1)
    statement = np.tile(np.append(votes.statement[rows], TARGET), size)
    value = np.tile(np.append(votes.value[rows], 1), size)
    chosen = np.tile(np.append(np.ones(len(rows), dtype=bool), False), size)
    known = np.concatenate([np.ones(len(votes), dtype=bool), chosen]) if told else None
    return Votes(
        np.concatenate([votes.participant, participants]),
        np.concatenate([votes.statement, statement]),
        np.concatenate([votes.value, value]),
        known,
    )


def rank_of_target(votes: Votes) -> int:
    return [item.statement for item in analyse(votes).middle_ground].index(TARGET)


def test_votes_on_statements_not_dealt_count_for_no_finding() -> None:
    plain, brigade = camps(), with_brigade(6, told=True)
    found = analyse(brigade)
    tally = next(s.everyone.tally for s in found.statements if s.statement == TARGET)
    before = next(s.everyone.tally for s in analyse(plain).statements if s.statement == TARGET)
    assert tally == before
    assert found.facts.integrity.looked_up == 6
    # The known-bad control: without that information the statement rises in the ranking.
    assert rank_of_target(with_brigade(6, told=False)) < rank_of_target(brigade)


def test_marking_all_votes_as_dealt_equals_no_marks() -> None:
    votes = camps()
    told = Votes(votes.participant, votes.statement, votes.value, np.ones(len(votes), dtype=bool))
    assert analyse(told).to_json() == analyse(votes).to_json()
    assert told.counted() is told


def test_no_dealt_vote_leaves_nothing_to_count() -> None:
    votes = camps()
    nothing = np.zeros(len(votes), dtype=bool)
    found = analyse(Votes(votes.participant, votes.statement, votes.value, nothing))
    assert found.status == "too_little"
    assert found.facts.integrity.looked_up == len(votes)
    assert found.statements == ()


def test_a_later_vote_not_dealt_does_not_replace_a_dealt_one() -> None:
    votes = Votes([1, 1], [5, 5], [1, -1], [True, False]).counted()
    assert votes.value.tolist() == [1]


@pytest.mark.parametrize(
    ("dealt", "why"),
    [([1, 0], "holds int64"), ([True], "1 entries for 2 votes"), ([[True, False]], "dimension")],
)
def test_invalid_marks_are_refused(dealt: list[object], why: str) -> None:
    with pytest.raises(InvalidVotes, match=why):
        Votes([1, 2], [3, 3], [1, -1], dealt)


def test_the_marks_are_copied_and_cannot_be_changed() -> None:
    dealt = np.array([True, False])
    votes = Votes([1, 2], [3, 3], [1, -1], dealt)
    dealt[:] = False
    assert votes.dealt is not None
    assert votes.dealt.tolist() == [True, False]
    assert not votes.dealt.flags.writeable
