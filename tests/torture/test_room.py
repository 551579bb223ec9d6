"""The disk is full from any byte on: whole batches are refused, and stored when there is space.

Uses the disk of ``power_cut.py``; ``test_full_disk.py`` does the same with a real server.
MIDDLEGROUND_TORTURE_ROOMS sets the number of sizes at which the disk is full.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import DatabaseError

from torture.tools.over_apsw import django_over_apsw
from torture.tools.power_cut import NotedVFS, Notes
from torture.tools.progress import figures, tell
from torture.tools.voting_batches import Crowd, found, site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("keys"),
]
PLACES = int(os.environ.get("MIDDLEGROUND_TORTURE_ROOMS", "40"))
BATCHES = 6
# As in the server, commits do not checkpoint; the disk can also be full at a checkpoint.
ALONE = "PRAGMA locking_mode=EXCLUSIVE;PRAGMA wal_autocheckpoint=0;"


def vote_into_little_room(folder: Path, crowd: Crowd, room: int | None) -> tuple[int, int]:
    """The number of refused batches, and the number of bytes written with unlimited space."""
    file, notes, refused = folder / "site.sqlite3", Notes(), 0
    vfs = NotedVFS("little", notes)
    with django_over_apsw(str(file), "little", ALONE) as database:
        database.ensure_connection()
        started = len(notes.steps)
        notes.room = room
        for _ in range(BATCHES):
            batch = crowd.batch()
            try:
                crowd.cast(batch)
            except DatabaseError:
                refused += 1
            with suppress(DatabaseError), database.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        written = sum(len(step.data or b"") for step in notes.steps[started:])
        notes.room = None
        crowd.cast(crowd.batch())  # the same connection, when there is space again
    vfs.unregister()
    return refused, written


def test_a_disk_full_at_any_byte_stores_no_partial_batch(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    crowd = site(whole, 5)
    (tmp_path / "first.sqlite3").write_bytes((whole / "site.sqlite3").read_bytes())
    _, written = vote_into_little_room(whole, crowd, None)
    assert written > 100_000
    full = 0
    for number in range(PLACES):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(tmp_path / "first.sqlite3", folder / "site.sqlite3")
        again = Crowd(crowd.dialogue, crowd.statements, type(crowd.chance)(number))
        refused, _ = vote_into_little_room(folder, again, number * written // PLACES)
        full += refused > 0
        assert found(folder / "site.sqlite3") == again.votes
        shutil.rmtree(folder)
        if number % max(1, PLACES // 10) == 0:
            tell(f"full disk at {number} of {PLACES} places")
    assert full > PLACES / 2
    figures("full disk", places=PLACES, that_refused_votes=full, stored_by_halves=0)
