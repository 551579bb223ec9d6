"""The position of one participant on the published map."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.shapes import camps, crowd, real_votes
from middleground.engine import MapFacts, Options, Projection, analyse, project
from support.real_conversations import REAL_NAMES


def test_projection_from_the_facts_equals_the_position_on_the_map() -> None:
    votes = camps()
    found = analyse(votes)
    facts = MapFacts.from_dict(json.loads(found.to_json()))
    for person in range(60):
        own = votes.participant == person
        placed = project(facts, votes.statement[own].tolist(), votes.value[own].tolist())
        assert placed.position == pytest.approx(found.positions([person])[0], abs=2e-4)
        assert placed.membership == pytest.approx(found.membership([person])[0], abs=1e-4)
        assert placed.votes == 20


def test_passes_and_unknown_statements_change_no_projection() -> None:
    facts = analyse(camps()).facts
    nothing = project(facts, [], [])
    assert nothing.position == (0.0, 0.0)
    assert sum(nothing.membership) == pytest.approx(1.0)
    assert project(facts, [3, 10**9], [0, 1]) == nothing


def test_a_changed_vote_counts_once() -> None:
    facts = analyse(camps()).facts
    assert project(facts, [6, 6], [1, -1]) == project(facts, [6], [-1])


def test_opposite_answers_lead_to_opposite_groups() -> None:
    facts = analyse(camps()).facts
    split = list(range(5, 20))
    large = project(facts, split, [1 if s % 2 else -1 for s in split])
    small = project(facts, split, [-1 if s % 2 else 1 for s in split])
    assert large.membership[0] > 0.99
    assert small.membership[1] > 0.99


def test_projection_with_one_group_and_without_a_map() -> None:
    assert project(analyse(crowd()).facts, [0], [1]).membership == (1.0,)
    assert project(analyse(camps(participants=3)).facts, [0], [1]).membership == ()


def test_a_map_without_votes_gives_an_empty_projection() -> None:
    from middleground.engine import Votes

    assert project(analyse(Votes([], [], [])).facts, [1], [1]) == Projection((0.0, 0.0), (), 0)


@pytest.mark.parametrize("name", REAL_NAMES)
def test_real_participants_are_projected_to_their_position_on_the_map(name: str) -> None:
    votes, rejected = real_votes(name)
    found = analyse(votes, Options(leave_out=rejected))
    for person in found.participants[:: max(1, len(found.participants) // 40)]:
        own = votes.participant == person
        placed = project(found.facts, votes.statement[own].tolist(), votes.value[own].tolist())
        assert np.allclose(placed.position, found.positions([person])[0], atol=1e-3)
