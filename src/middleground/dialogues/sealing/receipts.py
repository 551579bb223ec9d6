"""What a participant can take away for a vote: the log's promise, an opening, a receipt."""

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

# Time after the end to make the final map, and to restart a machine that was off.
AFTER_THE_END = timedelta(days=2)
WITHOUT_AN_END = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OwnLeaf:
    """A participant's newest vote on a statement, as it is or will be in the log.

    ``index`` is None while the vote waits for its batch.
    """

    dialogue: Dialogue
    opening: VoteOpening
    index: int | None
    size: int


def own_leaf(dialogue: Dialogue, token: bytes, statement: Statement) -> OwnLeaf | None:
    """None if there is no vote, or if what opens it has been deleted."""
    seals = VoteSeal.objects.filter(
        participant_id=pseudonym(dialogue.pk, token), statement_id=statement.pk
    )
    seal = seals.order_by("-revision").first()
    if seal is None:
        return None
    size = newest_checkpoint().size
    index = seal.leaf if seal.leaf is not None and seal.leaf < size else None
    return OwnLeaf(dialogue, opening_of(dialogue, statement.number, seal), index, size)


def promised_by(dialogue: Dialogue, now: datetime) -> datetime:
    """The time by which a waiting vote will be in the log; it reveals nothing about the vote.

    If the dialogue has an end, it is the midnight after two more days, the same for everyone;
    otherwise it is the first day of a month a year from now.
    """
    if dialogue.closes_at is not None:
        end = max(dialogue.closes_at, now) + AFTER_THE_END
        return _midnight(end.astimezone(UTC)) + timedelta(days=1)
    later = _midnight((now + WITHOUT_AN_END).astimezone(UTC))
    return (later.replace(day=1) + timedelta(days=32)).replace(day=1)


@transaction.atomic
def promise_for(leaf: OwnLeaf, now: datetime) -> bytes:
    """The log's signed promise to include the leaf; the batch is made in time for it."""
    by = promised_by(leaf.dialogue, now)
    log, _ = DialogueLog.objects.select_for_update().get_or_create(dialogue=leaf.dialogue)
    if log.promised_by is None or by < log.promised_by:
        log.promised_by = by
        log.save(update_fields=["promised_by"])
    key = signing_key()
    promise = Promise(key.name, leaf.opening.leaf(), int(by.timestamp()))
    return str(sign_promise(promise, key)).encode()


def opening_lines(leaf: OwnLeaf) -> bytes:
    """The lines whose SHA-256 is the vote's seal. Anyone who reads them knows the vote."""
    return encode(leaf.opening)


def receipt_for(leaf: OwnLeaf, index: int) -> bytes:
    """The vote's opening with an inclusion proof for the signed log."""
    folder = Path(settings.LEDGER)
    log = TileFolder(folder, leaf.size)
    return write_receipt(leaf.opening, index, log, leaf.size, (folder / "checkpoint").read_bytes())


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
