"""Publishes opinion maps: makes one that is due, and the final one.

When a map of an open dialogue is due, and whose votes are in it, ``release.py`` says. The final map
counts everyone's votes, including the latest few, so that the result leaves nobody out. The bands
of ``disclosure/whole_map.py`` protect those few.

All slow work is done before the transaction (``prepare.py``). The transaction only compares and
inserts, because all votes wait while it runs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import JSONField, Sum, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from middleground.core.durable import move_whole
from middleground.core.jobs import part
from middleground.core.jobs.troubles import noted
from middleground.core.processes.election import NotElected, fence, require_elected
from middleground.dialogues.maps.eligibility import EligibleVotes, counted_votes
from middleground.dialogues.maps.live import (
    Baseline,
    LiveMap,
    LiveMaps,
    Look,
    TierBaseline,
    live_maps,
)
from middleground.dialogues.maps.load_votes import fingerprints
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.maps.prepare import PreparedMap, ReadState, prepare
from middleground.dialogues.maps.release import Release, due_release
from middleground.dialogues.maps.worker import Members
from middleground.dialogues.models import DailyCount, Dialogue, PastMap, StoredMap
from middleground.dialogues.results.citing.dated import is_in_log
from middleground.dialogues.results.published import keep_published
from middleground.dialogues.voting.changes import number_of_changes

logger = logging.getLogger(__name__)

# How often a map is remade at once because statements or rules changed meanwhile. After that the
# next scheduled run tries again.
ATTEMPTS = 3
FOLLOW = part(
    "follow a map",
    _("What follows from a new map"),
    _("Orders and suggestions based on groups come from an earlier map."),
)
KEPT_MAPS = 20


Follower = Callable[[StoredMap, Members, LiveMap], None]
_followers: list[Follower] = []


class Overtaken(Exception):
    """What the map depends on has changed since it was read, so it must be remade."""


def refresh_map(dialogue_id: int, maps: LiveMaps = live_maps) -> StoredMap | None:
    """Publish a new map of an open dialogue if one is due and no thread is making one."""
    live = maps.of(dialogue_id)
    with live.making() as free:
        start, stored = time.monotonic(), None
        if free:
            stored = _until_stored(dialogue_id, live, final=False)
        if stored is not None:
            live.seconds_to_make = time.monotonic() - start
        return stored


def finalise(dialogue_id: int, maps: LiveMaps = live_maps) -> StoredMap | None:
    """The final map of a closed dialogue: made once, then never changed."""
    live = maps.of(dialogue_id)
    with live.making() as free:
        return _until_stored(dialogue_id, live, final=True) if free else None


def reopen(dialogue_id: int) -> None:
    """Turn a reopened dialogue's final map into an ordinary one."""
    StoredMap.objects.filter(dialogue_id=dialogue_id, final=True).update(final=False)


def follow_maps(follower: Follower) -> Follower:
    """Call this function after each map. An app does so in its ``after_maps.py``.

    It may use who is in which group, but must store nothing of it.
    """
    _followers.append(follower)
    return follower


def tell_followers(stored: StoredMap, members: Members, live: LiveMap) -> None:
    """The map is published whatever becomes of what follows from it."""
    autodiscover_modules("after_maps")
    for follower in _followers:
        try:
            with noted(FOLLOW.name, stored.dialogue_id):
                follower(stored, members, live)
        except NotElected:
            raise
        except Exception:
            logger.exception("What follows from the map of “%s” failed.", stored.dialogue.slug)


def counts_of(dialogue: Dialogue) -> tuple[int, ...]:
    """Counts that change with almost every change of the votes and are cheap to read."""
    sums = DailyCount.objects.filter(dialogue=dialogue).aggregate(
        participants=Sum("participants", default=0), votes=Sum("votes", default=0)
    )
    return number_of_changes(dialogue.pk), dialogue.revision, sums["participants"], sums["votes"]


