"""What a participant can take along of a vote: the log's promise, the vote's opening, a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, DialogueLog, Statement, VoteSeal
from middleground.dialogues.sealing.records import opening_of
from middleground.ledger import Promise, VoteOpening, sign_promise
from middleground.ledger.codecs.line_codec import encode
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.receipt import write_receipt
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import newest_checkpoint

# After the end there is the final map to make, and a machine that was off to start again.
AFTER_THE_END = timedelta(days=2)
WITHOUT_AN_END = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OwnLeaf:
    """A participant's newest vote on a statement, as the log has it or will have it.

    ``index`` is None while it waits for its batch.
    """

    dialogue: Dialogue
    opening: VoteOpening
    index: int | None
    size: int


def own_leaf(dialogue: Dialogue, token: bytes, statement: Statement) -> OwnLeaf | None:
    """None where there is no vote, or nothing that opens it any more."""
    seals = VoteSeal.objects.filter(
        participant_id=pseudonym(dialogue.pk, token), statement_id=statement.pk
    )
    seal = seals.order_by("-turn").first()
    if seal is None:
        return None
    size = newest_checkpoint().size
    index = seal.leaf if seal.leaf is not None and seal.leaf < size else None
    return OwnLeaf(dialogue, opening_of(dialogue, statement.number, seal), index, size)


def promised_by(dialogue: Dialogue, now: datetime) -> datetime:
    """By when a vote that waits now is in the log: a moment that tells nothing about the vote.

    With an end of the dialogue it is the midnight after two more days, for everyone the same;
    without one, the first day of a month a year from now.
    """
    if dialogue.closes_at is not None:
        end = max(dialogue.closes_at, now) + AFTER_THE_END
        return _midnight(end.astimezone(UTC)) + timedelta(days=1)
    later = _midnight((now + WITHOUT_AN_END).astimezone(UTC))
    return (later.replace(day=1) + timedelta(days=32)).replace(day=1)


@transaction.atomic
def promise_for(leaf: OwnLeaf, now: datetime) -> bytes:
    """The log's signed word that the leaf comes; the batch is made in time for it."""
    by = promised_by(leaf.dialogue, now)
    log, _ = DialogueLog.objects.select_for_update().get_or_create(dialogue=leaf.dialogue)
    if log.promised_by is None or by < log.promised_by:
        log.promised_by = by
        log.save(update_fields=["promised_by"])
    key = signing_key()
    promise = Promise(key.name, leaf.opening.leaf(), int(by.timestamp()))
    return str(sign_promise(promise, key)).encode()


def opening_lines(leaf: OwnLeaf) -> bytes:
    """The lines whose SHA-256 is the vote's seal. Whoever reads them knows the vote."""
    return encode(leaf.opening)


def receipt_for(leaf: OwnLeaf, index: int) -> bytes:
    """The vote's opening with the proof that it is in the signed log."""
    folder = Path(settings.LEDGER)
    log = TileFolder(folder, leaf.size)
    return write_receipt(leaf.opening, index, log, leaf.size, (folder / "checkpoint").read_bytes())


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
