"""Publishing opinion maps: when one is due, computing it, and the final one.

Two published maps must not tell what fewer than ``minimum_shown`` people did in between. So a map
is due only when the votes of that many participants have changed since the last one. Who has
changed is known from a hash of each participant's votes, kept in memory only: in the database it
would tell when somebody took part. After a restart the hashes are gone; then only newcomers count
who are certainly new, until that many have changed since the restart.

The final map counts everyone's votes, also those of the last few: nobody is left out of the
result. The bands of ``disclosure/whole_map.py`` protect them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from middleground.dialogues.maps import anomalies as patterns
from middleground.dialogues.maps import tier_release, worker
from middleground.dialogues.maps.eligibility import Counted, counted_votes
from middleground.dialogues.maps.load_votes import fingerprints, tiers_of
from middleground.dialogues.maps.log_record import log_map, seal_final_map, seal_live_map
from middleground.dialogues.maps.published_baseline import Baseline
from middleground.dialogues.models import DailyCount, Dialogue, StoredMap
from middleground.dialogues.voting.changes import number_of_changes
from middleground.engine import Options, Votes

KEPT_MAPS = 20
# More than there can be. The options are published, and must not tell how many there are.
EVERY_VOTE = 10**12
# Of votes that another server took we may know nothing, so now and then we look anyhow.
LOOK_SECONDS = 60.0
# Looking takes at most this share of the time, however many votes there are.
LOOK_SHARE = 0.05
# Making maps takes at most this share of it: with many votes they come less often than MAP_SECONDS.
MAP_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Look:
    """When all votes of a dialogue were last looked at, and what the counts were then."""

    counts: tuple[int, ...]
    at: float
    took: float


_baselines: dict[int, Baseline] = {}
_looks: dict[int, _Look] = {}
_took: dict[int, float] = {}  # seconds that the last map of a dialogue took
_busy: set[int] = set()
_busy_lock = threading.Lock()


def forget() -> None:
    """Be as after a restart (for tests)."""
    _baselines.clear()
    _looks.clear()
    _took.clear()
    tier_release.forget()


def schedule_due_maps() -> None:
    """Called every few seconds: enqueue what is due. Never raises for one dialogue's sake."""
    from middleground.dialogues import tasks

    _clear_finished_tasks()
    now = timezone.now()
    final = StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)
    candidates = Dialogue.objects.exclude(state=Dialogue.State.DRAFT)
    for dialogue in candidates.annotate(has_final=Exists(final)):
        phase = dialogue.phase(now)
        if phase == "closed" and not dialogue.has_final:
            _enqueue(tasks.finalise, dialogue.pk)
        elif phase == "open":
            if dialogue.has_final:
                reopen(dialogue.pk)
            if _worth_a_look(dialogue, now) and _look(dialogue):
                _enqueue(tasks.refresh_map, dialogue.pk)


def request_final_map(dialogue_id: int) -> None:
    """Ask for the final map of a closed dialogue; a second request changes nothing."""
    from middleground.dialogues import tasks

    _enqueue(tasks.finalise, dialogue_id)


def map_is_due(dialogue: Dialogue, votes: Votes) -> bool:
    """Whether a map of these votes may be published beside the last one."""
    if not len(votes.counted()):
        return False
    newest = dialogue.maps.only("id", "dialogue", "participants").first()
    if newest is None:
        return True
    now = fingerprints(votes)
    before = _baselines.get(dialogue.pk)
    if before is not None and before.map_id == newest.pk:
        return before.changed(now) >= dialogue.minimum_shown
    if len(now.people) - newest.participants >= dialogue.minimum_shown:
        return True  # asked again before it is made: with a baseline, nobody would have changed
    _baselines[dialogue.pk] = Baseline(newest.pk, now)
    return False


def refresh_map(dialogue_id: int) -> StoredMap | None:
    """Publish a new map of an open dialogue, if one is due and none is being made."""
    with _alone(dialogue_id) as alone:
        dialogue = Dialogue.objects.filter(pk=dialogue_id).first()
        if not alone or dialogue is None or not dialogue.is_open(timezone.now()):
            return None
        start = time.monotonic()
        made_at, counted = timezone.now(), counted_votes(dialogue)
        if not map_is_due(dialogue, counted.votes):
            return None
        stored = _publish(dialogue, counted, made_at, final=False)
        if stored is not None:
            _took[dialogue_id] = time.monotonic() - start
        return stored


def finalise(dialogue_id: int) -> StoredMap | None:
    """The final map of a closed dialogue: made once, then always the same."""
    with _alone(dialogue_id) as alone:
        dialogue = Dialogue.objects.filter(pk=dialogue_id).first()
        if not alone or dialogue is None or dialogue.phase(timezone.now()) != "closed":
            return None
        existing = dialogue.maps.filter(final=True).first()
        if existing:
            return existing
        made_at, counted = timezone.now(), counted_votes(dialogue)
        return _publish(dialogue, counted, made_at, final=True)


def reopen(dialogue_id: int) -> None:
    """A dialogue that is open again has no final map: the one it had becomes one of many."""
    StoredMap.objects.filter(dialogue_id=dialogue_id, final=True).update(final=False)


