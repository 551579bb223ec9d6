"""When a map of an open dialogue is due, and whose votes are in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from middleground.dialogues.maps import publish, schedule
from middleground.dialogues.maps.live import LiveMap, LiveMaps
from middleground.dialogues.maps.load_votes import Heard
from middleground.dialogues.maps.release import draw_sample, is_small, people_needed
from middleground.dialogues.models import Dialogue, Vote
from support.camps import add_voters, publish_after_newcomers
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def maps() -> LiveMaps:
    """The state of a process that has just started."""
    return LiveMaps()


def heard(**votes: int) -> Heard:
    """Participants 1, 2 and so on are called a, b …"""
    names = sorted(votes)
    ids = [ord(name) - ord("a") + 1 for name in names]
    return Heard(np.array(ids, dtype=np.int64), np.array([votes[name] for name in names]))


@pytest.mark.parametrize(
    ("participants", "needed"),
    [(0, 5), (5, 5), (15, 5), (16, 6), (30, 10), (300, 100), (314, 105), (90_000, 105)],
)
def test_a_third_must_be_new_but_never_more_than_one_attacker_and_the_minimum(
    participants: int, needed: int
) -> None:
    assert people_needed(participants, 5) == needed
    assert is_small(participants, 5) == (needed < 105)


def test_who_is_newly_heard() -> None:
    before = heard(a=3, b=10, c=6)
    now = heard(a=11, b=40, c=23, d=5, e=4)
    # a has fewer than four times as many; b and d are new; e has too few votes for a start.
    assert before.newly_heard(now, 5, 4).tolist() == [False, True, False, True, False]
    assert heard().newly_heard(now, 5, 4).tolist() == [True, True, True, True, False]


def test_nobody_is_new_again_who_took_all_votes_back() -> None:
    before = heard(a=6, b=6)
    gone = before.updated(heard(a=6), np.array([False]))
    assert not gone.newly_heard(heard(a=6, b=6), 5, 4).any()
    later = gone.updated(heard(a=24, b=6), np.array([True, False]))
    assert (later.participants.tolist(), later.votes.tolist()) == ([1, 2], [24, 6])


@pytest.mark.parametrize(("people", "published"), [(4, 0), (5, 1)])
def test_the_first_map_waits_for_the_minimum(people: int, published: int, maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, people)
    publish.refresh_map(dialogue.pk, maps)
    assert dialogue.maps.count() == published


@pytest.mark.parametrize(("newcomers", "published"), [(6, 1), (7, 2)])
def test_the_next_map_waits_for_enough_newcomers(
    newcomers: int, published: int, maps: LiveMaps
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 21)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, newcomers, first=101)
    publish_after_newcomers(dialogue, maps)
    assert dialogue.maps.count() == published


def test_who_just_came_is_not_new_before_the_next_look(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 21)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 6, first=101)
    assert publish_after_newcomers(dialogue, maps) is None
    add_voters(dialogue, 1, first=201)
    assert publish.refresh_map(dialogue.pk, maps) is None  # six, and one who just came
    made = publish.refresh_map(dialogue.pk, maps)
    assert made is not None
    assert made.participants == 28


def test_changed_votes_bring_no_map_about(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    participants = add_voters(dialogue, 21)
    publish.refresh_map(dialogue.pk, maps)
    votes = Vote.objects.filter(participant_id__in=participants)
    for answer in (1, -1, 1):
        votes.update(value=answer)
        assert publish_after_newcomers(dialogue, maps) is None
    votes.delete()
    assert publish_after_newcomers(dialogue, maps) is None


def test_four_times_as_many_votes_are_new(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    participants = add_voters(dialogue, 21)
    late = dict(dialogue.statements.values_list("number", "pk"))
    Vote.objects.filter(statement_id__in=[late[n] for n in range(3, 9)]).delete()
    publish.refresh_map(dialogue.pk, maps)
    rows = [(person, late[n]) for person in participants[:7] for n in range(3, 9)]
    Vote.objects.bulk_create(
        Vote(participant_id=person, statement_id=statement, value=1) for person, statement in rows
    )
    assert publish_after_newcomers(dialogue, maps) is not None


def test_a_new_statement_alone_makes_no_map_due(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    make_statement(dialogue, 9)
    assert publish_after_newcomers(dialogue, maps) is None


@pytest.mark.parametrize("restarted", [False, True])
def test_a_decision_of_the_host_makes_a_map_due_once(restarted: bool, maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    assert publish.refresh_map(dialogue.pk, maps) is not None
    Dialogue.objects.filter(pk=dialogue.pk).update(copies_count_once=False)
    maps = LiveMaps() if restarted else maps
    assert publish.refresh_map(dialogue.pk, maps) is not None
    assert publish_after_newcomers(dialogue, maps) is None


def test_after_a_restart_only_a_grown_number_tells_newcomers(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 21)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 4, first=101)
    maps = LiveMaps()  # a restart
    assert publish_after_newcomers(dialogue, maps) is None
    # The four are not told from the others any more, so seven more are needed.
    add_voters(dialogue, 6, first=201)
    assert publish_after_newcomers(dialogue, maps) is None
    maps = LiveMaps()
    made = publish.refresh_map(dialogue.pk, maps)  # 31 people now, 21 behind the map
    assert made is not None
    assert publish_after_newcomers(dialogue, maps) is None


def test_a_map_of_few_newcomers_is_of_a_sample(settings: Any, maps: LiveMaps) -> None:
    settings.MAP_SAMPLE = 0.5
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 60)
    first = publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 104, first=1001)
    few = publish_after_newcomers(dialogue, maps)
    add_voters(dialogue, 105, first=2001)
    many = publish_after_newcomers(dialogue, maps)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    final = publish.finalise(dialogue.pk, maps)
    assert first is not None
    assert few is not None
    assert many is not None
    assert final is not None
    assert [made.sampled for made in (first, few, many, final)] == [True, True, False, False]
    assert [made.counted for made in (first, few, many, final)] == [60, 164, 269, 269]
    # Ten standard deviations to each side of a half.
    assert 60 / 2 - 39 < first.participants < 60
    assert 164 / 2 - 64 < few.participants < 164 / 2 + 64
    assert (many.participants, final.participants) == (269, 269)
    assert first.tiers == {"open": first.participants}


def test_half_of_a_sample_stays(settings: Any) -> None:
    settings.MAP_SAMPLE = 0.5
    people, live = np.arange(20_000), LiveMap()
    rng = np.random.default_rng(5)
    first, second = draw_sample(people, live, rng), draw_sample(people, live, rng)
    # Of those drawn first half stay, and half of the other half are drawn again.
    assert len(first) == pytest.approx(10_000, abs=400)
    assert len(np.intersect1d(first, second)) == pytest.approx(7_500, abs=400)
    # Newcomers are drawn like others.
    third = draw_sample(np.arange(40_000), live, rng)
    assert np.sum(third >= 20_000) == pytest.approx(10_000, abs=400)


def test_samples_differ_between_servers(settings: Any) -> None:
    """Nothing that is stored or published says who was drawn."""
    settings.MAP_SAMPLE = 0.5
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 40)
    hashes = set()
    for _ in range(3):
        made = publish.refresh_map(dialogue.pk, LiveMaps())
        assert made is not None
        hashes.add(made.data["input_hash"])
        made.delete()
    assert len(hashes) == 3


def test_the_clock_looks_once_in_a_beat(
    settings: Any, maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAP_SECONDS, settings.MAP_BEAT_SECONDS = 0, 3600
    now = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(schedule.timezone, "now", lambda: now)
    dialogue = make_dialogue(statements=8, opens_at=now - timedelta(days=1))
    schedule.make_due_maps(maps)  # nobody has voted
    add_voters(dialogue, 20)
    for minutes in (1, 30, 59):
        monkeypatch.setattr(schedule.timezone, "now", lambda m=minutes: now + timedelta(minutes=m))
        schedule.make_due_maps(maps)
        assert dialogue.maps.count() == 0
    monkeypatch.setattr(schedule.timezone, "now", lambda: now + timedelta(minutes=60))
    maps.of(dialogue.pk).last_look = None  # an hour ago
    schedule.make_due_maps(maps)
    assert dialogue.maps.count() == 1


def test_the_host_may_choose_the_beat(settings: Any) -> None:
    settings.MAP_BEAT_SECONDS = 3600
    dialogue = make_dialogue()
    assert schedule.beat_seconds(dialogue, 20) == 3600
    assert schedule.beat_seconds(dialogue, 20_000) == 0
    dialogue.map_minutes = 5
    assert schedule.beat_seconds(dialogue, 20) == 300
    assert schedule.beat_seconds(dialogue, 20_000) == 300
