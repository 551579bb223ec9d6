"""The people in a batch: begin with one, give their answers, take a whole person back.

Of each person the database knows a pseudonym and the batch, as of everybody else a pseudonym and
the tier. The number by which a person finds their answers again is stored nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.admission_codes import code_hash, new_code
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.stubs import stub_token
from middleground.dialogues.models import (
    Code,
    CodeBatch,
    Dialogue,
    EntryBatch,
    Participant,
)
from middleground.dialogues.participation.admission import (
    AdmissionRefused,
    count_newcomer,
    use_code,
)
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.queries import votes_of
from middleground.dialogues.voting.changes import note_changes
from middleground.dialogues.voting.dealing import Card, statement_pools
from middleground.dialogues.voting.store import Ballot, Refusal, StoredVote, store_votes


class EntryRefused(Refused):
    """Nothing was entered."""

    refusals = {
        "not_open": RefusalText(_("This dialogue is not open, so nothing can be entered now.")),
        "batch_closed": RefusalText(_("This batch is closed. Ask for a new one, or reopen it.")),
        "batch_full": RefusalText(
            _("The batch holds as many people as it has room for. Ask for another one.")
        ),
        "misspelt": RefusalText(
            _("A code has 16 letters and digits. Compare it with the paper. It is not used up."),
            status=422,
        ),
        "unknown_code": RefusalText(
            _("This dialogue has no such code. Compare it with the paper."), status=404
        ),
        "code_used": RefusalText(
            _("This code is used: somebody already takes part with it. Ask for another one.")
        ),
        "nobody": RefusalText(_("Begin with a person first."), status=404),
        "not_stored": RefusalText(_("The answer was not stored. Please give it again.")),
    }


@transaction.atomic
def begin_person(batch: EntryBatch, code: str = "") -> str:
    """Admit one more person to the dialogue; return the number that they keep.

    ``code``: of a letter to them or of their form, which is used up and is their number; without
    one, a new number is made. Raises ``EntryRefused``.
    """
    now = timezone.now()
    dialogue = Dialogue.objects.select_for_update().get(pk=batch.dialogue_id)
    if not dialogue.is_open(now):
        raise EntryRefused("not_open")
    _take_room(batch)
    if code:
        _use_up(batch, code, now)
    number = code or new_code()
    _add(batch, pseudonym(dialogue.pk, stub_token(dialogue.pk, number)), now)
    return number


def token_in(batch: EntryBatch, number: str) -> bytes:
    """The token of the person with this number, if they are in the batch. Raises ``EntryRefused``.

    So a helper cannot reach whom somebody else entered.
    """
    token = stub_token(batch.dialogue_id, number)
    if not batch.people.filter(pk=pseudonym(batch.dialogue_id, token)).exists():
        raise EntryRefused("nobody")
    return token


def next_card(batch: EntryBatch, number: str, blank: Collection[int] = ()) -> Card:
    """The statement that comes next for the person. Raises ``EntryRefused``.

    If the number is that of a form, only those on the form, as they stand there, without those
    that were left ``blank``.
    """
    token = token_in(batch, number)
    person = pseudonym(batch.dialogue_id, token)
    pool, votes = statement_pools.of(batch.dialogue), votes_of([person])[person]
    on_form = _on_form(batch.dialogue_id, number)
    if not on_form:
        return pool.next_card(token, votes)
    there = [pool.by_number[each] for each in on_form if each in pool.by_number]
    left = [each for each in there if each.pk not in votes.values and each.number not in blank]
    if not left:
        return Card(None, "", "", None, answered=len(votes.values), total=len(there))
    shown = proof(batch.dialogue_id, token, left[0].pk, dealt=True)
    return replace(pool.card(left[0], shown, votes), total=len(there))


def _on_form(dialogue_id: int, number: str) -> list[int]:
    """The statements on the form with this number; none if it is no form's."""
    row = Code.objects.select_related("batch").filter(pk=code_hash(dialogue_id, number)).first()
    return list(row.batch.statements) if row else []


def answers_of(batch: EntryBatch, number: str) -> dict[int, int]:
    """The person's votes: statement's key → value. Raises ``EntryRefused``."""
    person = pseudonym(batch.dialogue_id, token_in(batch, number))
    return votes_of([person])[person].values


def give_answer(
    batch: EntryBatch, number: str, statement: int, value: int | None, proof: str
) -> StoredVote:
    """Store the person's vote on a statement that was dealt; None takes it back.

    It is stored and sealed as every vote is. Raises ``EntryRefused``.
    """
    if not EntryBatch.objects.filter(pk=batch.pk, is_open=True).exists():
        raise EntryRefused("batch_closed")
    ballot = Ballot(batch.dialogue.slug, token_in(batch, number), statement, value, proof)
    (outcome,) = store_votes([ballot], statement_pools, timezone.now())
    if outcome is Refusal.NOT_OPEN:
        raise EntryRefused("not_open")
    if isinstance(outcome, Refusal):
        raise EntryRefused("not_stored")
    return outcome


@transaction.atomic
def take_person_back(batch: EntryBatch, number: str) -> int:
    """Delete a person whom the helper entered, with all that they said; return how many votes.

    Raises ``EntryRefused`` or ``OwnDataRefused``.
    """
    token = token_in(batch, number)
    deleted = delete_own_votes(batch.dialogue, token, texts_too=True)
    Participant.objects.filter(pk=pseudonym(batch.dialogue_id, token)).update(batch=None)
    EntryBatch.objects.filter(pk=batch.pk).update(participants=F("participants") - 1)
    used = Code.objects.filter(pk=code_hash(batch.dialogue_id, number), used=True).first()
    if used is not None:
        Code.objects.filter(pk=used.pk).update(used=False)
        CodeBatch.objects.filter(pk=used.batch_id).update(used=F("used") - 1)
    return deleted.votes


def _take_room(batch: EntryBatch) -> None:
    """Count one more person. The UPDATE also checks, so two requests cannot take the same room."""
    room = EntryBatch.objects.filter(pk=batch.pk, is_open=True, participants__lt=F("most"))
    if not room.update(participants=F("participants") + 1):
        still_open = EntryBatch.objects.filter(pk=batch.pk, is_open=True).exists()
        raise EntryRefused("batch_full" if still_open else "batch_closed")


def _use_up(batch: EntryBatch, code: str, now: datetime) -> None:
    """Use up a code that fits the batch's channel. Raises ``EntryRefused``."""
    on_paper = batch.channel == EntryBatch.Channel.PAPER
    known = Code.objects.filter(
        pk=code_hash(batch.dialogue_id, code),
        batch__dialogue=batch.dialogue_id,
        batch__kind=CodeBatch.Kind.FORM if on_paper else CodeBatch.Kind.PRINTED,
    )
    row = known.select_related("batch").first()
    if row is None:
        raise EntryRefused("unknown_code")
    try:
        use_code(row, now)
    except AdmissionRefused:
        raise EntryRefused("code_used") from None


def _add(batch: EntryBatch, person: int, now: datetime) -> None:
    _row, new_here = Participant.objects.get_or_create(
        id=person, defaults={"dialogue_id": batch.dialogue_id, "tier": batch.tier, "batch": batch}
    )
    if not new_here:  # left over from an entry that was taken back
        Participant.objects.filter(pk=person).update(tier=batch.tier, batch=batch)
        return
    count_newcomer(batch.dialogue_id, now)
    note_changes([batch.dialogue_id])
