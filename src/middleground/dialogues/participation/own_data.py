"""What participants can do with the data stored under their pseudonym."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import (
    CodeBatch,
    Dialogue,
    Participant,
    RetentionHold,
    Statement,
    Vote,
    VoteSeal,
)
from middleground.dialogues.privacy.retention import delete_texts, is_held
from middleground.dialogues.sealing.records import count_erased_statements, erase_seals
from middleground.dialogues.statements.appeals import withdraw_appeals
from middleground.dialogues.voting.changes import note_changes

# Waiting statements without votes or merges. A statement that staff hid again can have both.
UNTOUCHED = Q(status=Statement.Status.PENDING, merged=None, votes=None)


class OwnDataRefused(Refused):
    """The participant's data stay unchanged."""

    refusals = {
        "not_open": RefusalText(_("This dialogue is not open. What was counted stays counted.")),
    }


@dataclass(frozen=True, slots=True)
class Deleted:
    votes: int
    waiting_statements: int
    detached_statements: int


def delete_own_votes(dialogue: Dialogue, token: bytes, *, statements_too: bool) -> Deleted:
    """Delete a participant's votes and, on request, detach them from their statements.

    Waiting statements are deleted. Rejected ones, and merged ones without votes, lose their texts
    unless those are on hold. The rest stay without an author, because others may have voted on
    them. A participant admitted by a code stays admitted. The revision grows, so that maps and the
    vote path notice the change. Raises ``OwnDataRefused``.
    """
    with transaction.atomic():
        dialogue, participant = _locked(dialogue, token)
        if participant is None:
            return Deleted(0, 0, 0)
        erase_seals(dialogue, VoteSeal.objects.filter(participant=participant))
        votes, _rows = Vote.objects.filter(participant=participant).delete()
        waiting = detached = 0
        if statements_too:
            own = participant.statements
            withdraw_appeals(participant)
            waiting = _delete_waiting(dialogue, own.filter(UNTOUCHED))
            if not is_held(dialogue, RetentionHold.What.TEXTS):
                merged = Q(status=Statement.Status.MERGED, merged=None, votes=None)
                unseen = own.filter(merged | Q(status=Statement.Status.REJECTED))
                delete_texts(dialogue, Statement.objects.filter(pk__in=unseen.values("pk")))
            detached = own.update(author=None)
        by_code = participant.tier in CodeBatch.Tier.values  # a code works only once
        if not by_code and not participant.statements.exists():
            participant.delete()
        if votes or waiting or detached:
            Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    note_changes([dialogue.pk])
    return Deleted(votes, waiting, detached)


def take_statement_back(dialogue: Dialogue, token: bytes, number: int) -> bool:
    """Delete one of the participant's waiting statements; return whether one was deleted.

    False if a moderator has decided, or if it has votes or merges. Raises ``OwnDataRefused``.
    """
    with transaction.atomic():
        dialogue, participant = _locked(dialogue, token)
        if participant is None:
            return False
        own = participant.statements.filter(number=number)
        # Locked after the participant, as everywhere. A moderator locks only the statement.
        list(own.select_for_update().values_list("pk"))
        if not _delete_waiting(dialogue, own.filter(UNTOUCHED)):
            return False
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    return True


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


def _delete_waiting(dialogue: Dialogue, waiting: QuerySet[Statement]) -> int:
    """Delete them, and count those with a sealed text as erased for the public log."""
    sealed = waiting.filter(salt__isnull=False).count()
    deleted: int = waiting.delete()[1].get(Statement._meta.label, 0)
    count_erased_statements(dialogue, sealed)
    return deleted
