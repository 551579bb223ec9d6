"""What the maps of an open dialogue tell of one person's votes (docs/decisions/0043)."""

from __future__ import annotations

import os
from typing import Any

import pytest

from middleground.config import settings as settings_module
from middleground.dialogues.maps import release
from reidentification.differencing import STATEMENTS, Attack, share_right, sums_of_real_map
from torture.tools.progress import figures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ATTACKS = int(os.environ.get("MIDDLEGROUND_TORTURE_ATTACKS", "16"))
OTHERS = 25
# Of 640 guesses two in three are right without any map, and one standard error is 0.02.
LITTLE = 0.12
# How many maps the attacker can bring about, by the number of others.
MAPS = {10: 12, 25: 9, 60: 5}


@pytest.fixture(autouse=True)
def _real_sample(settings: Any) -> None:
    settings.MAP_SAMPLE = settings_module.MAP_SAMPLE


@pytest.fixture
def map_of_every_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "people_needed", lambda _participants, minimum: minimum)


def gained(attacks: list[Attack]) -> float:
    """How much more often a vote is guessed with the maps than from the totals."""
    return share_right(attacks) - share_right(attacks, with_maps=False)


@pytest.mark.parametrize("others", [10, 25, 60] if ATTACKS > 16 else [OTHERS])
def test_a_hundred_controlled_participants_learn_little_from_maps(others: int) -> None:
    attacks = [Attack(others, seed) for seed in range(ATTACKS)]
    assert {attack.maps for attack in attacks} == {MAPS[others]}
    figures(
        f"a person beside {others} others",
        maps=MAPS[others],
        votes=len(attacks) * STATEMENTS,
        guessed_with_maps=round(share_right(attacks), 3),
        from_totals=round(share_right(attacks, with_maps=False), 3),
    )
    assert gained(attacks) < LITTLE


def test_beside_some_hundred_others_they_bring_no_map_about() -> None:
    attack = Attack(others=320, seed=1)
    assert attack.maps == 1
    assert attack.guesses() == attack.guesses_from_totals()


@pytest.mark.usefixtures("map_of_every_five")
def test_without_a_sample_they_learn_every_vote(settings: Any) -> None:
    settings.MAP_SAMPLE = 1.0
    attacks = [Attack(OTHERS, seed) for seed in range(2)]
    assert share_right(attacks) == 1.0


def test_a_slow_pace_alone_hides_nothing(settings: Any) -> None:
    settings.MAP_SAMPLE = 1.0
    assert share_right([Attack(OTHERS, seed) for seed in range(2)]) == 1.0


@pytest.mark.usefixtures("map_of_every_five")
def test_a_sample_alone_hides_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it drawn anew each time, and maps came as often as five are new."""
    monkeypatch.setattr(release, "STAYS", 1e-9)
    attacks = [Attack(10, seed) for seed in range(10)]
    assert {attack.maps for attack in attacks} == {41}
    assert gained(attacks) > 2 * LITTLE


def test_the_real_maps_are_those_that_were_attacked() -> None:
    attack = Attack(OTHERS, 1, sums_of_real_map)
    assert attack.maps == 9
    stored = attack.dialogue.maps.order_by("made_at", "pk")
    assert all(each.sampled and each.participants < each.counted for each in stored)
    assert [each.counted for each in stored][:2] == [25, 34]
