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
from middleground.dialogues.texts.authors import authors_may_act, written_by
from middleground.dialogues.texts.marks import marked_by, remove_marks
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


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """What deleting everything would do to a participant's data in one dialogue.

    ``texts``: those whose words go. ``let_go``: those that stay without an author. ``kept_votes``
    and ``kept_texts`` stay as they are, since the dialogue is not open. ``marks``: how many of the
    kept texts lose their mark. ``by_code``: whether a code admitted them. ``held``: whether words
    that would go are on hold.
    """

    votes: int = 0
    texts: int = 0
    let_go: int = 0
    kept_votes: int = 0
    kept_texts: int = 0
    marks: int = 0
    by_code: bool = False
    held: bool = False

    @property
    def anything(self) -> bool:
        return bool(
            self.votes or self.texts or self.let_go
            or self.kept_votes or self.kept_texts or self.marks
        )  # fmt: skip


def what_goes(dialogue: Dialogue, token: bytes) -> WhatGoes:
    """What ``delete_all_of_mine`` would do now."""
    texts = let_go = kept = marks = 0
    held = is_held(dialogue, RetentionHold.What.TEXTS)
    hidden_held = False
    for kind in find_text_kinds():
        own = written_by(token, dialogue, kind)
        if not authors_may_act(dialogue, kind):
            kept += own.count()
            marks += len(marked_by(token, kind.of(dialogue)))
            continue
        hidden = kind.hidden(own).exclude(text="").count()
        gone = kind.waiting_alone(own).count() + (0 if held else hidden)
        texts += gone
        let_go += own.count() - gone
        hidden_held |= bool(held and hidden)
    votes, tier = 0, ""
    if not dialogue.key_destroyed_on:
        number = pseudonym(dialogue.pk, token)
        votes = Vote.objects.filter(participant_id=number).count()
        tier = Participant.objects.filter(pk=number).values_list("tier", flat=True).first() or ""
    is_open = dialogue.is_open(timezone.now())
    return WhatGoes(
        votes=votes if is_open else 0,
        texts=texts,
        let_go=let_go,
        kept_votes=0 if is_open else votes,
        kept_texts=kept,
        marks=marks,
        by_code=tier in Participant.ADMITTED_BY_CODE,
        held=hidden_held,
    )


def known_elsewhere(dialogue: Dialogue, token: bytes) -> int:
    """In how many other dialogues the token has a pseudonym."""
    others = Dialogue.objects.exclude(state=Dialogue.State.DRAFT).exclude(pk=dialogue.pk)
    whole = others.filter(key_destroyed_on=None).values_list("pk", flat=True)
    numbers = [pseudonym(pk, token) for pk in whole]
    return Participant.objects.filter(pk__in=numbers).count()


def delete_all_of_mine(dialogue: Dialogue, token: bytes) -> Deleted:
    """Delete all that may go: votes, texts and marks.

    While the dialogue is not open, what was counted stays: only texts known by their mark go, and
    the marks of all others.
    """
    try:
        return delete_own_votes(dialogue, token, texts_too=True)
    except OwnDataRefused:
        with transaction.atomic():
            dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
            return _deleted_without_votes(dialogue, token, marked_only=True)


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
        by_code = participant.tier in Participant.ADMITTED_BY_CODE  # a code works only once
        if not by_code and not has_written(participant):
            participant.delete()
        if votes or waiting or detached:
            Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    note_changes([dialogue.pk])
    return Deleted(votes, waiting, detached)


def _deleted_without_votes(
    dialogue: Dialogue, token: bytes, *, marked_only: bool = False
) -> Deleted:
    """Of somebody whose votes are gone, texts can be left whose author is a mark alone."""
    waiting, detached = _delete_texts(dialogue, token, marked_only=marked_only)
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
        # Locked after dialogue and participant, as everywhere.
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


def _delete_texts(
    dialogue: Dialogue, token: bytes, *, marked_only: bool = False
) -> tuple[int, int]:
    """Delete or detach all that they wrote; returns how many texts waited, and the others.

    ``marked_only``: of kinds whose authors are not known by their mark alone, only marks go.
    """
    waiting = detached = 0
    held = is_held(dialogue, RetentionHold.What.TEXTS)
    for kind in find_text_kinds():
        if marked_only and not kind.by_mark:
            marked = marked_by(token, kind.of(dialogue))
            remove_marks(kind.texts.filter(pk__in=marked))
            continue
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
