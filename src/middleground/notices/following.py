"""An address asks for news of a case, confirms that, and stops. It ends by itself, too."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import Case, CaseEvent, CaseStatus
from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue
from middleground.notices.addresses import NoKey, check_key, mark_of, seal
from middleground.notices.models import EmailChoice, Follower, Mail

Kind = Mail.Kind
DAYS_TO_CONFIRM = 2
QUIET_DAYS = 60  # after an answer: longer than people are asked whether it answers them


class FollowRefused(Refused):
    """Nothing was stored."""

    refusals = {
        "off": RefusalText(_("You cannot follow this case by e-mail.")),
        "ended": RefusalText(_("This case is closed. There will be no more news.")),
        "no_key": RefusalText(
            _("We cannot take addresses right now. Please try again later."),
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    }


def takes_email(dialogue: Dialogue) -> bool:
    """Whether the host has a mail server and wants this dialogue's cases followed by e-mail."""
    return bool(settings.MAIL) and EmailChoice.objects.filter(dialogue=dialogue, on=True).exists()


@transaction.atomic
def ask_to_follow(case: Case, address: str, language: str = "") -> None:
    """Let an address be asked whether it wants news of the case, in e-mails in this language.

    It does alike whether the address follows already or not: one mail, which tells it to nobody
    but the address. While a mail waits, there is no second one. Only the address itself, which
    stops and asks again, changes the language of what it confirmed.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not takes_email(case.dialogue):
        raise FollowRefused("off")
    if case.status == CaseStatus.CLOSED:
        raise FollowRefused("ended")
    try:
        check_key()
        sealed, mark = seal(address, case.pk, language), mark_of(address, case.pk)
    except NoKey:
        raise FollowRefused("no_key") from None
    today = timezone.localdate()
    follower, _made = Follower.objects.get_or_create(
        case=case, mark=mark, defaults={"sealed": sealed, "asked_on": today}
    )
    if not follower.confirmed:
        Follower.objects.filter(pk=follower.pk).update(asked_on=today, sealed=sealed)
    kind = Kind.KNOWN if follower.confirmed else Kind.CONFIRM
    if not follower.mails.filter(kind__in=(Kind.KNOWN, Kind.CONFIRM)).exists():
        Mail.objects.create(follower=follower, kind=kind)


def confirm(follower: Follower) -> None:
    """The address wants news; from now on nothing tells when it asked."""
    Follower.objects.filter(pk=follower.pk).update(confirmed=True, asked_on=None)


def stop(follower: Follower) -> None:
    """Delete the address."""
    Follower.objects.filter(pk=follower.pk).delete()


@transaction.atomic
def choose_email(dialogue: Dialogue, *, on: bool) -> int:
    """Let cases be followed by e-mail or not; return how many addresses were deleted."""
    EmailChoice.objects.update_or_create(dialogue=dialogue, defaults={"on": on})
    if on:
        return 0
    _all, deleted = Follower.objects.filter(case__dialogue=dialogue).delete()
    return deleted.get(Follower._meta.label, 0)


@transaction.atomic
def end_following() -> None:
    """Delete addresses that were not confirmed in time, or whose case has no news any more.

    Where nothing happened for long after an answer, a last mail says so first.
    """
    today = timezone.localdate()
    _not_confirmed(today).delete()
    _closed().delete()
    quiet = _quiet(today).filter(confirmed=True)
    Mail.objects.bulk_create(Mail(follower=each, kind=Kind.LAST) for each in quiet)


def _not_confirmed(today: date) -> QuerySet[Follower]:
    return Follower.objects.filter(asked_on__lte=today - timedelta(days=DAYS_TO_CONFIRM))


def _closed() -> QuerySet[Follower]:
    """Followers of closed cases who were told so."""
    told_until = OuterRef("case__told__last_event")
    untold = CaseEvent.objects.filter(case=OuterRef("case"), pk__gt=told_until)
    closed = Q(case__status=CaseStatus.CLOSED, case__told__isnull=False)
    return _without_mail(closed).exclude(Exists(untold))


def _quiet(today: date) -> QuerySet[Follower]:
    day = today - timedelta(days=QUIET_DAYS)
    promised = Q(case__commitments__status="open")
    return _without_mail(
        Q(case__status=CaseStatus.ANSWERED, case__answered_on__lte=day) & ~promised
    )


def _without_mail(which: Q) -> QuerySet[Follower]:
    waiting = Mail.objects.filter(follower=OuterRef("pk"))
    return Follower.objects.filter(which & ~Exists(waiting))
