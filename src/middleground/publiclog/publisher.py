"""Publishing the log: entries get their places in the database, then the files are signed.

Pending records get places in the order of their actions, then the registered sources place batches
of leaves. All placed entries are then written into the log's folder and signed; after a power cut
this is repeated. One thread of one process does this.

Of several processes on PostgreSQL it is the elected one. A process that was elected before and was
paused meanwhile cannot place anything (``fence``), and what it read before is a beginning of what
its successor signs: so the tiles and numbered checkpoints that it may still write are the same
bytes. Only the file ``checkpoint`` can become an older one for a moment, and the next look mends
it.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from middleground.core.processes.election import fence, require_elected
from middleground.ledger import Diverged, publish
from middleground.ledger.files.publishing import (
    publish_document,
    published,
    restore_newest,
    write_keys,
)
from middleground.ledger.files.signed_before import SignedTree
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint
from middleground.ledger.notes.keys import SigningKey
from middleground.publiclog.log_key import signed_before, signing_key, witness_keys
from middleground.publiclog.models import LogEntry, LogState
from middleground.publiclog.sequencer import sequencing
from middleground.publiclog.sources import registered
from middleground.publiclog.upkeep.lateness import note_round

_publishing = threading.Lock()


def newest_checkpoint() -> Checkpoint:
    """Return the newest signed checkpoint; size 0 before the first. Raises ``BadCheckpoint``."""
    return published(Path(settings.LEDGER), signing_key().verifier)


def is_urgent() -> bool:
    """Whether a source wants a publication before the usual interval is over."""
    return any(source.is_urgent() for source in registered())


def publish_log(now: datetime | None = None) -> Checkpoint | None:
    """Place and sign all waiting entries. None if another thread is publishing already.

    Raises ``Diverged`` or ``BadCheckpoint`` if folder and database disagree about the past.
    """
    if not _publishing.acquire(blocking=False):
        return None
    try:
        return _publish(now or timezone.now())
    finally:
        _publishing.release()


def mend_checkpoint() -> None:
    """Restore the newest checkpoint if another process wrote an older one over it."""
    state = LogState.objects.first() or LogState()
    folder = Path(settings.LEDGER)
    with suppress(BadCheckpoint, OSError):  # the next publication tells what is wrong
        verifier = signing_key().verifier
        if published(folder, verifier).size < state.signed:
            require_elected()
            restore_newest(folder, verifier, state.signed)


def why_stuck() -> str:
    """Return why the log cannot grow; empty if it can."""
    try:
        _refuse_fork(Path(settings.LEDGER), signing_key())
    except (Diverged, BadCheckpoint, MissingTile, OSError) as problem:
        return str(problem)
    return ""


def _publish(now: datetime) -> Checkpoint:
    folder, key = Path(settings.LEDGER), signing_key()
    _refuse_fork(folder, key)
    _note_signed(folder, key)
    rounds = [source.begin_round(now) for source in registered()]
    with sequencing() as sequencer:
        for each in rounds:
            each.place_first(sequencer)
        sequencer.place_pending()
    for each in rounds:
        each.place_batches()
    checkpoint = _sign(folder, key)
    for each in rounds:
        require_elected()
        each.publish_files(folder)
    note_round(folder)
    return checkpoint


def _refuse_fork(folder: Path, key: SigningKey) -> None:
    """Raise ``Diverged`` if the database or the folder is an old backup: signing would fork."""
    state = LogState.objects.first() or LogState()
    if state.verifier not in ("", str(key.verifier)):
        raise Diverged(
            f"ledger.key or ledger.name is not the one that signed before, {state.verifier}: put it"
            " back from the backup of the keys"
        )
    newest = published(folder, key.verifier)
    if not state.signed <= newest.size <= state.placed:
        raise Diverged(
            f"the folder has {newest.size} signed entries, the database {state.signed} to"
            f" {state.placed}"
        )
    before = signed_before()
    largest = before.largest()
    if largest is not None and largest.size > state.placed:
        raise Diverged(
            f"{largest.size} entries were signed before, and the database has only {state.placed}:"
            " it is an old backup"
        )
    if largest is not None and largest.size <= newest.size:
        before.require_continued(TileFolder(folder, newest.size))


def _note_signed(folder: Path, key: SigningKey) -> None:
    """Note what was signed before anybody noted it, by an earlier version."""
    newest, largest = published(folder, key.verifier), signed_before().largest()
    if newest.size > (largest.size if largest else 0):
        signed_before().note(SignedTree(newest.size, newest.root))


def _sign(folder: Path, key: SigningKey) -> Checkpoint:
    """Write and sign all entries that have a place and are not signed yet. Idempotent."""
    start, placed = _read_unsigned()
    for row in placed:
        if row.document is not None:
            publish_document(folder, bytes(row.document))
    require_elected()
    write_keys(folder, key.verifier, witness_keys())
    entries = [bytes(row.entry) for row in placed]
    # After a power cut the folder can be ahead of ``signed``, and more entries have places since.
    done = published(folder, key.verifier).size - start
    before = signed_before()
    publish(folder, key, start, entries[:done], require_elected, before)
    checkpoint = publish(folder, key, start + done, entries[done:], require_elected, before)
    with transaction.atomic():
        fence()
        LogState.objects.filter(pk=1).update(signed=checkpoint.size, verifier=str(key.verifier))
        LogEntry.objects.filter(index__lt=checkpoint.size).delete()
    return checkpoint


def _read_unsigned() -> tuple[int, list[LogEntry]]:
    """The place of the first entry that is not signed, and the entries from there.

    Raises ``Diverged`` if one is missing: signing others in its place would fork the log.
    """
    with transaction.atomic():
        fence()
        start = LogState.objects.get(pk=1).signed
        placed = list(LogEntry.objects.filter(index__gte=start).order_by("index"))
    if [row.index for row in placed] != list(range(start, start + len(placed))):
        raise Diverged(f"an entry after the first {start} is missing")
    return start, placed
