"""Sending a round: in a thread of the process that was given the list, which nobody else has.

An address is claimed by its mark, durably, before the server is spoken to, so that it is written to
once at most, whatever ends the process. A code is made without an address and put into one e-mail;
once that is handed over, both are forgotten. What cannot be sent is tried again as long as this
process lives; afterwards staff give the same list again.
"""

from __future__ import annotations

import logging
import secrets
import smtplib
import threading
from collections import deque
from collections.abc import Iterable
from math import ceil
from time import monotonic

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from middleground.dialogues.participation.admission import CodesRefused, Tier, make_codes
from middleground.notices.outbox.smtp import MailOutcome, deliver
from middleground.outreach.invitations.letters import letter_to
from middleground.outreach.invitations.marks import key_of, mark_in
from middleground.outreach.models import InvitationRound, SentMark
from middleground.people.models import User

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0
MOST_TRIES = 4  # of one address that the server will not take now
FEWEST_CODES, MOST_BATCHES = 100, 20
Trouble = InvitationRound.Trouble


class _Overtaken(Exception):
    """Staff stopped the round, or another process sends it."""


class RoundSender(threading.Thread):
    """Sends one round. ``stop`` ends it after the e-mail in its hands."""

    def __init__(self, round_id: int, name: str, staff_id: int, addresses: Iterable[str]) -> None:
        super().__init__(name="invitations", daemon=True)
        self._round_id, self._sender, self._staff_id = round_id, name, staff_id
        self._waiting = deque((address, 0) for address in addresses)
        self._codes: list[str] = []
        self._batch = max(FEWEST_CODES, ceil(len(self._waiting) / MOST_BATCHES))
        self._stopped = threading.Event()
        self._backend: EmailBackend | None = None
        self._next_at, self._pause, self._pass = 0.0, FIRST_PAUSE, 0

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        trouble = ""
        try:
            self._send_all()
        except _Overtaken:
            pass
        except CodesRefused:
            trouble = Trouble.CLOSED
        except Exception as error:  # noqa: BLE001 -- its words may hold an address
            logger.error("Invitations were not sent to the end (%s).", type(error).__name__)
            trouble = Trouble.FAILED
        finally:
            self._waiting.clear()
            self._codes.clear()
            self._hang_up()
            self._mine().update(sender="", beat_at=None, stopping=False, trouble=trouble)
            _forget(self)
            connections.close_all()

    def _send_all(self) -> None:
        rounds = InvitationRound.objects.select_related("dialogue")
        round_ = rounds.get(pk=self._round_id)
        key = key_of(round_)
        known = set(round_.marks.values_list("mark", flat=True))
        self._waiting = deque(
            (address, tries)
            for address, tries in self._waiting
            if mark_in(key, address) not in known
        )
        del known
        self._mine().update(left=len(self._waiting))
        while self._waiting:
            self._wait(self._next_at - monotonic())
            address, tries = self._waiting.popleft()
            if tries > self._pass:  # the list begins again, with those that were not taken
                self._pass = tries
                self._rest()
            smtp = self._connected()
            self._next_at = monotonic() + 60 / round_.per_minute
            self._send(smtp, round_, address, mark_in(key, address), tries)

    def _send(
        self, smtp: smtplib.SMTP, round_: InvitationRound, address: str, mark: str, tries: int
    ) -> None:
        code = self._next_code(round_)
        if not self._claim(mark):
            self._codes.append(code)
            return
        delivery = deliver(smtp, letter_to(round_, address, code))
        outcome = delivery.outcome
        if outcome in (MailOutcome.LATER, MailOutcome.UNCERTAIN):
            self._hang_up()  # so that one e-mail does not spoil the next ones
        if outcome in (MailOutcome.SENT, MailOutcome.UNCERTAIN):
            self._settle(mark, "sent" if outcome is MailOutcome.SENT else "uncertain")
            self._pause = FIRST_PAUSE
            return
        self._codes.append(code)  # nobody has seen it
        if outcome is MailOutcome.LATER and not delivery.code:
            self._unclaim(mark)
            self._waiting.appendleft((address, tries))
            self._rest()
        elif outcome is MailOutcome.LATER and tries + 1 < MOST_TRIES:
            self._unclaim(mark)
            self._waiting.append((address, tries + 1))
        else:
            self._settle(mark, "refused")

    def _next_code(self, round_: InvitationRound) -> str:
        """A code that no address has had; empty for a reminder. Raises ``CodesRefused``."""
        if round_.kind == InvitationRound.Kind.REMINDER:
            return ""
        if not self._codes:
            staff = User.objects.get(pk=self._staff_id)
            number = min(self._batch, len(self._waiting) + 1)
            form = secrets.token_urlsafe(16)
            self._codes = make_codes(staff, round_.dialogue, Tier.INVITED, number, form)
        return self._codes.pop()

    # The database: each step is durable before the next one.

    @transaction.atomic
    def _claim(self, mark: str) -> bool:
        """Take the address for this process; False if it was written to before."""
        self._beat()
        _row, new = SentMark.objects.get_or_create(mark=mark, defaults={"round_id": self._round_id})
        return new

    @transaction.atomic
    def _settle(self, mark: str, counted: str) -> None:
        SentMark.objects.filter(pk=mark).update(claimed=False)
        InvitationRound.objects.filter(pk=self._round_id).update(
            **{counted: F(counted) + 1}, left=F("left") - 1
        )

    def _unclaim(self, mark: str) -> None:
        SentMark.objects.filter(pk=mark, claimed=True).delete()

    def _mine(self) -> QuerySet[InvitationRound]:
        return InvitationRound.objects.filter(pk=self._round_id, sender=self._sender)

    def _beat(self, **changed: str) -> None:
        """Be seen. Raises ``_Overtaken`` if this thread is to stop."""
        mine = self._mine().filter(stopping=False)
        if self._stopped.is_set() or not mine.update(beat_at=timezone.now(), **changed):
            raise _Overtaken

    def _wait(self, seconds: float) -> None:
        """Wait, and be seen meanwhile."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            self._stopped.wait(min(left, BEAT_SECONDS))
            if self._stopped.is_set() or left > BEAT_SECONDS:
                self._beat()

    def _rest(self) -> None:
        """Wait longer each time, because the mail server has trouble."""
        self._beat(trouble=Trouble.UNREACHABLE)
        self._wait(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    # The mail server

    def _connected(self) -> smtplib.SMTP:
        """An open connection, however long it takes."""
        while self._backend is None or self._backend.connection is None:
            backend = get_connection()
            assert isinstance(backend, EmailBackend)
            try:
                backend.open()
            except (smtplib.SMTPException, OSError) as trouble:
                logger.warning("The mail server cannot be reached (%s).", type(trouble).__name__)
                self._rest()
                continue
            self._backend = backend
            self._beat(trouble="")
        return self._backend.connection

    def _hang_up(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (smtplib.SMTPException, OSError):
                backend.connection = None


_lock = threading.Lock()
_senders: set[RoundSender] = set()


def send_round(round_id: int, name: str, staff_id: int, addresses: Iterable[str]) -> RoundSender:
    """Begin to send in a thread of this process; see ``actions.take_over`` for its name."""
    sender = RoundSender(round_id, name, staff_id, addresses)
    with _lock:
        _senders.add(sender)
    sender.start()
    return sender


def stop_all(seconds: float) -> None:
    """End all of this process, each after the e-mail in its hands."""
    with _lock:
        ending = list(_senders)
    for sender in ending:
        sender.stop()
    for sender in ending:
        sender.join(timeout=seconds)


def _forget(sender: RoundSender) -> None:
    with _lock:
        _senders.discard(sender)