def _until_stored(dialogue_id: int, live: LiveMap, *, final: bool) -> StoredMap | None:
    """Make the map from the stored state, and remake it if that state changes meanwhile."""
    for attempt in range(1, ATTEMPTS + 1):
        dialogue = Dialogue.objects.filter(pk=dialogue_id).first()
        phase = "closed" if final else "open"
        if dialogue is None or dialogue.phase(timezone.now()) != phase:
            return None
        existing = dialogue.maps.filter(final=True).first() if final else None
        if existing:
            return existing
        try:
            return _make(dialogue, live, final=final, last=attempt == ATTEMPTS)
        except Overtaken:
            continue
    return None


def _make(dialogue: Dialogue, live: LiveMap, *, final: bool, last: bool) -> StoredMap | None:
    """Raises ``Overtaken``. The last attempt is stored even if statements were added meanwhile."""
    made_at, read = timezone.now(), ReadState.of(dialogue)
    counted, release = _votes_and_release(dialogue, live, final=final)
    if release is None and not final:
        return None
    prepared = prepare(read, counted, live, made_at, release)
    stored = commit(prepared, allow_new_statements=last)
    if stored is prepared.row:
        tell_followers(stored, prepared.members, live)
    if stored is not None and release is not None:
        live.published = Baseline(stored.pk, release.heard)
        if stored.tiers_apart:
            votes = fingerprints(counted.everyone)
            live.tiers = TierBaseline(stored.pk, votes, counted.admitted)
    return stored


def _votes_and_release(
    dialogue: Dialogue, live: LiveMap, *, final: bool
) -> tuple[EligibleVotes, Release | None]:
    """All votes, and the release of a map of them if one is due; none for a final map."""
    if final:
        return counted_votes(dialogue), None
    start, counts = time.thread_time(), counts_of(dialogue)
    counted = counted_votes(dialogue)
    release = due_release(dialogue, counted.votes, live)
    live.last_look = Look(counts, time.monotonic(), time.thread_time() - start)
    return counted, release


def commit(prepared: PreparedMap, *, allow_new_statements: bool = False) -> StoredMap | None:
    """Store the map and log it publicly; None if it is no longer wanted.

    Raises ``Overtaken``; with ``allow_new_statements``, not if statements were only added.
    """
    try:
        stored = _store(prepared, allow_new_statements=allow_new_statements)
    finally:
        if prepared.votes_file is not None:
            prepared.votes_file.unlink(missing_ok=True)
    if stored is prepared.row:
        keep_published(stored, prepared.facts, prepared.content)
        delete_old_maps(stored.dialogue_id)
    return stored


@transaction.atomic
def _store(prepared: PreparedMap, *, allow_new_statements: bool) -> StoredMap | None:
    row = prepared.row
    fence()  # a process that is no longer elected publishes nothing
    # The row lock serialises two servers, so that they store one final map between them.
    locked = Dialogue.objects.select_for_update().get(pk=row.dialogue_id)
    if (locked.phase(timezone.now()) == "closed") != row.final:
        return None
    existing = locked.maps.filter(final=True).first() if row.final else None
    if existing:
        return existing
    if not prepared.read.still_holds(locked, allow_new_statements=allow_new_statements):
        raise Overtaken
    data = row.data
    # Already serialised: for thousands of statements that takes a tenth of a second.
    row.data = Cast(Value(prepared.data, TextField()), JSONField())
    row.save(force_insert=True)
    row.data = data
    if prepared.record is not None:
        prepared.record.append()
    if prepared.votes_file is not None:
        require_elected()
        move_whole(prepared.votes_file, matrix_path(row.dialogue))
    return row


@transaction.atomic
def delete_old_maps(dialogue_id: int) -> None:
    maps = StoredMap.objects.filter(dialogue_id=dialogue_id, final=False)
    kept = list(maps.values_list("pk", flat=True)[:KEPT_MAPS])
    apart = maps.filter(tiers_apart=True).values_list("pk", flat=True).first()
    old = maps.exclude(pk__in=[*kept, apart])
    PastMap.objects.bulk_create(
        (
            PastMap(
                dialogue_id=dialogue_id,
                made_at=each.made_at,
                sampled=each.sampled,
                document_hash=each.document_hash,
            )
            for each in old.only("made_at", "sampled", "document_hash")
            if is_in_log(each.document_hash)
        ),
        ignore_conflicts=True,
    )
    old.delete()
