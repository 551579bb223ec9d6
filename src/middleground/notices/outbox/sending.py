"""Sending what waits: never in a request, and never twice.

A mail is claimed, in a transaction of its own, before the server is spoken to. What is still
claimed when nobody sends was being sent when a process ended: whether it arrived nobody knows, so
it is not sent again, and counted for staff (docs/decisions/0060). Pauses between tries are in
memory only; the database holds no time.
"""

from __future__ import annotations

import logging
import smtplib
from time import monotonic

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import part
from middleground.core.jobs.troubles import noted
from middleground.core.processes.election import require_elected
from middleground.notices.addresses import NoKey
from middleground.notices.models import Follower, Mail, MailTrouble
from middleground.notices.outbox.letters import is_last, letter
from middleground.notices.outbox.smtp import Delivery, MailOutcome, deliver
from middleground.notices.troubles import count_trouble

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 15  # over some 38 hours
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 6 * 3600.0
CONNECT = part(
    "reach the mail server",
    _("Reaching the mail server"),
    _("E-mail is waiting. The server keeps trying, less and less often."),
    _("Check that the mail server runs and that MIDDLEGROUND_MAIL is right."),
)
AT_ONCE = 200  # mails of one run
Trouble = MailTrouble.Kind


class Sender:
    """Sends what waits. One at a time: the server has one, in a thread of its own."""

    def __init__(self) -> None:
        self._not_before: dict[int | None, float] = {}  # by mail; None: the mail server itself
        self._unreachable = 0

    def send_waiting(self) -> int:
        """Send what may be tried now; return how many were sent."""
        count_interrupted()
        Mail.objects.filter(is_claimed=False, official__is_active=False).delete()
        waiting = [pk for pk in _waiting() if self._may_try(pk)]
        if not waiting or not self._may_try(None):
            return 0
        backend = self._connect()
        if backend is None:
            return 0
        try:
            return sum(self._send(backend, pk) for pk in waiting[:AT_ONCE])
        finally:
            _close(backend)

    def _connect(self) -> EmailBackend | None:
        backend = get_connection()
        assert isinstance(backend, EmailBackend)
        try:
            with noted(CONNECT.name):
                backend.open()
        except (smtplib.SMTPException, OSError) as trouble:
            logger.warning("The mail server cannot be reached (%s).", type(trouble).__name__)
            if not self._unreachable:
                count_trouble(Trouble.UNREACHABLE, "")
            self._unreachable += 1
            self._pause(None, self._unreachable)
            return None
        self._unreachable = 0
        MailTrouble.objects.filter(kind=Trouble.UNREACHABLE).delete()
        return backend

    def _send(self, backend: EmailBackend, pk: int) -> bool:
        require_elected()
        if backend.connection is None:  # it went away, and the next run tries again
            return False
        mail = claim(pk)
        if mail is None:
            return False
        try:
            message, last = letter(mail), is_last(mail)
        except NoKey as missing:
            logger.error("%s: addresses cannot be read, and no news is sent.", missing)
            _give_back(mail, attempts=0)
            self._pause(pk, MOST_ATTEMPTS)
            return False
        delivery = deliver(backend.connection, message)
        if delivery.outcome in (MailOutcome.LATER, MailOutcome.UNCERTAIN):
            _renew(backend)
        self._settle(mail, delivery, last=last)
        return delivery.outcome is MailOutcome.SENT

    def _settle(self, mail: Mail, delivery: Delivery, *, last: bool) -> None:
        """Store what came of it, in one transaction."""
        outcome, attempts = delivery.outcome, mail.attempts + 1
        if outcome is MailOutcome.LATER and attempts < MOST_ATTEMPTS:
            _give_back(mail, attempts=1)
            self._pause(mail.pk, attempts)
            return
        with transaction.atomic():
            if outcome is not MailOutcome.SENT:
                count_trouble(_TROUBLES[outcome], delivery.code, mail)
            Mail.objects.filter(pk=mail.pk).delete()
            if mail.follower_id and (last or outcome is MailOutcome.NO_SUCH_ADDRESS):
                Follower.objects.filter(pk=mail.follower_id).delete()
        self._not_before.pop(mail.pk, None)

    def _may_try(self, pk: int | None) -> bool:
        return self._not_before.get(pk, 0.0) <= monotonic()

    def _pause(self, pk: int | None, attempts: int) -> None:
        seconds = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        self._not_before[pk] = monotonic() + seconds


_TROUBLES = {
    MailOutcome.NO_SUCH_ADDRESS: Trouble.REFUSED,
    MailOutcome.NOT_TAKEN: Trouble.NOT_TAKEN,
    MailOutcome.LATER: Trouble.NOT_TAKEN,
    MailOutcome.UNCERTAIN: Trouble.UNCERTAIN,
}


def claim(pk: int) -> Mail | None:
    """Take a mail that waits, durably, before anything is sent; None if it is gone or taken."""
    with transaction.atomic():
        if not Mail.objects.filter(pk=pk, is_claimed=False).update(is_claimed=True):
            return None
        mails = Mail.objects.select_related("follower__case__dialogue", "official")
        return mails.get(pk=pk)


def count_interrupted() -> None:
    """Give up what was being sent when its process ended."""
    left = Mail.objects.filter(is_claimed=True)
    for mail in left.select_related("follower__case__dialogue", "official"):
        with transaction.atomic():
            count_trouble(Trouble.UNCERTAIN, "", mail)
            if mail.follower_id and is_last(mail):
                Follower.objects.filter(pk=mail.follower_id).delete()
            Mail.objects.filter(pk=mail.pk).delete()


def _waiting() -> list[int]:
    if not settings.MAIL:
        return []
    return list(Mail.objects.filter(is_claimed=False).values_list("pk", flat=True))


def _give_back(mail: Mail, *, attempts: int) -> None:
    Mail.objects.filter(pk=mail.pk).update(is_claimed=False, attempts=mail.attempts + attempts)


def _renew(backend: EmailBackend) -> None:
    """Connect anew after trouble, so that one mail does not spoil the next ones."""
    _close(backend)
    try:
        backend.open()
    except (smtplib.SMTPException, OSError):
        logger.warning("The mail server went away.")


def _close(backend: EmailBackend) -> None:
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        backend.connection = None
