"""Letting the public log grow: places first, in the database, then the signed files.

Whatever waits gets its place in one transaction: records in the order of the acts, then each
dialogue's votes in a shuffled batch of many people. What has a place is then written into the
log's folder and signed; after a power cut the same is done again. One thread of the one server
process does this.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from middleground.core.keyfiles import read_or_create
from middleground.dialogues.models import (
    Dialogue,
    DialogueLog,
    ErasedSeal,
    LogEntry,
    LogState,
    StoredMap,
    VoteSeal,
    WaitingRecord,
)
from middleground.dialogues.sealing.openings import publish_openings, publish_words, words_file
from middleground.dialogues.sealing.records import opening_of, seal_statements
from middleground.ledger import Diverged, publish, write_entry
from middleground.ledger.files.publishing import publish_document, published, write_keys
from middleground.ledger.merkle.batches import LEAST_PEOPLE, shuffled
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint
from middleground.ledger.notes.keys import NOTE, SigningKey, VerifierKey, read_verifier_key
from middleground.ledger.records.entries import Erasures, SealedVote

logger = logging.getLogger(__name__)

# So many leaves at once hold up votes for some hundredths of a second.
MOST_LEAVES = 2_000
# A promise that is due sooner than this is kept with whoever is there.
PROMISE_MARGIN = timedelta(hours=12)

_turn = threading.Lock()


_Entry = tuple[bytes, bytes | memoryview | None]  # with the document that it names, if any


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A vote's entry on its way into the log; ``seal`` is None where its vote was deleted."""

    tag: bytes
    entry: bytes
    seal: tuple[int, int, int] | None


def signing_key() -> SigningKey:
    """The log's key, made on first use with the log's name, as witnesses know it.

    The name is the host's first address and stays, should the host move: it is part of the key.
    """
    keys = Path(settings.KEYS)
    name = read_or_create(keys / "ledger.name", settings.LEDGER_NAME.encode).decode()
    seed = read_or_create(keys / "ledger.key", lambda: secrets.token_bytes(32))
    return SigningKey(name, NOTE, seed)


def newest_checkpoint() -> Checkpoint:
    """What is signed so far; of size 0 before the first. Raises ``BadCheckpoint``."""
    return published(Path(settings.LEDGER), signing_key().verifier)


def publish_log(now: datetime | None = None) -> Checkpoint | None:
    """Place and sign what waits. None where another thread is at it.

    Raises ``Diverged`` or ``BadCheckpoint`` where folder and database disagree about the past.
    """
    if not _turn.acquire(blocking=False):
        return None
    try:
        return _publish(now or timezone.now())
    finally:
        _turn.release()


def is_closing() -> bool:
    """Whether a dialogue's final result is there, and its votes are still to be opened."""
    return _to_open().exists()


def _publish(now: datetime) -> Checkpoint:
    folder, key = Path(settings.LEDGER), signing_key()
    _refuse_fork(folder, key)
    words = _place_records()
    final = list(_to_open())
    for dialogue in Dialogue.objects.filter(imported=False).exclude(state=Dialogue.State.DRAFT):
        while _place_batch(dialogue, now, final=dialogue in final):
            pass
    for dialogue in final:
        _place_erasures(dialogue)
    checkpoint = _sign(folder, key)
    publish_words(folder, words)
    for dialogue in final:
        publish_openings(folder, dialogue)
    return checkpoint


def _to_open() -> QuerySet[Dialogue]:
    final = StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)
    opened = DialogueLog.objects.filter(dialogue=OuterRef("pk"), opened=True)
    return Dialogue.objects.filter(Exists(final), ~Exists(opened), imported=False)


def _refuse_fork(folder: Path, key: SigningKey) -> None:
    """Neither an old backup of the database nor one of the folder may grow into another log."""
    state = LogState.objects.first() or LogState()
    size = published(folder, key.verifier).size
    if not state.signed <= size <= state.placed:
        raise Diverged(
            f"the folder has {size} signed entries, the database {state.signed} to {state.placed}"
        )


def _place_records() -> dict[str, str]:
    """Give records their places; the words of all statements that are sealed by then."""
    with transaction.atomic():
        state = _locked_state()
        _place(state, [(entry, None) for entry in seal_statements()])
        waiting = list(WaitingRecord.objects.order_by("id"))
        _place(state, [(bytes(each.entry), each.document) for each in waiting])
        WaitingRecord.objects.filter(pk__in=[each.pk for each in waiting]).delete()
        return words_file()


def _place_batch(dialogue: Dialogue, now: datetime, *, final: bool) -> bool:
    """Give a shuffled batch of the dialogue's votes their places. Whether there was one."""
    with transaction.atomic():
        state = _locked_state()
        people, erased = _who_goes(dialogue, now, final=final)
        if not people and not erased:
            return False
        leaves = [*_leaves(dialogue, people), *map(_shut, erased)]
        mixed = shuffled(leaves, lambda leaf: leaf.tag, secrets.randbelow)
        first = state.placed
        _place(state, [(leaf.entry, None) for leaf in mixed])
        with connection.cursor() as cursor:
            cursor.executemany(
                _SET_LEAF,
                [(index, *leaf.seal) for index, leaf in enumerate(mixed, first) if leaf.seal],
            )
        ErasedSeal.objects.filter(pk__in=[each.pk for each in erased]).delete()
        DialogueLog.objects.filter(dialogue=dialogue).update(promised_by=None)
    return True


