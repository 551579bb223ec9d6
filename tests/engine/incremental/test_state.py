"""Incremental maps: new votes into a state, against a warm pass over all and a cold fit."""

from __future__ import annotations

import numpy as np
import pytest

from engine.shapes import camps, cloud, three_camps
from middleground.engine import Options, Votes, analyse
from middleground.engine.incremental.state import DRIFT_LIMIT, State

# How far an update may be from a warm pass over everyone: rates, and statements in logits.
RATE, LOGIT = 0.01, 0.1


def parted(votes: Votes, share: float, seed: int = 0) -> tuple[Votes, Votes]:
    """The votes without a share of them, and that share."""
    late = np.random.default_rng(seed).random(len(votes)) < share
    one, other = (
        Votes(votes.participant[part], votes.statement[part], votes.value[part])
        for part in (~late, late)
    )
    return one, other


def both(one: Votes, other: Votes) -> Votes:
    return Votes(
        np.concatenate([one.participant, other.participant]),
        np.concatenate([one.statement, other.statement]),
        np.concatenate([one.value, other.value]),
    )


@pytest.mark.parametrize("shape", [camps, three_camps, cloud])
def test_a_state_has_the_numbers_of_the_map(shape: type[Votes]) -> None:
    votes = shape()
    figures, found = (
        State.build(votes).figures(),
        analyse(votes, Options(merge_near_duplicates=False)),
    )
    assert figures.statements.tolist() == [s.statement for s in found.statements]
    assert figures.sizes.tolist() == [g.size for g in found.groups]
    assert figures.sure.tolist() == [g.certain for g in found.groups]
    for j, item in enumerate(found.statements):
        rates = item.groups or (item.everyone,)
        for g, rate in enumerate(rates):
            assert figures.rate[g, j] == pytest.approx(rate.rate, abs=2e-4)
            assert figures.low[g, j] == pytest.approx(rate.low, abs=2e-4)
            tally = (rate.tally.agree, rate.tally.disagree, rate.tally.passed)
            assert tuple(figures.counts[:, g, j].tolist()) == tally


@pytest.mark.parametrize("shape", [camps, three_camps, cloud])
def test_an_update_is_near_a_warm_pass_over_all(shape: type[Votes]) -> None:
    early, late = parted(shape(), 0.05)
    updated = State.build(early).update(late)
    warm = updated.warm()
    assert np.abs(updated.figures().rate - warm.figures().rate).max() < RATE
    assert np.abs(updated.posterior.mean - warm.posterior.mean).max() < LOGIT
    # The known-bad control: without the update the numbers are further off.
    stale = State.build(early).figures().rate
    assert np.abs(stale - warm.figures().rate).max() > RATE


def test_an_update_counts_as_a_batch_does() -> None:
    early, late = parted(three_camps(), 0.05)
    updated, whole = State.build(early).update(late), State.build(both(early, late))
    assert np.array_equal(updated.told.everyone, whole.told.everyone)
    assert np.array_equal(updated.everyone().value, whole.everyone().value)
    assert updated.figures().sizes.tolist() == whole.figures().sizes.tolist()


def test_updates_one_after_the_other_are_as_one() -> None:
    early, late = parted(three_camps(), 0.04)
    state = State.build(early)
    first, second = parted(late, 0.5, seed=1)
    once, twice = state.update(late), state.update(first).update(second)
    assert np.array_equal(once.told.everyone, twice.told.everyone)
    assert np.abs(once.figures().rate - twice.figures().rate).max() < RATE


def test_a_vote_taken_again_leaves_no_trace() -> None:
    votes = three_camps()
    state = State.build(votes)
    turned = Votes(votes.participant[:9], votes.statement[:9], -votes.value[:9])
    back = Votes(votes.participant[:9], votes.statement[:9], votes.value[:9])
    there = state.update(turned)
    again = there.update(back)
    assert not np.array_equal(there.told.everyone, state.told.everyone)
    assert np.array_equal(again.told.everyone, state.told.everyone)
    assert np.abs(again.figures().rate - state.figures().rate).max() < RATE


def test_new_people_and_new_statements_come_in() -> None:
    votes = three_camps()
    people, statements = [900] * 10 + [0, 1, 2], [*range(10), 700, 700, 700]
    updated = State.build(votes).update(Votes(people, statements, [1] * 13))
    assert updated.statements.tolist() == [*range(45), 700]
    figures = updated.figures()
    assert figures.everyone[:, -1].tolist() == [3, 0, 0]
    assert figures.sizes.sum() == 301
    assert np.isfinite(figures.rate).all()


def test_a_state_is_not_changed_by_an_update() -> None:
    early, late = parted(camps(), 0.1)
    state = State.build(early)
    before = state.figures().rate.copy(), state.base.weight.copy()
    state.update(late)
    assert np.array_equal(state.figures().rate, before[0])
    assert np.array_equal(state.base.weight, before[1])


def test_drift_says_when_a_cold_fit_is_due() -> None:
    votes = three_camps()
    state = State.build(votes)
    assert (state.drift, state.is_stale) == (0.0, False)
    few = state.update(Votes(votes.participant[:5], votes.statement[:5], -votes.value[:5]))
    assert 0.0 < few.drift < DRIFT_LIMIT
    assert not few.is_stale
    # A third of the people change their minds on everything: the votes are no more, but others.
    third = votes.participant < 100
    turned = Votes(votes.participant[third], votes.statement[third], -votes.value[third])
    many = state.update(turned)
    assert many.drift > DRIFT_LIMIT
    assert many.is_stale
    # Many more votes that change little are a reason too.
    more = Votes(votes.participant + 1000, votes.statement, votes.value)
    assert state.update(more).is_stale


def test_without_a_map_there_is_no_state() -> None:
    with pytest.raises(ValueError, match="no state"):
        State.build(camps(people=5))
