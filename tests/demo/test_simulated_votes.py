"""Simulated participants: symmetric camps, repeatable by seed, no groups in the library."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from middleground.demo import (
    DIALOGUES,
    LIBRARY,
    LOS_ANGELES,
    ExampleDialogue,
    ExampleStatement,
    agreement,
    pass_probability,
    simulate,
)
from middleground.engine.votes import FloatArray

X = np.array([-2.1, -1.3, 0.0, 0.4, 1.9])
Y = np.array([0.3, -1.0, 0.0, 2.0, -0.5])
R = np.array([0.0, 0.2, -0.3, 0.1, 0.4])


def mirrors(dialogue: ExampleDialogue) -> list[int]:
    """The index of each statement's mirror; the statement's own index if it does not lean."""
    return [
        place if one.lean == 0 else _place_of_mirror(dialogue, one)
        for place, one in enumerate(dialogue.statements)
    ]


def _place_of_mirror(dialogue: ExampleDialogue, one: ExampleStatement) -> int:
    """Opposite lean with the same voice if there are sides, else with the same numbers."""
    (place,) = (
        at
        for at, other in enumerate(dialogue.statements)
        if other.lean == -one.lean
        and (
            other.voice == one.voice
            if one.side
            else (other.strength, other.appeal) == (one.strength, one.appeal)
        )
    )
    return place


def asymmetry(dialogue: ExampleDialogue, mirror: list[int]) -> float:
    """The largest difference between a vote and the mirrored participant's vote on the mirror."""
    here = agreement(dialogue, X, Y, R)
    there = agreement(dialogue, -X, Y, R)[:, mirror]
    return float(np.abs(here - there).max())


def gap_between_halves(dialogue: ExampleDialogue) -> float:
    """Largest difference in mean agreement between participants with x > 0 and with x < 0."""
    drawn = simulate(dialogue)
    agree = agreement(dialogue, drawn.position, drawn.procedure, drawn.readiness)
    right, left = agree[drawn.position > 0], agree[drawn.position < 0]
    return float(np.abs(right.mean(axis=0) - left.mean(axis=0)).max())


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_a_mirrored_participant_answers_the_mirror_statement_alike(
    dialogue: ExampleDialogue,
) -> None:
    mirror = mirrors(dialogue)
    assert sorted(mirror) == list(range(len(dialogue.statements)))
    assert asymmetry(dialogue, mirror) == 0.0


def test_one_asymmetric_number_is_found() -> None:
    mirror = mirrors(LOS_ANGELES)
    first = LOS_ANGELES.statements[0]
    tilted = replace(first, appeal=first.appeal + 0.1)
    statements = (tilted, *LOS_ANGELES.statements[1:])
    assert asymmetry(replace(LOS_ANGELES, statements=statements), mirror) > 0.01


def test_camps_are_mirror_images_in_expectation() -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()

    def expected(camp: int) -> FloatArray:
        model = LOS_ANGELES.model
        where = camp * model.camp_centre + model.camp_spread * nodes
        zero = np.zeros_like(where)
        agree = agreement(LOS_ANGELES, where, zero, zero)
        passed = pass_probability(agree, np.full(40, 0.125))
        return np.asarray(weights @ (agree * (1 - passed)), dtype=np.float64)

    closer, separate = expected(1), expected(-1)
    np.testing.assert_allclose(closer, separate[mirrors(LOS_ANGELES)], rtol=0, atol=1e-12)
    assert abs(closer - separate).max() > 0.6


def test_camps_are_equally_large_in_every_draw() -> None:
    for seed in range(3):
        camp = simulate(LOS_ANGELES, seed=seed).camp
        assert [int((camp == which).sum()) for which in (1, 0, -1)] == [210, 180, 210]
    assert [int((simulate(LOS_ANGELES, 3).camp == which).sum()) for which in (1, 0, -1)] == [
        1,
        1,
        1,
    ]


def test_agreement_is_the_documented_formula() -> None:
    place = 1
    one = LOS_ANGELES.statements[place]
    assert (one.lean, one.strength, one.appeal, one.procedure) == (1, 0.35, 1.7, 0.0)
    odds = 1.7 + 0.35 * X + R
    np.testing.assert_allclose(
        agreement(LOS_ANGELES, X, Y, R)[:, place], 1 / (1 + np.exp(-odds)), rtol=1e-14
    )


def test_passing_is_most_likely_at_even_agreement() -> None:
    passed = pass_probability(np.array([[0.5, 0.0, 1.0]]), np.array([0.1]))
    np.testing.assert_allclose(passed, [[0.1, 0.04, 0.04]], rtol=1e-14)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_the_same_seed_gives_the_same_votes(dialogue: ExampleDialogue) -> None:
    one, again, other = simulate(dialogue), simulate(dialogue), simulate(dialogue, seed=12345)
    for name in ("participant", "statement", "value"):
        assert getattr(one.votes, name).tobytes() == getattr(again.votes, name).tobytes()
    assert one.position.tobytes() == again.position.tobytes()
    assert one.votes.value.tobytes() != other.votes.value.tobytes()


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_votes_are_one_row_for_each_statement_answered(dialogue: ExampleDialogue) -> None:
    drawn = simulate(dialogue)
    votes, width = drawn.votes, len(dialogue.statements)
    assert np.bincount(votes.participant).tolist() == drawn.answered.tolist()
    assert len(drawn.answered) == dialogue.participants
    assert drawn.answered.min() == 4
    assert drawn.answered.max() == width
    assert len(np.unique(votes.participant * width + votes.statement)) == len(votes)
    assert set(np.unique(votes.value).tolist()) == {-1, 0, 1}
    assert np.all(np.diff(votes.participant) >= 0)


def test_half_of_the_participants_answer_about_eighteen() -> None:
    """The median of K = 3 + G is the first k whose cumulative probability reaches one half."""
    model = LOS_ANGELES.model
    stayed = [1 - (1 - model.leaving) ** (k - model.least_votes + 1) for k in (17, 18)]
    assert stayed[0] < 0.5 < stayed[1]
    assert 17 <= np.median(simulate(LOS_ANGELES, 4000).answered) <= 19


def test_every_statement_is_equally_likely_to_be_seen() -> None:
    drawn = simulate(LOS_ANGELES, 4000)
    seen = np.bincount(drawn.votes.statement, minlength=36)
    expected = len(drawn.votes) / 36
    assert np.abs(seen - expected).max() < 5 * np.sqrt(expected)
    first = drawn.votes.statement[np.r_[0, np.cumsum(drawn.answered)[:-1]]]
    assert np.abs(np.bincount(first, minlength=36) - 4000 / 36).max() < 5 * np.sqrt(4000 / 36)


def test_the_library_has_no_groups_by_construction() -> None:
    assert np.unique(simulate(LIBRARY).camp).tolist() == [0]
    assert max(one.strength for one in LIBRARY.statements) == 0.3
    assert {one.procedure for one in LIBRARY.statements} == {0.0}
    assert gap_between_halves(LIBRARY) < 0.15
    assert gap_between_halves(LOS_ANGELES) > 0.45


@pytest.mark.parametrize("participants", [0, 1])
def test_no_participant_and_one_participant(participants: int) -> None:
    drawn = simulate(LOS_ANGELES, participants)
    assert len(drawn.camp) == participants
    assert len(drawn.votes) == drawn.answered.sum()


def test_a_negative_number_of_participants_is_refused() -> None:
    with pytest.raises(ValueError, match="participants is -1"):
        simulate(LOS_ANGELES, -1)
