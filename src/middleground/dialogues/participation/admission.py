"""How participants are admitted: by a code, or openly after they have confirmed.

A participant's row stores the tier, but neither the code nor the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.admission_codes import MEETING_LENGTH, code_hash, new_code
from middleground.dialogues.identity.keys import make_key
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import (
    Code,
    CodeBatch,
    DailyCount,
    Dialogue,
    HourlyAdmission,
    Participant,
    Verb,
)
from middleground.dialogues.participation.hours import count_admission
from middleground.dialogues.participation.known_admissions import (
    KnownAdmissions,
    known_admissions,
)
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.voting.changes import note_changes
from middleground.people.models import User

Tier = Participant.Tier
BY_CODE = (Tier.INVITED, Tier.IN_PERSON)
MOST_CODES = 1_000
LONGEST_MEETING = timedelta(hours=24)


class AdmissionRefused(Refused):
    """The code does not admit; nothing was stored, and no code is used up."""

    refusals = {
        "not_open": RefusalText(_("This dialogue is not open, so codes do not work now.")),
        "unknown_code": RefusalText(
            _("This dialogue has no such code. Compare it with the paper."), status=404
        ),
        "code_used": RefusalText(
            _(
                "This code is used. Each code lets in one person. If you used "
                "it, go on in the same browser. Or enter your twelve words here; "
                "that browser shows them under “You and your data”. Otherwise "
                "ask the host for another code."
            )
        ),
        "on_paper": RefusalText(
            _(
                "This number belongs to a form on paper. Fill in the form and hand it in. "
                "Then you see with the number what was entered for you."
            )
        ),
        "meeting_over": RefusalText(
            _("This code was for a meeting that is over. Ask the host for another.")
        ),
        "meeting_full": RefusalText(
            _(
                "This code has let in as many people as it was made for. Ask the "
                "leader of the meeting for another."
            )
        ),
        "already_admitted": RefusalText(
            _("You are already in, so this code is still unused. Give it to someone else.")
        ),
    }


class CodesRefused(Refused):
    """No codes were made."""

    refusals = {
        "closed": RefusalText(
            _("The dialogue is closed, so a code would let nobody in. Nothing was made.")
        ),
        # The form was sent twice.
        "already_made": RefusalText(
            _(
                "These codes were already shown. We store only hashes, so we "
                "cannot show them again. If you lost the sheet, withdraw them "
                "below."
            )
        ),
    }


def tier_of(dialogue: Dialogue, token: bytes | None) -> str | None:
    """How this participant was admitted; None if they have no row."""
    if token is None or dialogue.key_destroyed_on:
        return None
    rows = Participant.objects.filter(pk=pseudonym(dialogue.pk, token))
    return rows.values_list("tier", flat=True).first()


def counts_apart(dialogue: Dialogue, tier: str | None) -> bool:
    """Whether the host decided that votes of this tier do not count towards the findings.

    For participants who are not confirmed or have no row: whether it applies once confirmed.
    """
    once_confirmed = Tier.OPEN if tier in (None, Tier.UNCONFIRMED) else tier
    return once_confirmed in dialogue.uncounted_tiers


def may_take_part(dialogue: Dialogue, token: bytes | None) -> bool:
    """Whether this participant may be shown statements, and so vote."""
    return dialogue.open_participation or tier_of(dialogue, token) not in (None, Tier.UNCONFIRMED)


def admit_with_code(
    dialogue: Dialogue, token: bytes, code: str, known: KnownAdmissions = known_admissions
) -> str:
    """Use up a code for this participant, and return the tier. Raises ``AdmissionRefused``.

    The UPDATE that uses up a code also checks it, so concurrent requests admit only one.
    """
    now = timezone.now()
    with transaction.atomic():
        if not Dialogue.objects.get(pk=dialogue.pk).is_open(now):
            raise AdmissionRefused("not_open")
        person = Participant.objects.select_for_update().filter(pk=pseudonym(dialogue.pk, token))
        if person.filter(tier__in=BY_CODE).exists():
            raise AdmissionRefused("already_admitted")
        mark = code_hash(dialogue.pk, code)
        found = Code.objects.select_related("batch").filter(pk=mark, batch__dialogue=dialogue)
        row = found.first()
        if row is None:
            raise AdmissionRefused("unknown_code")
        if row.batch.kind == CodeBatch.Kind.FORM:
            raise AdmissionRefused("on_paper")
        use_code(row, now)
        _admit(dialogue, token, row.batch.tier, now)
        count_admission(dialogue, HourlyAdmission.Way.CODE, now)
    known.note(dialogue.pk, HourlyAdmission.Way.CODE, pseudonym(dialogue.pk, token), now)
    note_changes([dialogue.pk])
    return row.batch.tier


def use_code(code: Code, now: datetime) -> None:
    """Use up the code, but for a meeting's, which is counted. Raises ``AdmissionRefused``.

    Each UPDATE that uses something up also checks it.
    """
    _count_use(code, now)
    if code.batch.kind != CodeBatch.Kind.MEETING:
        _use_up(code)


def _count_use(code: Code, now: datetime) -> None:
    """Count one more use of the batch. Lock order: the batch's row before the code's."""
    if code.used:
        raise AdmissionRefused("code_used")
    if code.batch.valid_until and code.batch.valid_until <= now:
        raise AdmissionRefused("meeting_over")
    good = CodeBatch.objects.filter(pk=code.batch_id, used__lt=F("size"))
    if not good.update(used=F("used") + 1):
        of_meeting = code.batch.kind == CodeBatch.Kind.MEETING
        raise AdmissionRefused("meeting_full" if of_meeting else "code_used")


def _use_up(code: Code) -> None:
    if not Code.objects.filter(pk=code.pk, used=False).update(used=True):
        raise AdmissionRefused("code_used")


def _admit(dialogue: Dialogue, token: bytes, tier: str, now: datetime) -> None:
    """Store the tier. Votes that the participant has given already count in the new tier.

    Whoever was set aside with an hour in which they came without a code counts again.
    """
    person, new_here = Participant.objects.get_or_create(
        id=pseudonym(dialogue.pk, token), defaults={"dialogue": dialogue, "tier": tier}
    )
    if new_here:
        count_newcomer(dialogue.pk, now)
    else:
        Participant.objects.filter(pk=person.pk).update(tier=tier, set_aside_hour=None)


def count_newcomer(dialogue_id: int, now: datetime) -> None:
    """Count one more participant of this day."""
    day, _new = DailyCount.objects.get_or_create(
        dialogue_id=dialogue_id, day=timezone.localdate(now), part=0
    )
    DailyCount.objects.filter(pk=day.pk).update(participants=F("participants") + 1)


def confirm(
    dialogue: Dialogue, token: bytes, way: str, known: KnownAdmissions = known_admissions
) -> bool:
    """Confirm an open participant, so that they count. False if they have no row yet."""
    person = Participant.objects.filter(pk=pseudonym(dialogue.pk, token))
    now = timezone.now()
    if dialogue.open_participation and dialogue.is_open(now):
        with transaction.atomic():
            confirmed = person.filter(tier=Tier.UNCONFIRMED).update(tier=Tier.OPEN)
            if confirmed:
                count_admission(dialogue, way, now)
        if confirmed:
            known.note(dialogue.pk, way, pseudonym(dialogue.pk, token), now)
        note_changes([dialogue.pk])
    return person.exclude(tier=Tier.UNCONFIRMED).exists()


@transaction.atomic
def make_codes(staff: User, dialogue: Dialogue, tier: str, size: int, form: str) -> list[str]:
    """Make codes that admit one participant each. Only hashes are stored, so print them now.

    Raises ``CodesRefused``.
    """
    codes = [new_code() for _each in range(size)]
    _store(staff, dialogue, codes, tier=tier, kind=CodeBatch.Kind.PRINTED, size=size, form=form)
    return codes


@transaction.atomic
def make_form_codes(
    staff: User, dialogue: Dialogue, statements: Sequence[int], size: int
) -> tuple[CodeBatch, list[str]]:
    """Make the numbers of a form's sheets; ``statements``: those on it, by number.

    Only hashes are stored, so print the sheets now. Raises ``CodesRefused``.
    """
    codes = [new_code() for _each in range(size)]
    kind, form = CodeBatch.Kind.FORM, new_code()
    batch = _store(
        staff, dialogue, codes, tier=CodeBatch.Tier.PAPER, kind=kind, size=size, form=form,
        statements=statements,
    )  # fmt: skip
    return batch, codes


@transaction.atomic
def start_meeting(
    staff: User, dialogue: Dialogue, participants: int, lasts: timedelta, form: str
) -> tuple[str, datetime]:
    """Make one code that admits up to ``people`` participants; return it and when it ends.

    Raises ``CodesRefused``.
    """
    code, until = new_code(MEETING_LENGTH), timezone.now() + min(lasts, LONGEST_MEETING)
    _store(
        staff,
        dialogue,
        [code],
        tier=Tier.IN_PERSON,
        kind=CodeBatch.Kind.MEETING,
        size=participants,
        form=form,
        valid_until=until,
    )
    return code, until


def _store(
    staff: User,
    dialogue: Dialogue,
    codes: Sequence[str],
    *,
    tier: str,
    kind: str,
    size: int,
    form: str,
    valid_until: datetime | None = None,
    statements: Sequence[int] = (),
) -> CodeBatch:
    if Dialogue.objects.get(pk=dialogue.pk).phase(timezone.now()) == "closed":
        raise CodesRefused("closed")
    make_key(dialogue.pk)  # before there are codes, which tell that the key was made
    batch, new = CodeBatch.objects.get_or_create(
        form=form,
        defaults={
            "dialogue": dialogue,
            "tier": tier,
            "kind": kind,
            "size": size,
            "valid_until": valid_until,
            "statements": list(statements),
            "made_at": timezone.now(),
        },
    )
    if not new:
        raise CodesRefused("already_made")
    # Sorted by hash, so that the order of rows does not disclose the order on paper.
    marks = sorted(code_hash(dialogue.pk, code) for code in codes)
    Code.objects.bulk_create([Code(mark=mark, batch=batch) for mark in marks], batch_size=500)
    log_staff_action(staff, dialogue, Verb.MAKE_CODES, tier=tier, kind=kind, count=size)
    return batch


@transaction.atomic
def withdraw_codes(staff: User, batch: CodeBatch) -> int:
    """Withdraw the unused codes of a batch; return how many there were."""
    batch = CodeBatch.objects.select_for_update().get(pk=batch.pk)
    unused = batch.size - batch.used
    if not unused:
        return 0
    batch.codes.filter(used=False).delete()
    CodeBatch.objects.filter(pk=batch.pk).update(size=F("used"), withdrawn=F("withdrawn") + unused)
    log_staff_action(staff, batch.dialogue, Verb.WITHDRAW_CODES, tier=batch.tier, count=unused)
    return unused
