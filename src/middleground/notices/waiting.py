"""What waits for a moderator, told to those who are not looking: in a private feed, or by e-mail.

Both tell numbers and where to decide, and no word of anybody. Each account chooses for itself, and
is told only of dialogues in which it may decide when it is told.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from middleground.dialogues.models import Appeal, Dialogue, Statement, in_state
from middleground.dialogues.models.texts.text_kinds import find_text_kinds
from middleground.dialogues.queries import dialogues_at_desk
from middleground.notices.models import Mail, WaitingNotice
from middleground.people.models import User
from middleground.texts.moderation import TextState

Kind = Mail.Kind
_APPEALED = Q(appeal__outcome=Appeal.Outcome.WAITING, status=Statement.Status.REJECTED)


@dataclass(frozen=True, slots=True)
class WaitingTexts:
    """How many texts and appeals wait in a dialogue. ``newest`` changes when another one comes."""

    dialogue: Dialogue
    texts: int
    appeals: int
    newest: str


def waiting_for(user: User) -> list[WaitingTexts]:
    """The dialogues in which something waits that this account may decide now.

    Texts that wait in a closed dialogue are left out, since its result gains none of them (decision
    79), unless their kind is shown after the close, too. Who appealed still waits for an answer.
    """
    if not user.is_active or user.is_official:
        return []
    dialogues = {each.pk: each for each in dialogues_at_desk(user)}
    now = timezone.now()
    phases = {pk: each.phase(now) for pk, each in dialogues.items()}
    texts: Counter[int] = Counter()
    appeals: Counter[int] = Counter()
    newest: defaultdict[int, list[str]] = defaultdict(list)
    for kind in find_text_kinds():
        those = kind.ready(kind.texts) if kind.ready else kind.texts
        to_show = [pk for pk, phase in phases.items() if kind.is_waited_for(phase)]
        asked = (
            (texts, in_state(TextState.WAITING), to_show),
            (appeals, _APPEALED, list(dialogues)),
        )
        for counted, which, where in asked:
            found = those.filter(which, dialogue__in=where).order_by()
            for pk, number, last in found.values_list("dialogue").annotate(Count("pk"), Max("pk")):
                counted[pk] += number
                newest[pk].append(f"{kind.collection} {last}")
    return [
        WaitingTexts(dialogues[pk], texts[pk], appeals[pk], _mark(newest[pk]))
        for pk in sorted(newest, reverse=True)
    ]


def _mark(newest: list[str]) -> str:
    return hashlib.sha256("; ".join(newest).encode()).hexdigest()[:16]


# The feed


def make_feed(user: User) -> str:
    """A new address of the account's feed, in place of an earlier one. Only its hash is stored."""
    token = secrets.token_urlsafe(24)
    WaitingNotice.objects.update_or_create(user=user, defaults={"feed": _hash(token)})
    return token


def revoke_feed(user: User) -> None:
    WaitingNotice.objects.filter(user=user).update(feed="")


def owner_of_feed(token: str) -> User | None:
    """The account whose feed has this token, if it may still sign in."""
    active = WaitingNotice.objects.filter(user__is_active=True, feed=_hash(token))
    notice = active.select_related("user").first()
    return notice.user if notice else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


# E-mail


@transaction.atomic
def choose_hours(user: User, hours: int) -> None:
    """Tell the account at most every so many hours; 0: never."""
    WaitingNotice.objects.update_or_create(user=user, defaults={"hours": hours, "told_at": None})
    Mail.objects.filter(official=user, kind=Kind.WAITING, is_claimed=False).delete()


@transaction.atomic
def send_test_mail(user: User) -> None:
    """Let a mail wait that says that mail arrives; one at a time."""
    if not Mail.objects.filter(official=user, kind=Kind.TEST).exists():
        Mail.objects.create(official=user, kind=Kind.TEST)


def tell_waiting(now: datetime) -> None:
    """Let a mail wait for each account that wants one now and for which something waits."""
    if not settings.MAIL:
        return
    wanted = WaitingNotice.objects.exclude(hours=0).filter(user__is_active=True)
    for notice in wanted.select_related("user").order_by("pk"):
        due = notice.told_at is None or notice.told_at + timedelta(hours=notice.hours) <= now
        if due and waiting_for(notice.user):
            _tell(notice.pk, now)


@transaction.atomic
def _tell(pk: int, now: datetime) -> None:
    notice = WaitingNotice.objects.select_for_update().exclude(hours=0).filter(pk=pk).first()
    if notice is None:
        return
    if not Mail.objects.filter(official=notice.user, kind=Kind.WAITING).exists():
        Mail.objects.create(official=notice.user, kind=Kind.WAITING)
    notice.told_at = now
    notice.save()