def _who_goes(
    dialogue: Dialogue, now: datetime, *, final: bool
) -> tuple[list[int], list[ErasedSeal]]:
    """Whose votes the next batch has: chosen by chance, so that a batch tells no time."""
    waiting = VoteSeal.objects.filter(participant__dialogue=dialogue, leaf=None)
    counts = dict(waiting.order_by().values_list("participant_id").annotate(Count("turn")))
    erased = list(ErasedSeal.objects.filter(dialogue=dialogue))
    log = DialogueLog.objects.filter(dialogue=dialogue).first()
    promised = log.promised_by if log else None
    pressing = promised is not None and promised - now < PROMISE_MARGIN
    if len(counts) < LEAST_PEOPLE and not final and not pressing:
        return [], []
    people = sorted(counts)
    secrets.SystemRandom().shuffle(people)
    return _first_of(people, counts), erased


def _first_of(people: Sequence[int], counts: dict[int, int]) -> list[int]:
    """As many as fit one transaction, but never so that too few are left for another."""
    leaves = 0
    for taken, person in enumerate(people, start=1):
        leaves += counts[person]
        enough = leaves >= MOST_LEAVES and taken >= LEAST_PEOPLE
        if enough and len(people) - taken >= LEAST_PEOPLE:
            return list(people[:taken])
    return list(people)


def _leaves(dialogue: Dialogue, people: Sequence[int]) -> list[_Leaf]:
    """The waiting votes of these people, each person's in the order in which they were cast."""
    seals = VoteSeal.objects.filter(participant_id__in=people, leaf=None)
    numbers = dict(dialogue.statements.values_list("pk", "number"))
    leaves = []
    for seal in seals.order_by("participant_id", "statement_id", "turn"):
        opening = opening_of(dialogue, numbers[seal.statement_id], seal)
        key = (seal.participant_id, seal.statement_id, seal.turn)
        leaves.append(_Leaf(opening.tag, opening.entry(), key))
    return leaves


def _shut(erased: ErasedSeal) -> _Leaf:
    """A deleted vote's leaf, which was promised and which nothing opens."""
    seal = bytes.fromhex(erased.seal)
    return _Leaf(seal, write_entry(SealedVote(erased.dialogue.slug, seal)), None)


def _place_erasures(dialogue: Dialogue) -> None:
    """Log how many votes and statements cannot be opened any more."""
    with transaction.atomic():
        state = _locked_state()
        log, _ = DialogueLog.objects.get_or_create(dialogue=dialogue)
        if log.erased_votes or log.erased_statements:
            record = Erasures(dialogue.slug, log.erased_votes, log.erased_statements)
            _place(state, [(write_entry(record), None)])
            log.erased_votes = log.erased_statements = 0
            log.save(update_fields=["erased_votes", "erased_statements"])


def _locked_state() -> LogState:
    LogState.objects.get_or_create(pk=1)
    return LogState.objects.select_for_update().get(pk=1)


def _place(state: LogState, entries: Sequence[_Entry]) -> None:
    LogEntry.objects.bulk_create(
        [
            LogEntry(index=index, entry=entry, document=document)
            for index, (entry, document) in enumerate(entries, start=state.placed)
        ],
        batch_size=1_000,
    )
    state.placed += len(entries)
    state.save(update_fields=["placed"])


def _sign(folder: Path, key: SigningKey) -> Checkpoint:
    """Write and sign what has a place and is not signed yet; the same again changes nothing."""
    start = LogState.objects.get(pk=1).signed
    placed = list(LogEntry.objects.filter(index__gte=start).order_by("index"))
    for row in placed:
        if row.document is not None:
            publish_document(folder, bytes(row.document))
    write_keys(folder, key.verifier, _witness_keys())
    checkpoint = publish(folder, key, start, [bytes(row.entry) for row in placed])
    with transaction.atomic():
        LogState.objects.filter(pk=1).update(signed=checkpoint.size)
        LogEntry.objects.filter(index__lt=checkpoint.size).delete()
    return checkpoint


def _witness_keys() -> list[VerifierKey]:
    return [read_verifier_key(key) for _, key in settings.LEDGER_WITNESSES]


def trouble() -> str:
    """Why the log cannot grow, or nothing."""
    try:
        _refuse_fork(Path(settings.LEDGER), signing_key())
    except (Diverged, BadCheckpoint, OSError) as problem:
        return str(problem)
    return ""


_SET_LEAF = (
    f"UPDATE {VoteSeal._meta.db_table} SET leaf = %s"  # noqa: S608
    " WHERE participant_id = %s AND statement_id = %s AND turn = %s"
)
