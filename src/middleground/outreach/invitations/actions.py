"""What staff do with a round of invitations: begin it, give its list again, stop and end it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.outreach.invitations.marks import NoRoundKey, destroy_marks, key_of
from middleground.outreach.models import InvitationRound
from middleground.people.models import User

KEPT_DAYS = 30
# A thread is seen every few seconds; after this its process has ended.
SILENT = timedelta(seconds=90)


class InvitationsRefused(Refused):
    """Nothing was sent."""

    refusals = {
        "no_server": RefusalText(
            _("No mail server is set (MIDDLEGROUND_MAIL), so nothing can be sent.")
        ),
        "closed": RefusalText(_("The dialogue is closed, so an invitation would let nobody in.")),
        "draft": RefusalText(
            _("The dialogue is a draft, so its page is not there yet. Open or schedule it first.")
        ),
        "already_begun": RefusalText(
            _("This was sent already. Below you see how far it is. Nobody gets it twice.")
        ),
        "at_work": RefusalText(_("This round is being sent now. Stop it before you go on.")),
        "ended": RefusalText(
            _("This round has ended, so nobody knows who got it. Begin a new one.")
        ),
        "no_addresses": RefusalText(
            _("There is no address in it. Put one on each line, or choose a file."), 422
        ),
        "no_key": RefusalText(
            _(
                "The key of this round is missing, so we cannot tell who got it. End the round. Do "
                "not send it again."
            )
        ),
    }


@dataclass(frozen=True, slots=True)
class RoundText:
    """What a new round says, and how fast."""

    kind: str
    language: str
    words: str
    per_minute: int


@transaction.atomic
def begin_round(dialogue: Dialogue, text: RoundText, form: str) -> InvitationRound:
    """Make a round, to which a list can be given. Raises ``InvitationsRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    check_sendable(dialogue)
    if InvitationRound.objects.filter(form=form).exists():
        raise InvitationsRefused("already_begun")
    last = dialogue.invitation_rounds.aggregate(last=Max("number"))["last"] or 0
    return InvitationRound.objects.create(
        dialogue=dialogue,
        number=last + 1,
        kind=text.kind,
        language=text.language,
        words=text.words,
        per_minute=text.per_minute,
        form=form,
        begun_on=timezone.localdate(),
    )


@transaction.atomic
def take_over(staff: User, round_: InvitationRound, addresses: Sequence[str]) -> str:
    """Let one thread send the round, and return its name. Raises ``InvitationsRefused``.

    Of the addresses only their number is stored.
    """
    now = InvitationRound.objects.select_for_update().select_related("dialogue").get(pk=round_.pk)
    check_sendable(now.dialogue)
    if now.ended:
        raise InvitationsRefused("ended")
    if is_being_sent(now):
        raise InvitationsRefused("at_work")
    if not addresses:
        raise InvitationsRefused("no_addresses")
    try:
        key_of(now)
    except NoRoundKey:
        raise InvitationsRefused("no_key") from None
    now.sender, now.beat_at = secrets.token_urlsafe(16), timezone.now()
    now.stopping, now.trouble = False, ""
    now.total = now.left = len(addresses)
    # What was being written to when a process ended: whether it arrived nobody knows.
    now.uncertain += now.marks.filter(claimed=True).update(claimed=False)
    now.save()
    log_staff_action(staff, now.dialogue, Verb.START_INVITATIONS, count=len(addresses))
    return now.sender


def check_sendable(dialogue: Dialogue) -> None:
    """Raises ``InvitationsRefused``."""
    if not settings.MAIL:
        raise InvitationsRefused("no_server")
    phase = dialogue.phase(timezone.now())
    if phase in ("closed", "draft"):
        raise InvitationsRefused(phase)


def is_being_sent(round_: InvitationRound) -> bool:
    return round_.beat_at is not None and round_.beat_at > timezone.now() - SILENT


@transaction.atomic
def stop_round(staff: User, round_: InvitationRound) -> None:
    """Let the thread that sends it end after the e-mail in its hands."""
    if (
        InvitationRound.objects.filter(pk=round_.pk, stopping=False)
        .exclude(sender="")
        .update(stopping=True)
    ):
        log_staff_action(staff, round_.dialogue, Verb.STOP_INVITATIONS)


@transaction.atomic
def end_round(staff: User | None, round_: InvitationRound) -> None:
    """Destroy what tells who was written to. The numbers stay. Raises ``InvitationsRefused``."""
    now = InvitationRound.objects.select_for_update().select_related("dialogue").get(pk=round_.pk)
    if is_being_sent(now):
        raise InvitationsRefused("at_work")
    destroy_marks(now)
    if not now.ended:
        now.ended, now.sender, now.beat_at, now.left = True, "", None, 0
        now.save()
        log_staff_action(staff, now.dialogue, Verb.END_INVITATIONS)


def end_old_rounds(today: date) -> None:
    """End rounds that staff forgot, some weeks after they began."""
    old = InvitationRound.objects.filter(
        ended=False, begun_on__lte=today - timedelta(days=KEPT_DAYS)
    )
    for round_ in old:
        if not is_being_sent(round_):
            end_round(None, round_)


def count_bounced(round_: InvitationRound, number: int) -> None:
    """Note how many came back to the sender's mailbox, which this site does not read."""
    InvitationRound.objects.filter(pk=round_.pk).update(bounced=number)
