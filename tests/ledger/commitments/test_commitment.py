"""Commitments hide single votes, and their sum opens to one set of totals only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.town import scalars
from middleground.ledger.codecs.field_codecs import Vote
from middleground.ledger.commitments.commitment import (
    ANSWERS,
    MOST_VOTES,
    PLACE_BITS,
    VALUES,
    VoteTotals,
    commit,
    opens_to,
    sum_of,
    tally_of,
    value_point,
    value_points,
)
from middleground.ledger.commitments.group import (
    IDENTITY,
    ORDER,
    add,
    hash_to_point,
    times,
    times_base,
)

CHEAP = settings(max_examples=25, deadline=None)
SCALARS = st.integers(0, ORDER - 1)
VOTES = st.lists(st.tuples(st.sampled_from(ANSWERS), SCALARS), max_size=12)
NAMES = ("agree", "passed", "disagree")


def point_of(totals: VoteTotals, blinding: int) -> bytes:
    """The sum that commits to these totals, whatever their size."""
    value = totals.agree + 2**21 * totals.disagree + 2**42 * totals.passed
    return add(times(value % ORDER, value_point()), times_base(blinding))


def test_the_point_of_values_is_hashed_from_a_text() -> None:
    assert hash_to_point(b"middleground vote value/v1") == value_point()
    assert value_point().hex() == "cc424b49678421072f0282eb62fd6047f8510f534301dafd5df719bedfea5a63"


def test_values_by_hand() -> None:
    assert VALUES == {1: 1, -1: 2**21, 0: 2**42}
    assert [times(VALUES[answer], value_point()) for answer in ANSWERS] == list(value_points())
    assert commit(-1, 5) == add(times(2**21, value_point()), times_base(5))


@CHEAP
@given(VOTES)
def test_a_sum_opens_to_its_totals(votes: list[tuple[Vote, int]]) -> None:
    total = sum_of(commit(*vote) for vote in votes)
    assert total == sum_of(commit(*vote) for vote in reversed(votes))
    tally, blinding = tally_of(answer for answer, _ in votes), sum(r for _, r in votes)
    assert opens_to(total, tally, blinding)
    assert not opens_to(total, tally, blinding + 1)
    for name in NAMES:
        for more in (-1, 1, 2**20, 2**21, ORDER):
            assert not opens_to(
                total, replace(tally, **{name: getattr(tally, name) + more}), blinding
            )


def test_the_sum_of_nothing() -> None:
    assert sum_of([]) == IDENTITY
    assert opens_to(IDENTITY, VoteTotals(), 0)
    assert not opens_to(IDENTITY, VoteTotals(1), 0)


def test_the_largest_totals_do_not_run_into_each_other() -> None:
    most = VoteTotals(MOST_VOTES, MOST_VOTES, MOST_VOTES)
    assert opens_to(point_of(most, 7), most, 7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (VoteTotals(agree=2**21), VoteTotals(disagree=1)),
        (VoteTotals(disagree=2**21), VoteTotals(passed=1)),
        (VoteTotals(agree=2**42), VoteTotals(passed=1)),
        (VoteTotals(agree=5 + 2**21, disagree=3), VoteTotals(agree=5, disagree=4)),
        (VoteTotals(agree=ORDER + 2), VoteTotals(agree=2)),
    ],
)
def test_totals_beyond_a_place_are_refused(one: VoteTotals, other: VoteTotals) -> None:
    """Known bad: without the limit, one sum opens to two sets of totals."""
    assert point_of(one, 9) == point_of(other, 9)
    assert opens_to(point_of(one, 9), other, 9)
    assert not opens_to(point_of(one, 9), one, 9)


def test_negative_totals_are_no_way_around_the_limit() -> None:
    """2²¹ − 1 disagree and one agree less give the sum of others; files hold no negative number."""
    odd, plain = VoteTotals(agree=-1, disagree=1), VoteTotals(agree=2**PLACE_BITS - 1)
    assert point_of(odd, 3) == point_of(plain, 3)
    assert opens_to(point_of(plain, 3), plain, 3)


def test_a_known_logarithm_opens_a_commitment_to_anything() -> None:
    """Known bad: with G′ = x · B the host says “agree” or “disagree”, as it likes."""
    x = 12345
    value_point = times_base(x)
    commitment = add(value_point, times_base(99))  # agree
    other = (99 + x - 2**21 * x) % ORDER
    assert add(times(2**21, value_point), times_base(other)) == commitment  # disagree
    moved = (99 + 1 - 2**21) % ORDER
    assert not opens_to(commit(1, 99), VoteTotals(disagree=1), moved)


def test_a_blinding_factor_hides_the_answer() -> None:
    """Known bad first: without one, or with a known one, three trials find the answer."""
    for answer in ANSWERS:
        for blinding in (0, 77):
            found = [each for each in ANSWERS if commit(each, blinding) == commit(answer, blinding)]
            assert found == [answer]
    random = scalars("blinding")
    hidden = [commit(1, random()) for _ in range(20)]
    assert len({*hidden, *value_points()}) == 23


def test_one_blinding_factor_for_two_lines_shows_whether_they_agree() -> None:
    """Known bad: why a factor is used once."""
    assert commit(1, 5) == commit(1, 5) != commit(-1, 5)


def test_opening_a_sum_opens_no_part_of_it() -> None:
    """The sum fits every way in which its lines could have been cast."""
    random = scalars("parts")
    one, other = random(), random()
    total, blinding = sum_of([commit(1, one), commit(-1, other)]), one + other
    assert opens_to(total, VoteTotals(agree=1, disagree=1), blinding)
    for answer in ANSWERS:
        assert not opens_to(commit(1, one), tally_of([answer]), blinding)
    assert sum_of([commit(-1, other), commit(1, one)]) == sum_of(
        [commit(1, other), commit(-1, one)]
    )
