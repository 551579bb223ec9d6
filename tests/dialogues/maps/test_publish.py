"""When a map is published, what is stored, and that it survives the death of its process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from middleground import __version__
from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.load_votes import (
    admissions,
    changed_people,
    fingerprints,
    load_votes,
)
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap, Vote
from middleground.dialogues.participation.admission import confirm
from middleground.engine import Options, Votes, analyse
from support.camps import add_voters
from support.cast import make_dialogue, make_participant, make_statement, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_after_a_restart() -> Iterator[None]:
    publish.forget()
    yield
    publish.forget()


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def close(dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")


def test_a_map_is_stored_with_what_is_needed_to_compute_it_again() -> None:
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 40)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    votes = load_votes(dialogue.pk)
    again = analyse(
        votes,
        Options(**{**stored.options, "leave_out": ()}),
        stored.seed,
        tiers=admissions(dialogue.pk),
    ).facts
    assert stored.facts == again
    assert stored.facts.status == "groups"
    assert (stored.participants, stored.votes) == (40, 480)
    assert stored.tiers == {"open": 40}
    assert stored.engine_version == __version__
    assert stored.input_hash == again.input_hash
    assert not stored.final


def test_votes_on_statements_that_are_not_shown_do_not_count() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    rejected = dialogue.statements.get(number=3)
    Statement.objects.filter(pk=rejected.pk).update(
        status="rejected", reviewed=True, reason="unclear"
    )
    votes = load_votes(dialogue.pk)
    assert len(votes) == 140
    assert rejected.pk not in votes.statement


def test_who_has_no_votes_adds_none() -> None:
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


def test_without_votes_there_is_no_map() -> None:
    dialogue = make_dialogue()
    assert publish.refresh_map(dialogue.pk) is None
    assert not StoredMap.objects.exists()


@pytest.mark.parametrize(("changed", "published"), [(0, 1), (4, 1), (5, 2)])
def test_a_map_waits_until_the_minimum_of_people_changed(changed: int, published: int) -> None:
    dialogue = make_dialogue(statements=8)
    people = add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    for person in people[:changed]:
        vote = Vote.objects.filter(participant_id=person).first()
        assert vote is not None
        Vote.objects.filter(participant_id=person, statement_id=vote.statement_id).update(
            value=1 if vote.value < 1 else -1
        )
    publish.refresh_map(dialogue.pk)
    assert dialogue.maps.count() == published


def test_many_changed_votes_of_few_people_are_still_few_people() -> None:
    dialogue = make_dialogue(statements=8)
    people = add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    Vote.objects.filter(participant_id__in=people[:4]).delete()
    publish.refresh_map(dialogue.pk)
    assert dialogue.maps.count() == 1
    Vote.objects.filter(participant_id=people[4]).delete()
    publish.refresh_map(dialogue.pk)
    assert dialogue.maps.count() == 2


def test_a_change_that_is_taken_back_is_none() -> None:
    dialogue = make_dialogue(statements=8)
    people = add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    agreed = Vote.objects.filter(participant_id__in=people, value=1)
    keys = list(agreed.values_list("participant_id", "statement_id"))
    agreed.update(value=-1)
    assert publish.map_is_due(dialogue, load_votes(dialogue.pk))
    for person, statement in keys:
        Vote.objects.filter(participant_id=person, statement_id=statement).update(value=1)
    assert not publish.map_is_due(dialogue, load_votes(dialogue.pk))


def test_after_a_restart_only_certain_newcomers_count() -> None:
    dialogue = make_dialogue(statements=8)
    people = add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    Vote.objects.filter(participant_id__in=people[:10], value=1).update(value=-1)
    publish.forget()
    # Ten have changed, but nobody can know that any more.
    assert publish.refresh_map(dialogue.pk) is None
    Vote.objects.filter(participant_id__in=people[10:14], value=1).update(value=-1)
    assert publish.refresh_map(dialogue.pk) is None
    Vote.objects.filter(participant_id=people[14], value=1).update(value=-1)
    assert publish.refresh_map(dialogue.pk) is not None


def test_after_a_restart_enough_newcomers_make_a_map_due() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    publish.forget()
    add_voters(dialogue, 5, first=101)
    assert publish.refresh_map(dialogue.pk) is not None


def test_after_a_restart_what_the_clock_found_due_is_made() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    StoredMap.objects.update(made_at=timezone.now() - timedelta(days=1))
    publish.forget()
    add_voters(dialogue, 5, first=101)
    publish.schedule_due_maps()
    assert waiting() == [("refresh_map", [dialogue.pk])]
    assert publish.refresh_map(dialogue.pk) is not None
    assert publish.refresh_map(dialogue.pk) is None


def test_fingerprints_ignore_order_and_see_every_change() -> None:
    votes = Votes([1, 1, 2, 3], [10, 11, 10, 10], [1, 0, -1, 1])
    shuffled = Votes([3, 1, 2, 1], [10, 11, 10, 10], [1, 0, -1, 1])
    changed = Votes([1, 1, 2, 4], [10, 11, 10, 10], [1, -1, -1, 1])
    first = fingerprints(votes)
    assert np.array_equal(first.hashes, fingerprints(shuffled).hashes)
    assert changed_people(first, fingerprints(shuffled)) == 0
    # 1 voted otherwise, 3 went, 4 came.
    assert changed_people(first, fingerprints(changed)) == 3


def test_the_newest_maps_and_the_final_one_are_kept() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    first = publish.refresh_map(dialogue.pk)
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
    final = publish.finalise(dialogue.pk)
    assert final is not None
    assert dialogue.maps.filter(final=False).count() == 20
    assert list(dialogue.maps.filter(final=True)) == [final]


def test_closing_stores_exactly_one_final_map_of_all_votes() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    add_voters(dialogue, 1, first=101)
    assert publish.finalise(dialogue.pk) is None  # still open
    close(dialogue)
    final = publish.finalise(dialogue.pk)
    assert final is not None
    assert (final.final, final.participants) == (True, 21)
    assert publish.finalise(dialogue.pk) == final
    assert publish.refresh_map(dialogue.pk) is None
    assert dialogue.maps.count() == 2


def test_a_final_map_of_any_size_is_the_same_on_every_processor() -> None:
    """And its published options do not tell how many votes there are."""
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 30)
    live = publish.refresh_map(dialogue.pk)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    final = publish.finalise(dialogue.pk)
    assert live is not None
    assert final is not None
    assert live.options["double_votes"] == Options().double_votes
    assert final.options["double_votes"] == publish.EVERY_VOTE


def test_a_dialogue_without_votes_has_a_final_map_too() -> None:
    dialogue = make_dialogue(state="closed")
    final = publish.finalise(dialogue.pk)
    assert final is not None
    assert (final.participants, final.facts.status) == (0, "too_little")


def test_no_map_is_made_twice_at_once() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    with publish._alone(dialogue.pk) as alone:
        assert alone
        assert publish.refresh_map(dialogue.pk) is None
    assert publish.refresh_map(dialogue.pk) is not None


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
    assert worker.compute(votes, Options(), 3) == expected


def waiting() -> list[tuple[str, list[int]]]:
    return sorted(
        (row.task_path.rsplit(".", 1)[1], row.args_kwargs["args"])
        for row in DBTaskResult.objects.filter(status="READY")
    )


def test_the_clock_enqueues_what_is_due_once() -> None:
    open_one = make_dialogue("open-one", statements=8)
    closed = make_dialogue("closed-one", state="closed")
    ended = make_dialogue("ended", closes_at=timezone.now() - timedelta(minutes=1))
    make_dialogue("draft-one", state="draft")
    make_dialogue("silent")
    add_voters(open_one, 20)
    expected = [("finalise", [closed.pk]), ("finalise", [ended.pk]), ("refresh_map", [open_one.pk])]
    publish.schedule_due_maps()
    assert waiting() == expected
    publish.forget()
    publish.schedule_due_maps()
    assert waiting() == expected


def test_the_clock_leaves_a_young_map_alone(settings: object) -> None:
    settings.MAP_SECONDS = 600  # type: ignore[attr-defined]
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    add_voters(dialogue, 20, first=101)
    publish.schedule_due_maps()
    assert waiting() == []
    settings.MAP_SECONDS = 0  # type: ignore[attr-defined]
    # What took 60 seconds is made every ten minutes at most.
    publish._took[dialogue.pk] = 60.0
    publish.schedule_due_maps()
    assert waiting() == []
    publish._took[dialogue.pk] = 0.0
    publish.schedule_due_maps()
    assert waiting() == [("refresh_map", [dialogue.pk])]


def test_nothing_new_costs_no_look_at_the_votes(
    settings: object, django_assert_num_queries: object
) -> None:
    settings.MAP_SECONDS = 0  # type: ignore[attr-defined]
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    publish._took[dialogue.pk] = 0.0
    publish.schedule_due_maps()
    last = publish._looks[dialogue.pk]
    publish._looks[dialogue.pk] = publish._Look(last.counts, last.at, 0.0)
    # Finished tasks, dialogues, the last map's time, the counts of the days.
    with django_assert_num_queries(4):  # type: ignore[operator]
        publish.schedule_due_maps()


def test_finished_tasks_leave_no_times_behind() -> None:
    from middleground.dialogues import tasks

    result = tasks.refresh_map.enqueue(1)
    publish.schedule_due_maps()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.filter(id=result.id).update(status="SUCCESSFUL")
    publish.schedule_due_maps()
    assert DBTaskResult.objects.count() == 0


def test_a_dialogue_that_opens_again_gets_another_final_map() -> None:
    dialogue = make_dialogue(statements=8, state="closed")
    add_voters(dialogue, 20)
    first = publish.finalise(dialogue.pk)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="open")
    publish.schedule_due_maps()
    assert not dialogue.maps.filter(final=True).exists()
    close(dialogue)
    second = publish.finalise(dialogue.pk)
    assert second is not None
    assert second != first


def test_a_new_statement_alone_makes_no_map_due() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk)
    make_statement(dialogue, 9)
    assert not publish.map_is_due(dialogue, load_votes(dialogue.pk))


def test_whoever_confirms_is_looked_at_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the day's counts tells of it, and the next look by the clock is a minute away."""
    monkeypatch.setattr(publish, "LOOK_SHARE", 1e9)
    dialogue = make_dialogue(statements=3)
    token, person = make_participant(dialogue)
    Participant.objects.filter(pk=person.pk).update(tier="waiting")
    for statement in dialogue.statements.all():
        make_vote(person, statement, 1)
    publish.schedule_due_maps()
    assert waiting() == []
    publish.schedule_due_maps()
    assert waiting() == []
    assert confirm(dialogue, token)
    publish.schedule_due_maps()
    assert waiting() == [("refresh_map", [dialogue.pk])]
