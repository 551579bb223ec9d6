"""What participants can do with the data stored under their pseudonym."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import (
    CodeBatch,
    Dialogue,
    ModeratedText,
    Participant,
    RetentionHold,
    Vote,
    VoteSeal,
)
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds, kind_of
from middleground.dialogues.privacy.own_rows import delete_rows_of
from middleground.dialogues.privacy.retention import delete_texts, delete_waiting, is_held
from middleground.dialogues.sealing.records import erase_seals
from middleground.dialogues.texts.appeals import withdraw_appeals
from middleground.dialogues.texts.authors import written_by
from middleground.dialogues.texts.marks import remove_marks
from middleground.dialogues.voting.changes import note_changes
from middleground.texts.moderation import TextState


class OwnDataRefused(Refused):
    """The participant's data stay unchanged."""

    refusals = {
        "not_open": RefusalText(_("This dialogue is not open. What was counted stays counted.")),
    }


@dataclass(frozen=True, slots=True)
class Deleted:
    votes: int
    waiting_texts: int
    detached_texts: int


def delete_own_votes(dialogue: Dialogue, token: bytes, *, texts_too: bool) -> Deleted:
    """Delete a participant's votes and, on request, detach them from what they wrote.

    Waiting texts are deleted. Rejected ones, and merged ones without votes, lose their words
    unless those are on hold. The rest stay without an author, because others may have voted on
    them or answered them. A participant admitted by a code stays admitted. The revision grows, so
    that maps and the vote path notice the change. Raises ``OwnDataRefused``.
    """
    with transaction.atomic():
        dialogue, participant = _locked(dialogue, token)
        if participant is None:
            return _deleted_without_votes(dialogue, token) if texts_too else Deleted(0, 0, 0)
        erase_seals(dialogue, VoteSeal.objects.filter(participant=participant))
        votes, _rows = Vote.objects.filter(participant=participant).delete()
        delete_rows_of(participant)
        waiting = detached = 0
        if texts_too:
            waiting, detached = _delete_texts(dialogue, token)
        by_code = participant.tier in CodeBatch.Tier.values  # a code works only once
        if not by_code and not has_written(participant):
            participant.delete()
        if votes or waiting or detached:
            Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    note_changes([dialogue.pk])
    return Deleted(votes, waiting, detached)


def _deleted_without_votes(dialogue: Dialogue, token: bytes) -> Deleted:
    """Of somebody whose votes are gone, texts can be left whose author is a mark alone."""
    waiting, detached = _delete_texts(dialogue, token)
    if waiting or detached:
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    return Deleted(0, waiting, detached)


def take_text_back(dialogue: Dialogue, token: bytes, number: int, kind: TextKind) -> bool:
    """Delete one of the participant's waiting texts; return whether one was taken back.

    A text of a kind that can be withdrawn loses its words and its author also when it is shown or
    answered. Otherwise False if a moderator has decided, or if it has votes or merges. Raises
    ``OwnDataRefused``.
    """
    with transaction.atomic():
        if kind.by_mark:
            dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        else:
            dialogue, _participant = _locked(dialogue, token)
        own = written_by(token, dialogue, kind).filter(number=number)
        # Locked after the participant, as everywhere. A moderator locks only the text.
        list(own.select_for_update().values_list("pk"))
        if not delete_waiting(dialogue, kind.waiting_alone(own)):
            open_ones = own.in_state(TextState.WAITING, TextState.UNSEEN, TextState.SHOWN)
            if not kind.withdrawable or not open_ones.exists():
                return False
            _withdraw(dialogue, open_ones.get())
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    return True


def _withdraw(dialogue: Dialogue, text: ModeratedText) -> None:
    """Hide the text for good, without a reason, and delete its words unless they are on hold."""
    text.move_to(TextState.REJECTED, author=None)
    taken_back = kind_of(type(text)).texts.filter(pk=text.pk)
    remove_marks(taken_back)
    if not is_held(dialogue, RetentionHold.What.TEXTS):
        delete_texts(dialogue, taken_back)


def _locked(dialogue: Dialogue, token: bytes) -> tuple[Dialogue, Participant | None]:
    """Lock the open dialogue and the token's participant, and return both as stored now.

    Submitting a statement takes the same lock, so none is added meanwhile.
    Raises ``OwnDataRefused``.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if not dialogue.is_open(timezone.now()):
        raise OwnDataRefused("not_open")
    pseudonyms = Participant.objects.select_for_update()
    return dialogue, pseudonyms.filter(pk=pseudonym(dialogue.pk, token)).first()


def _delete_texts(dialogue: Dialogue, token: bytes) -> tuple[int, int]:
    """Delete or detach all that they wrote; returns how many texts waited, and the others."""
    waiting = detached = 0
    held = is_held(dialogue, RetentionHold.What.TEXTS)
    for kind in find_text_kinds():
        own = written_by(token, dialogue, kind)
        withdraw_appeals(own)
        waiting += delete_waiting(dialogue, kind.waiting_alone(own))
        if not held:
            delete_texts(dialogue, kind.hidden(own))
        remove_marks(own)
        detached += own.update(author=None)
    return waiting, detached


def has_written(participant: Participant) -> bool:
    """Whether a text of any kind has this participant as its author."""
    return any(kind.texts.filter(author=participant).exists() for kind in find_text_kinds())
