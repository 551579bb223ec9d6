"""The position of one participant on the published map."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from engine.shapes import camps, crowd, real_votes, three_camps
from middleground.engine import MapFacts, Options, Projection, Projector, Votes, analyse, project
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
    assert project(analyse(Votes([], [], [])).facts, [1], [1]) == Projection((0.0, 0.0), (), 0)


@pytest.mark.parametrize("name", REAL_NAMES)
def test_real_participants_are_projected_to_their_position_on_the_map(name: str) -> None:
    votes, rejected = real_votes(name)
    found = analyse(votes, Options(leave_out=rejected))
    for person in found.participants[:: max(1, len(found.participants) // 40)]:
        own = votes.participant == person
        placed = project(found.facts, votes.statement[own].tolist(), votes.value[own].tolist())
        assert np.allclose(placed.position, found.positions([person])[0], atol=1e-3)


@pytest.mark.parametrize("votes", [camps, crowd, three_camps])
def test_many_at_once_are_projected_as_one_by_one(votes: Callable[[], Votes]) -> None:
    facts = analyse(votes()).facts
    people = some_voters(facts)
    projector = Projector(facts)
    for placed, own in zip(projector.project_all(people), people, strict=True):
        alone = projector.project(list(own), list(own.values()))
        assert placed.position == pytest.approx(alone.position, abs=1e-9)
        assert placed.membership == pytest.approx(alone.membership, abs=1e-9)
        assert placed.votes == alone.votes == sum(v != 0 and s < 10**9 for s, v in own.items())
    assert projector.project_all([]) == []


def test_more_products_than_one_call_takes_are_computed_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = analyse(three_camps()).facts
    projector, people = Projector(facts), some_voters(facts)
    whole = projector.project_all(people)
    monkeypatch.setattr("middleground.engine.selection.project._MOST_PRODUCTS", 500)
    for part, one in zip(projector.project_all(people), whole, strict=True):
        assert part.position == pytest.approx(one.position, abs=1e-9)
        assert part.membership == pytest.approx(one.membership, abs=1e-9)


def test_a_polis_like_map_projects_many_at_once_as_one_by_one() -> None:
    facts = analyse(camps(), Options(parity=True)).facts
    projector, people = Projector(facts), some_voters(facts)
    assert projector.project_all(people) == [
        projector.project(list(own), list(own.values())) for own in people
    ]


def some_voters(facts: MapFacts) -> list[dict[int, int]]:
    """Votes of 20 people: from none to all statements, with passes and an unknown statement."""
    rng = np.random.default_rng(4)
    statements = [each.statement for each in facts.statements]
    counts = np.linspace(0, len(statements), 19).astype(int)
    people = [
        {int(s): int(rng.integers(-1, 2)) for s in rng.permutation(statements)[:count]}
        for count in counts
    ]
    return [*people, {10**9: 1, statements[0]: 1, statements[1]: 0}]
