"""What dialogues add when the log grows: sealed votes in batches, and openings."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from middleground.core.threads import urgent
from middleground.dialogues.models import Dialogue, DialogueLog, ErasedSeal, StoredMap, VoteSeal
from middleground.dialogues.sealing.openings import (
    publish_openings,
    publish_statement_texts,
    statement_texts,
)
from middleground.dialogues.sealing.records import opening_of, seal_statements, unsealed_statements
from middleground.ledger import write_entry
from middleground.ledger.merkle.batches import LEAST_PARTICIPANTS, shuffled
from middleground.ledger.records.entries import Erasures, SealedVote
from middleground.publiclog.sequencer import Sequencer, sequencing

# More leaves in one transaction would delay votes by more than a few hundredths of a second.
MOST_LEAVES = 2_000
MOST_STATEMENTS = 500
# SQLite's lock goes to whoever asks at the right moment, which is the one that has just freed it.
VOTES_SECONDS = 1.0  # so long does the next transaction wait for votes that wait for the lock
# A promise due sooner than this is kept with however many participants are waiting.
PROMISE_MARGIN = timedelta(hours=12)


class DialogueSource:
    """The batch source of all dialogues (see ``publiclog.sources.Source``)."""

    def is_urgent(self) -> bool:
        """Whether a dialogue has a final result but its votes are not opened yet."""
        return _to_open().exists()

    def begin_round(self, now: datetime) -> DialogueRound:
        _seal_many_statements()
        return DialogueRound(now, list(_to_open()))


@dataclass(slots=True)
class DialogueRound:
    """One round of log growth. ``final``: the dialogues whose votes it opens."""

    now: datetime
    final: list[Dialogue]
    texts: dict[str, str] = field(default_factory=dict)

    def place_first(self, sequencer: Sequencer) -> None:
        """Seal new statements before the records that name them.

        The texts are read in the same transaction, so that each belongs to a statement in the log.
        """
        sequencer.place(seal_statements())
        self.texts = statement_texts()

    def place_batches(self) -> None:
        for dialogue in Dialogue.objects.filter(imported=False).exclude(state=Dialogue.State.DRAFT):
            while _place_batch(dialogue, self.now, final=dialogue in self.final):
                urgent.votes.give_way(VOTES_SECONDS)
        for dialogue in self.final:
            _place_erasures(dialogue)

    def publish_files(self, folder: Path) -> None:
        publish_statement_texts(folder, self.texts)
        for dialogue in self.final:
            publish_openings(folder, dialogue)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A vote's entry on its way into the log; ``seal`` is None if the vote was deleted."""

    tag: bytes
    entry: bytes
    seal: tuple[int, int, int] | None


def _seal_many_statements() -> None:
    """Seal all but a few new statements, in transactions that delay votes only a little."""
    new = MOST_STATEMENTS
    while new == MOST_STATEMENTS and unsealed_statements().count() > MOST_STATEMENTS:
        with sequencing() as sequencer:
            sealed = seal_statements(MOST_STATEMENTS)
            sequencer.place(sealed)
        new = len(sealed)
        urgent.votes.give_way(VOTES_SECONDS)


def _to_open() -> QuerySet[Dialogue]:
    final = StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)
    opened = DialogueLog.objects.filter(dialogue=OuterRef("pk"), opened=True)
    return Dialogue.objects.filter(Exists(final), ~Exists(opened), imported=False)


def _place_batch(dialogue: Dialogue, now: datetime, *, final: bool) -> bool:
    """Add a shuffled batch of the dialogue's votes to the log; returns whether there was one."""
    with sequencing() as sequencer:
        participants, erased = _choose_batch(dialogue, now, final=final)
        if not participants and not erased:
            return False
        leaves = [*_leaves(dialogue, participants), *map(_sealed_leaf, erased)]
        mixed = shuffled(leaves, lambda leaf: leaf.tag, secrets.randbelow)
        first = sequencer.place([leaf.entry for leaf in mixed])
        with connection.cursor() as cursor:
            cursor.executemany(
                _SET_LEAF,
                [(index, *leaf.seal) for index, leaf in enumerate(mixed, first) if leaf.seal],
            )
        ErasedSeal.objects.filter(pk__in=[each.pk for each in erased]).delete()
        DialogueLog.objects.filter(dialogue=dialogue).update(promised_by=None)
    return True


def _choose_batch(
    dialogue: Dialogue, now: datetime, *, final: bool
) -> tuple[list[int], list[ErasedSeal]]:
    """Choose at random whose votes the next batch has, so that a batch reveals no times."""
    waiting = VoteSeal.objects.filter(participant__dialogue=dialogue, leaf=None)
    counts = dict(waiting.order_by().values_list("participant_id").annotate(Count("revision")))
    erased = list(ErasedSeal.objects.filter(dialogue=dialogue))
    log = DialogueLog.objects.filter(dialogue=dialogue).first()
    promised = log.promised_by if log else None
    pressing = promised is not None and promised - now < PROMISE_MARGIN
    if len(counts) < LEAST_PARTICIPANTS and not final and not pressing:
        return [], []
    participants = sorted(counts)
    secrets.SystemRandom().shuffle(participants)
    return _first_of(participants, counts), erased


def _first_of(participants: Sequence[int], counts: dict[int, int]) -> list[int]:
    """The first participants who fill a transaction; all if too few would be left for another."""
    leaves = 0
    for taken, person in enumerate(participants, start=1):
        leaves += counts[person]
        enough = leaves >= MOST_LEAVES and taken >= LEAST_PARTICIPANTS
        if enough and len(participants) - taken >= LEAST_PARTICIPANTS:
            return list(participants[:taken])
    return list(participants)


def _leaves(dialogue: Dialogue, participants: Sequence[int]) -> list[_Leaf]:
    """The participants' waiting votes, each participant's in the order they were cast."""
    seals = VoteSeal.objects.filter(participant_id__in=participants, leaf=None)
    numbers = dict(dialogue.statements.values_list("pk", "number"))
    leaves = []
    for seal in seals.order_by("participant_id", "statement_id", "revision"):
        opening = opening_of(dialogue, numbers[seal.statement_id], seal)
        key = (seal.participant_id, seal.statement_id, seal.revision)
        leaves.append(_Leaf(opening.tag, opening.entry(), key))
    return leaves


def _sealed_leaf(erased: ErasedSeal) -> _Leaf:
    """The leaf of a deleted vote: it was promised, but nothing opens it."""
    seal = bytes.fromhex(erased.seal)
    return _Leaf(seal, write_entry(SealedVote(erased.dialogue.slug, seal)), None)


def _place_erasures(dialogue: Dialogue) -> None:
    """Log how many votes and statements can no longer be opened."""
    with sequencing() as sequencer:
        log, _ = DialogueLog.objects.get_or_create(dialogue=dialogue)
        if log.erased_votes or log.erased_statements:
            record = Erasures(dialogue.slug, log.erased_votes, log.erased_statements)
            sequencer.place([write_entry(record)])
            log.erased_votes = log.erased_statements = 0
            log.save(update_fields=["erased_votes", "erased_statements"])


_SET_LEAF = (
    f"UPDATE {VoteSeal._meta.db_table} SET leaf = %s"  # noqa: S608
    " WHERE participant_id = %s AND statement_id = %s AND revision = %s"
)
