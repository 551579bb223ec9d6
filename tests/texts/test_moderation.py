"""The complete table of decisions on texts, before and after the final result."""

from __future__ import annotations

import pytest

from middleground.texts.moderation import (
    Decision,
    Obstacle,
    TextState,
    possible_decisions,
    state_after,
)

BEFORE = {
    "waiting": {"approve": "shown", "reject": "rejected", "merge": "merged"},
    "unseen": {
        "approve": "shown", "reject": "rejected", "merge": "merged", "take_back": "waiting",
        "remove": "no_result",
    },
    "shown": {
        "approve": "shown", "reject": "rejected", "merge": "merged", "take_back": "waiting",
        "remove": "no_result",
    },
    "rejected": {
        "take_back": "waiting", "change": "shown", "stand": "rejected", "restore": "no_result",
    },
    "merged": {"take_back": "waiting"},
}  # fmt: skip
AFTER = {
    "waiting": {"approve": "too_late", "reject": "rejected", "merge": "merged"},
    "unseen": {
        "approve": "shown", "reject": "in_result", "merge": "in_result", "take_back": "in_result",
        "remove": "rejected",
    },
    "shown": {
        "approve": "shown", "reject": "in_result", "merge": "in_result", "take_back": "in_result",
        "remove": "rejected",
    },
    "rejected": {
        "take_back": "waiting", "change": "too_late", "stand": "rejected", "restore": "shown",
    },
    "merged": {"take_back": "waiting"},
}  # fmt: skip


@pytest.mark.parametrize(("final", "expected"), [(False, BEFORE), (True, AFTER)])
def test_the_table(final: bool, expected: dict[str, dict[str, str]]) -> None:
    found: dict[str, dict[str, str]] = {}
    for state in TextState:
        cells = {each.value: state_after(state, each, final=final) for each in Decision}
        found[state.value] = {name: cell.value for name, cell in cells.items() if cell}
    assert found == expected


@pytest.mark.parametrize(("final", "expected"), [(False, BEFORE), (True, AFTER)])
def test_possible_decisions_are_those_without_an_obstacle(
    final: bool, expected: dict[str, dict[str, str]]
) -> None:
    obstacles = {each.value for each in Obstacle}
    for state in TextState:
        possible = {each.value for each in possible_decisions(state, final=final)}
        cells = expected[state.value].items()
        assert possible == {name for name, cell in cells if cell not in obstacles}
