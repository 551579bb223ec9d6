"""What a participant can take away for a vote: the log's promise, and a receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote, VoteSeal
from middleground.dialogues.sealing.boxes import newest_box
from middleground.dialogues.sealing.records import opening_of
from middleground.ledger import Promise, VoteOpening, sign_promise
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.receipt import BoxedVote, boxed_vote, write_receipt
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import newest_checkpoint


@dataclass(frozen=True, slots=True)
class OwnSealedVote:
    """A participant's vote on a statement, and its place in the newest box.

    ``confirmed``: whether the participant is admitted. Others get neither promise nor receipt,
    because anybody can make as many unconfirmed votes as they like, and each would be a line.

    ``boxed`` and ``index``, the box's entry in the log, are None until a box holds the vote as it
    is now.
    """

    dialogue: Dialogue
    participant: int
    confirmed: bool
    opening: VoteOpening
    size: int
    boxed: BoxedVote | None = None
    index: int | None = None


def own_vote(dialogue: Dialogue, token: bytes, statement: Statement) -> OwnSealedVote | None:
    """None if there is no vote, or if what opens it has been deleted."""
    place = {"participant_id": pseudonym(dialogue.pk, token), "statement_id": statement.pk}
    seal = VoteSeal.objects.filter(**place).select_related("participant").first()
    vote = Vote.objects.filter(**place).first()
    if seal is None or vote is None:
        return None
    opening = opening_of(dialogue, statement.number, seal, vote.value)
    confirmed = seal.participant.tier != Participant.Tier.UNCONFIRMED
    own = OwnSealedVote(dialogue, seal.participant_id, confirmed, opening, newest_checkpoint().size)
    placed = newest_box(dialogue)
    found = placed.box.find(opening.seal()) if placed and placed.index < own.size else None
    if placed is None or found is None:
        return own
    return replace(own, boxed=boxed_vote(opening, *found), index=placed.index)


def promise_for(vote: OwnSealedVote) -> bytes | None:
    """The log's signed promise that the final list will hold the vote's tag.

    None if the vote was taken back meanwhile.
    """
    if not vote.confirmed or not _remember(vote):
        return None
    key = signing_key()
    opening = vote.opening
    promise = Promise(key.name, opening.dialogue, opening.statement, opening.tag)
    return str(sign_promise(promise, key)).encode()


def receipt_for(vote: OwnSealedVote) -> bytes | None:
    """The vote's opening, its place in a box, and the proof that the box is in the signed log."""
    if vote.boxed is None or vote.index is None or not vote.confirmed or not _remember(vote):
        return None
    folder = Path(settings.LEDGER)
    log = TileFolder(folder, vote.size)
    note = (folder / "checkpoint").read_bytes()
    return write_receipt(vote.boxed, vote.index, log, vote.size, note)


def _remember(vote: OwnSealedVote) -> bool:
    """Note that the list must hold the tag; False if the vote is gone or was given anew."""
    seals = VoteSeal.objects.filter(
        participant_id=vote.participant,
        statement__dialogue=vote.dialogue,
        statement__number=vote.opening.statement,
        server_nonce=vote.opening.server,
    )
    return bool(seals.update(promised=True))