def _publish(
    dialogue: Dialogue, counted: Counted, made_at: datetime, *, final: bool
) -> StoredMap | None:
    options = options_of(dialogue, final=final)
    newest = dialogue.maps.first()
    previous = newest.facts if newest else None
    votes, seed = counted.votes, dialogue.pk % 2**31
    data = worker.compute(votes, options, seed, previous, counted.admitted, counted.beside)
    apart = final or tier_release.may_be_shown(dialogue, counted)
    with transaction.atomic():
        # The row's lock puts two servers in a row; between them they store one final map.
        locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        if (locked.phase(timezone.now()) == "closed") != final:
            return None
        existing = locked.maps.filter(final=True).first()
        if final and existing:
            return existing
        stored = _store(locked, data, _about(counted), made_at, final=final, apart=apart)
        if final:
            seal_final_map(stored, counted, previous)
        else:
            seal_live_map(stored)
        log_map(locked, stored)
        _delete_old_maps(dialogue.pk)
    _baselines[dialogue.pk] = Baseline(stored.pk, fingerprints(votes))
    if apart:
        tier_release.remember(stored, counted)
    return stored


def options_of(dialogue: Dialogue, *, final: bool) -> Options:
    """How a map is computed. A final one to the same byte on any processor, however large: an
    auditor computes it again."""
    usual = Options()
    return Options(
        min_group=max(usual.min_group, dialogue.minimum_shown),
        merge_near_duplicates=dialogue.copies_count_once,
        double_votes=EVERY_VOTE if final else usual.double_votes,
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What is stored beside a map's facts."""

    tiers: dict[str, int]
    set_aside: int
    patterns: dict[str, Any]


def _about(counted: Counted) -> _About:
    return _About(
        tiers_of(counted.admitted, counted.everyone),
        counted.set_aside,
        patterns.found_in(counted.everyone),
    )


def _store(
    dialogue: Dialogue,
    data: dict[str, Any],
    about: _About,
    made_at: datetime,
    *,
    final: bool,
    apart: bool,
) -> StoredMap:
    return StoredMap.objects.create(
        dialogue=dialogue,
        made_at=made_at,
        final=final,
        participants=data["diagnostics"]["participants"],
        votes=data["diagnostics"]["votes"],
        tiers=about.tiers,
        tiers_apart=apart,
        set_aside=about.set_aside,
        patterns=about.patterns,
        seed=data["seed"],
        engine_version=data["engine_version"],
        input_hash=data["input_hash"],
        options=data["options"],
        data=data,
    )


def _delete_old_maps(dialogue_id: int) -> None:
    maps = StoredMap.objects.filter(dialogue_id=dialogue_id, final=False)
    kept = list(maps.values_list("pk", flat=True)[:KEPT_MAPS])
    apart = maps.filter(tiers_apart=True).values_list("pk", flat=True).first()
    maps.exclude(pk__in=[*kept, apart]).delete()


def _worth_a_look(dialogue: Dialogue, now: datetime) -> bool:
    """Whether to read all votes: something was counted, or it is a while ago; not too often."""
    newest = dialogue.maps.values_list("made_at", flat=True).first()
    pause = max(settings.MAP_SECONDS, _took.get(dialogue.pk, 0.0) / MAP_SHARE)
    if newest and (now - newest).total_seconds() < pause:
        return False
    last = _looks.get(dialogue.pk)
    if last is None:
        return True
    since = time.monotonic() - last.at
    if since < last.took / LOOK_SHARE:
        return False
    return _counts(dialogue) != last.counts or since >= LOOK_SECONDS


def _look(dialogue: Dialogue) -> bool:
    start, counts = time.monotonic(), _counts(dialogue)
    due = map_is_due(dialogue, counted_votes(dialogue).votes)
    now = time.monotonic()
    _looks[dialogue.pk] = _Look(counts, now, now - start)
    return due


def _counts(dialogue: Dialogue) -> tuple[int, ...]:
    """What changes with almost every change of the votes, and is cheap to read."""
    sums = DailyCount.objects.filter(dialogue=dialogue).aggregate(
        people=Sum("participants", default=0), votes=Sum("votes", default=0)
    )
    return number_of_changes(dialogue.pk), dialogue.revision, sums["people"], sums["votes"]


@contextmanager
def _alone(dialogue_id: int) -> Iterator[bool]:
    """True for the one thread that may make this dialogue's map now."""
    with _busy_lock:
        free = dialogue_id not in _busy
        _busy.add(dialogue_id)
    try:
        yield free
    finally:
        if free:
            with _busy_lock:
                _busy.discard(dialogue_id)


def _enqueue(task: Task[[int], None], dialogue_id: int) -> None:
    """Enqueue unless the same already waits or runs here.

    A row that says "running" is not asked: a server that was killed leaves it behind for ever.
    """
    waiting = DBTaskResult.objects.filter(
        task_path=task.module_path, status=TaskResultStatus.READY
    ).values_list("args_kwargs", flat=True)
    if dialogue_id not in _busy and all(item["args"] != [dialogue_id] for item in waiting):
        task.enqueue(dialogue_id)


def _clear_finished_tasks() -> None:
    """Rows of finished tasks would grow for ever, and their times tell when people voted."""
    DBTaskResult.objects.filter(
        task_path__startswith="middleground.dialogues.tasks.",
        status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED],
    ).delete()
