"""The selection of the next statement: never uniform, each is possible, logged as it is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from engine.shapes import camps
from middleground.engine import MapFacts, Selection, StatementSelector, analyse
from middleground.engine.selection.selector import EXPLORATION

DRAWS = 4000


@pytest.fixture(scope="module")
def facts() -> MapFacts:
    return analyse(camps()).facts


def draw(selector: StatementSelector, count: int = DRAWS, seed: int = 0) -> Counter[int]:
    rng = np.random.default_rng(seed)
    choices = [selector.choose([0, 5], [1, -1], rng) for _ in range(count)]
    return Counter(choice.statement for choice in choices if choice)


def is_uniform(counts: Counter[int], options: int) -> bool:
    """Chi-square against equal shares, at about one in a million by Wilson and Hilferty."""
    mean = sum(counts.values()) / options
    statistic = sum((counts.get(i, 0) - mean) ** 2 / mean for i in counts)
    statistic += mean * (options - len(counts))
    degrees = options - 1
    limit = degrees * (1 - 2 / (9 * degrees) + 4.75 * (2 / (9 * degrees)) ** 0.5) ** 3
    return statistic < limit


def test_choice_is_not_uniform(facts: MapFacts) -> None:
    selector = StatementSelector.from_facts(facts, range(20))
    assert not is_uniform(draw(selector), options=18)
    # The known-bad control: the check recognises a uniform choice.
    rng = np.random.default_rng(0)
    uniform = Counter(rng.integers(0, 18, DRAWS).tolist())
    assert is_uniform(uniform, options=18)


def test_choice_without_a_map_is_not_uniform() -> None:
    selector = StatementSelector.from_facts(None, range(20), seen={s: s for s in range(20)})
    assert not is_uniform(draw(selector), options=18)


@pytest.mark.parametrize("mapped", [True, False])
def test_logged_probabilities_match_the_frequencies(facts: MapFacts, mapped: bool) -> None:
    seen = {s: 3 * s for s in range(20)}
    selector = StatementSelector.from_facts(facts if mapped else None, range(20), seen=seen)
    rng = np.random.default_rng(1)
    choices = [selector.choose([0, 5], [1, -1], rng) for _ in range(DRAWS)]
    counts = Counter(choice.statement for choice in choices if choice)
    logged = {choice.statement: choice.probability for choice in choices if choice}
    assert set(logged) == set(range(20)) - {0, 5}
    assert sum(logged.values()) == pytest.approx(1.0)
    for statement, probability in logged.items():
        deviation = (DRAWS * probability * (1 - probability)) ** 0.5
        assert abs(counts[statement] - DRAWS * probability) < 4.5 * deviation


@pytest.mark.parametrize("count", [30, 3000])
def test_every_statement_can_be_chosen(facts: MapFacts, count: int) -> None:
    for source in (facts, None):
        selector = StatementSelector.from_facts(
            source, range(count), seen=dict.fromkeys(range(count), 10**6)
        )
        chances = selector.probabilities([1], [1])
        assert chances is not None
        open_chances = np.delete(chances, selector.ids.index(1))
        assert open_chances.min() >= EXPLORATION / (count - 1) * (1 - 1e-9)
        assert chances[selector.ids.index(1)] == 0.0


def test_informative_statements_come_before_shared_ones(facts: MapFacts) -> None:
    # All agree with 0-4, so these do not inform; 5-19 distinguish the camps.
    selector = StatementSelector.from_facts(facts, range(20))
    chances = selector.probabilities([], [])
    assert chances is not None
    assert chances[5:].mean() > 2 * chances[:5].mean()


def test_a_new_statement_gets_votes(facts: MapFacts) -> None:
    selector = StatementSelector.from_facts(facts, range(20))
    selector.add(500)
    chances = selector.probabilities([], [])
    assert chances is not None
    assert selector.ids[int(chances.argmax())] == 500
    # After as many votes as the others it is chosen no more often than they are.
    selector.count(500, 10_000)
    later = selector.probabilities([], [])
    assert later is not None
    assert later[selector.ids.index(500)] < chances.max() / 2


def test_without_a_map_the_least_seen_are_preferred() -> None:
    selector = StatementSelector.from_facts(None, [7, 8, 9], seen={7: 99, 8: 99})
    chances = selector.probabilities([], [])
    assert chances is not None
    assert dict(zip(selector.ids, chances.tolist(), strict=True)) == pytest.approx(
        {7: 0.1 + 0.7 * 1e-4 / 1.0002, 8: 0.1 + 0.7 * 1e-4 / 1.0002, 9: 0.1 + 0.7 / 1.0002}
    )


def test_the_selectors_own_counts_balance_the_votes() -> None:
    selector, rng = StatementSelector.from_facts(None, range(50)), np.random.default_rng(0)
    for _ in range(1000):
        choice = selector.choose([], [], rng)
        assert choice
        selector.count(choice.statement)
    counts = np.array([selector._seen[i] for i in range(50)])
    assert counts.sum() == 1000
    # A uniform choice has a standard deviation of 4.4 about the mean of 20.
    assert counts.std() < 3.0
    assert np.random.default_rng(0).multinomial(1000, [1 / 50] * 50).std() > 3.0


def test_no_remaining_statement_gives_none(facts: MapFacts) -> None:
    rng = np.random.default_rng(0)
    for source in (facts, None):
        selector = StatementSelector.from_facts(source, [1, 2])
        assert selector.choose([1, 2], [0, -1], rng) is None
        assert StatementSelector.from_facts(source, []).choose([], [], rng) is None
        left = selector.choose([1, 999], [1, 1], rng)
        assert left == Selection(2, 1.0)


def test_removed_statements_are_not_shown_and_come_back(facts: MapFacts) -> None:
    selector, rng = StatementSelector.from_facts(facts, [3, 8]), np.random.default_rng(0)
    selector.remove(8)
    selector.remove(12345)
    assert {c.statement for c in (selector.choose([], [], rng) for _ in range(50)) if c} == {3}
    selector.add(8)
    assert {c.statement for c in (selector.choose([], [], rng) for _ in range(200)) if c} == {3, 8}


def test_live_accepts_any_iterable_with_repetitions() -> None:
    selector = StatementSelector.from_facts(None, (s for s in [4, 4, 5]))
    assert selector.ids == (4, 5)


@pytest.mark.parametrize("participants", [1, 14])
def test_a_map_with_too_few_votes_selects_as_without_a_map(participants: int) -> None:
    few = analyse(camps(participants=participants)).facts
    assert few.status == "too_little"
    bare = StatementSelector.from_facts(
        None, range(20), seen=dict.fromkeys(range(20), participants)
    )
    assert draw(StatementSelector.from_facts(few, range(20)), 200) == draw(bare, 200)


def test_selection_places_participants_with_fewer_votes_than_chance() -> None:
    """The mean certainty of membership after four votes, selected against uniform."""
    found = analyse(camps(participants=90))
    votes = camps(participants=90)
    answer = {(p, s): v for p, s, v in zip(*map(np.ndarray.tolist, _columns(votes)), strict=True)}
    selector = StatementSelector.from_facts(found.facts, range(20))
    rng = np.random.default_rng(0)

    def routed(voted: list[int], values: list[int]) -> int:
        choice = selector.choose(voted, values, rng)
        assert choice
        return choice.statement

    def uniform(voted: list[int], _values: list[int]) -> int:
        return int(rng.choice([s for s in range(20) if s not in voted]))

    assert _certainty(found.facts, answer, routed) > _certainty(found.facts, answer, uniform) + 0.02


def _columns(votes: object) -> list[np.ndarray]:
    return [getattr(votes, name) for name in ("participant", "statement", "value")]


def _certainty(
    facts: MapFacts,
    answer: dict[tuple[int, int], int],
    choose: Callable[[list[int], list[int]], int],
) -> float:
    from middleground.engine import project

    sure = []
    for person in range(90):
        voted: list[int] = []
        values: list[int] = []
        for _ in range(4):
            statement = choose(voted, values)
            voted.append(statement)
            values.append(answer[person, statement])
        sure.append(max(project(facts, voted, values).membership))
    return float(np.mean(sure))


def two_alike(uncertainty: tuple[float, float]) -> StatementSelector:
    """Two statements that differ in nothing but how unsure their rates are."""
    features = np.ones((2, 2))
    selector = StatementSelector([1, 2], np.zeros(2), features, np.array(uncertainty), np.ones(2))
    selector.add(1)
    selector.add(2)
    return selector


def test_a_statement_is_chosen_by_the_fourth_power_of_its_uncertainty() -> None:
    chances = two_alike((1.0, 2.0)).probabilities([], [])
    assert chances == pytest.approx([0.15 + 0.7 * 1 / 17, 0.15 + 0.7 * 16 / 17])
    assert two_alike((1.0, 1.0)).probabilities([], []) == pytest.approx([0.5, 0.5])


def test_after_twenty_votes_half_of_a_new_statements_bonus_is_left() -> None:
    selector = two_alike((1.0, 1.0))
    selector.count(1, 20)
    share = (1.5 / 2.0) ** 4
    assert selector.probabilities([], []) == pytest.approx(
        [0.15 + 0.7 * share / (1 + share), 0.15 + 0.7 / (1 + share)]
    )


def test_many_participants_are_computed_in_parts_with_the_same_choices(
    facts: MapFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [([s], [1]) for s in range(12)]
    draws = np.random.default_rng(6).random(len(people))

    def chosen() -> list[tuple[int, float]]:
        selector = StatementSelector.from_facts(facts, range(20))
        found = selector.choose_many(people, draws)
        return [(each.statement, round(each.probability, 9)) for each in found if each]

    at_once = chosen()
    assert len(at_once) == 12
    monkeypatch.setattr("middleground.engine.selection.selector._LARGEST", 100)  # five people
    assert chosen() == at_once
