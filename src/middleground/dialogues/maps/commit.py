"""Storing a prepared map: the transaction compares and inserts, because all votes wait for it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.maps.prepare import PreparedMap
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.ledger.merkle.tile_folder import move_whole

KEPT_MAPS = 20


class Overtaken(Exception):
    """What the map depends on has changed since it was read: it has to be made anew."""


def commit(prepared: PreparedMap, *, allow_new_statements: bool = False) -> StoredMap | None:
    """Store the map and let the public log tell of it. None where it is not wanted any more.

    Raises ``Overtaken``. ``allow_new_statements``: not where statements have only been added.
    """
    try:
        stored = _store(prepared, allow_new_statements=allow_new_statements)
    finally:
        if prepared.votes_file is not None:
            prepared.votes_file.unlink(missing_ok=True)
    if stored is prepared.row:
        _delete_old_maps(stored.dialogue_id)
    return stored


@transaction.atomic
def _store(prepared: PreparedMap, *, allow_new_statements: bool) -> StoredMap | None:
    row = prepared.row
    # The row's lock puts two servers in a row; between them they store one final map.
    locked = Dialogue.objects.select_for_update().get(pk=row.dialogue_id)
    if (locked.phase(timezone.now()) == "closed") != row.final:
        return None
    existing = locked.maps.filter(final=True).first() if row.final else None
    if existing:
        return existing
    if not prepared.read.still_holds(locked, allow_new_statements=allow_new_statements):
        raise Overtaken
    data = row.data
    # Written as JSON before: for thousands of statements that takes a tenth of a second.
    row.data = Cast(Value(prepared.data, TextField()), JSONField())
    row.save(force_insert=True)
    row.data = data
    if prepared.record is not None:
        prepared.record.append()
    if prepared.votes_file is not None:
        move_whole(prepared.votes_file, matrix_path(row.dialogue))
    return row


@transaction.atomic
def _delete_old_maps(dialogue_id: int) -> None:
    maps = StoredMap.objects.filter(dialogue_id=dialogue_id, final=False)
    kept = list(maps.values_list("pk", flat=True)[:KEPT_MAPS])
    apart = maps.filter(tiers_apart=True).values_list("pk", flat=True).first()
    maps.exclude(pk__in=[*kept, apart]).delete()
