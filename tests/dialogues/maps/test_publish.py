"""When a map is published, what is stored with it, and how it survives a killed process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from middleground import __version__
from middleground.dialogues.maps import publish, schedule, worker
from middleground.dialogues.maps.live import LiveMaps, Look
from middleground.dialogues.maps.load_votes import (
    changed_participants,
    fingerprints,
    load_votes,
    tiers_by_participant,
)
from middleground.dialogues.maps.prepare import EVERY_VOTE
from middleground.dialogues.maps.schedule import make_due_maps
from middleground.dialogues.models import (
    Dialogue,
    Participant,
    Statement,
    StoredMap,
    Vote,
)
from middleground.dialogues.participation.admission import confirm
from middleground.engine import Options, Votes, analyse
from support.camps import add_voters
from support.cast import make_dialogue, make_participant, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def maps() -> LiveMaps:
    """The state of a process that has just started."""
    return LiveMaps()


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def close(dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")


def test_a_stored_map_can_be_computed_again(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 40)
    stored = publish.refresh_map(dialogue.pk, maps)
    assert stored is not None
    votes = load_votes(dialogue.pk)
    again = analyse(
        votes,
        Options(**{**stored.data["options"], "leave_out": ()}),
        stored.data["seed"],
        tiers=tiers_by_participant(dialogue.pk),
    ).facts
    assert stored.facts == again
    assert stored.facts.status == "groups"
    assert (stored.participants, stored.data["diagnostics"]["votes"]) == (40, 480)
    assert stored.tiers == {"open": 40}
    assert stored.data["engine_version"] == __version__
    assert stored.data["input_hash"] == again.input_hash
    assert not stored.final


def test_votes_on_withheld_statements_do_not_count() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    rejected = dialogue.statements.get(number=3)
    Statement.objects.filter(pk=rejected.pk).update(
        status="rejected", reviewed=True, reason="unclear"
    )
    votes = load_votes(dialogue.pk)
    assert len(votes) == 140
    assert rejected.pk not in votes.statement


def test_a_participant_without_votes_adds_none() -> None:
    dialogue = make_dialogue(statements=8)
    Participant.objects.create(pk=1, dialogue=dialogue)
    Participant.objects.create(pk=2, dialogue=dialogue)
    assert len(load_votes(dialogue.pk)) == 0
    Vote.objects.create(participant_id=2, statement=dialogue.statements.get(number=5), value=-1)
    votes = load_votes(dialogue.pk)
    assert votes.participant.tolist() == [2]
    assert votes.statement.tolist() == [dialogue.statements.get(number=5).pk]
    assert votes.value.tolist() == [-1]


def test_votes_of_another_dialogue_are_not_read() -> None:
    dialogue, other = make_dialogue(statements=8), make_dialogue("other", statements=8)
    add_voters(other, 20)
    assert len(load_votes(dialogue.pk)) == 0
    assert len(load_votes(other.pk)) == 160


def test_without_votes_there_is_no_map(maps: LiveMaps) -> None:
    dialogue = make_dialogue()
    assert publish.refresh_map(dialogue.pk, maps) is None
    assert not StoredMap.objects.exists()


def test_fingerprints_ignore_order_and_see_every_change() -> None:
    votes = Votes([1, 1, 2, 3], [10, 11, 10, 10], [1, 0, -1, 1])
    shuffled = Votes([3, 1, 2, 1], [10, 11, 10, 10], [1, 0, -1, 1])
    changed = Votes([1, 1, 2, 4], [10, 11, 10, 10], [1, -1, -1, 1])
    first = fingerprints(votes)
    assert np.array_equal(first.hashes, fingerprints(shuffled).hashes)
    assert changed_participants(first, fingerprints(shuffled)).tolist() == []
    # Participant 1 changed a vote, 3 is gone, 4 is new.
    assert changed_participants(first, fingerprints(changed)).tolist() == [1, 3, 4]


def test_the_newest_maps_and_the_final_one_are_kept(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    first = publish.refresh_map(dialogue.pk, maps)
    assert first is not None
    for minutes in range(25):
        StoredMap.objects.create(
            **{
                field.name: getattr(first, field.name)
                for field in StoredMap._meta.fields
                if field.name not in {"id", "made_at"}
            },
            made_at=first.made_at + timedelta(minutes=minutes),
        )
    close(dialogue)
    final = publish.finalise(dialogue.pk, maps)
    assert final is not None
    assert dialogue.maps.filter(final=False).count() == 20
    assert list(dialogue.maps.filter(final=True)) == [final]


def test_closing_stores_exactly_one_final_map_of_all_votes(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 1, first=101)
    assert publish.finalise(dialogue.pk, maps) is None  # still open
    close(dialogue)
    final = publish.finalise(dialogue.pk, maps)
    assert final is not None
    assert (final.final, final.participants) == (True, 21)
    assert publish.finalise(dialogue.pk, maps) == final
    assert publish.refresh_map(dialogue.pk, maps) is None
    assert dialogue.maps.count() == 2


def test_a_final_map_of_any_size_uses_doubled_votes(maps: LiveMaps) -> None:
    """Its published options are those of every size, so they do not reveal the number of votes."""
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 30)
    live = publish.refresh_map(dialogue.pk, maps)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    final = publish.finalise(dialogue.pk, maps)
    assert live is not None
    assert final is not None
    assert live.data["options"]["double_votes"] == Options().double_votes
    assert final.data["options"]["double_votes"] == EVERY_VOTE


def test_a_dialogue_without_votes_has_a_final_map_too(maps: LiveMaps) -> None:
    dialogue = make_dialogue(state="closed")
    final = publish.finalise(dialogue.pk, maps)
    assert final is not None
    assert (final.participants, final.facts.status) == (0, "too_little")


def test_a_map_is_not_computed_twice_at_once(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    with maps.of(dialogue.pk).making() as free:
        assert free
        assert publish.refresh_map(dialogue.pk, maps) is None
    assert publish.refresh_map(dialogue.pk, maps) is not None


def test_the_process_is_replaced_when_it_dies() -> None:
    votes = Votes([1, 2], [1, 1], [1, -1])
    expected = analyse(votes, Options(), 3).facts.to_dict()
    worker.compute(votes, Options(), 3)
    assert worker._pool is not None
    (process,) = worker._pool._processes.values()
    assert process.pid != os.getpid()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert worker.compute(votes, Options(), 3).data == expected


def made() -> list[tuple[str, bool]]:
    """The dialogues that have maps, and whether each map is final."""
    return sorted(StoredMap.objects.values_list("dialogue__slug", "final"))


def test_the_clock_makes_each_due_map_once(maps: LiveMaps) -> None:
    open_one = make_dialogue("open-one", statements=8)
    make_dialogue("closed-one", state="closed")
    make_dialogue("ended", closes_at=timezone.now() - timedelta(minutes=1))
    make_dialogue("draft-one", state="draft")
    make_dialogue("silent")
    add_voters(open_one, 20)
    expected = [("closed-one", True), ("ended", True), ("open-one", False)]
    make_due_maps(maps)
    assert made() == expected
    make_due_maps(maps)
    assert made() == expected
    make_due_maps(LiveMaps())  # after a restart
    assert made() == expected


def test_a_failing_map_does_not_prevent_others(
    maps: LiveMaps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for slug in ("first", "second", "third"):
        make_dialogue(slug, state="closed")
    wanted = publish.finalise

    def fail(dialogue_id: int, known: LiveMaps) -> StoredMap | None:
        if Dialogue.objects.get(pk=dialogue_id).slug == "second":
            raise OSError("disk full")
        return wanted(dialogue_id, known)

    monkeypatch.setattr(schedule, "finalise", fail)
    make_due_maps(maps)
    assert made() == [("first", True), ("third", True)]
    assert [record.getMessage() for record in caplog.records] == [
        "No map could be made of “second”; it is tried again."
    ]


def test_the_clock_replaces_no_young_map(settings: object, maps: LiveMaps) -> None:
    settings.MAP_SECONDS = 600  # type: ignore[attr-defined]
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 20, first=101)
    # Newcomers count when they have been seen once.
    maps.of(dialogue.pk).there = load_votes(dialogue.pk).participant
    make_due_maps(maps)
    assert dialogue.maps.count() == 1
    settings.MAP_SECONDS = 0  # type: ignore[attr-defined]
    # A map that takes 60 seconds is made at most every ten minutes.
    maps.of(dialogue.pk).seconds_to_make = 60.0
    make_due_maps(maps)
    assert dialogue.maps.count() == 1
    maps.of(dialogue.pk).seconds_to_make = 0.0
    maps.of(dialogue.pk).last_look = None  # otherwise the clock waits before it looks again
    make_due_maps(maps)
    assert dialogue.maps.count() == 2


def test_the_clock_reads_no_votes_without_new_counts(
    settings: object, django_assert_num_queries: object, maps: LiveMaps
) -> None:
    settings.MAP_SECONDS = 0  # type: ignore[attr-defined]
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    maps.of(dialogue.pk).seconds_to_make = 0.0
    make_due_maps(maps)
    last = maps.of(dialogue.pk).last_look
    assert last is not None
    maps.of(dialogue.pk).last_look = Look(last.counts, last.at, 0.0)
    # The queries read the dialogues, the last map's time and the daily counts.
    with django_assert_num_queries(3):  # type: ignore[operator]
        make_due_maps(maps)


def test_a_reopened_dialogue_gets_another_final_map(maps: LiveMaps) -> None:
    dialogue = make_dialogue(statements=8, state="closed")
    add_voters(dialogue, 20)
    first = publish.finalise(dialogue.pk, maps)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="open")
    make_due_maps(maps)
    assert not dialogue.maps.filter(final=True).exists()
    close(dialogue)
    second = publish.finalise(dialogue.pk, maps)
    assert second is not None
    assert second != first


def test_a_confirmation_makes_the_clock_look_soon(
    monkeypatch: pytest.MonkeyPatch, maps: LiveMaps
) -> None:
    """Daily counts do not change on confirmation, and the clock's next look is a minute away."""
    monkeypatch.setattr(schedule, "LOOK_SHARE", 1e9)
    dialogue = make_dialogue(statements=3)
    add_voters(dialogue, 4)
    token, person = make_participant(dialogue)
    Participant.objects.filter(pk=person.pk).update(tier="unconfirmed")
    for statement in dialogue.statements.all():
        make_vote(person, statement, 1)
    make_due_maps(maps)
    assert dialogue.maps.count() == 0
    make_due_maps(maps)
    assert dialogue.maps.count() == 0
    assert confirm(dialogue, token, "work")
    make_due_maps(maps)
    assert dialogue.maps.count() == 1
