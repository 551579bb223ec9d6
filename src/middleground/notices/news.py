"""Who is to be told of what: from new events and due days to mails that wait.

Nothing is told twice: that it was told is stored in the transaction in which its mails are.
Each case has a mark of its own, since events of different cases may become visible in another
order than that of their numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from middleground.answers.commitments.queries import commitments_due
from middleground.answers.models import Case, CaseEvent, Commitment
from middleground.dialogues.models import Dialogue
from middleground.notices.models import CaseTold, Follower, Mail, Reminded
from middleground.people.models import Appointment, User

Kind = CaseEvent.Kind
TOLD = (
    Kind.ASSIGNED, Kind.INHERITED, Kind.ABANDONED, Kind.PAUSED, Kind.EXTENDED, Kind.ACCEPTED,
    Kind.REFUSED, Kind.ANSWERED, Kind.CORRECTED, Kind.RETRACTED, Kind.REOPENED, Kind.CLOSED,
)  # fmt: skip
_GIVEN = (Kind.ASSIGNED, Kind.INHERITED, Kind.ACCEPTED)  # to a post, which then owes an answer
DAYS_BEFORE = 7
MOST_DAYS = 14  # that are caught up with after the server was off


def begin_to_tell() -> None:
    """Mark all that happened until now as told, once, when the installation first runs this."""
    if Reminded.objects.exists():
        return
    with transaction.atomic():
        Reminded.objects.create(on=timezone.localdate())
        CaseTold.objects.bulk_create(
            CaseTold(case_id=case, last_event=last)
            for case, last in CaseEvent.objects.order_by().values_list("case").annotate(Max("pk"))
        )


def tell_news() -> None:
    """Let mails wait for all who are to learn of events that nobody was told of yet."""
    last = Max("events__pk")
    cases = Case.objects.exclude(dialogue__state=Dialogue.State.DRAFT).annotate(last=last)
    untold = cases.filter(Q(told=None) | Q(last__gt=F("told__last_event")))
    for pk in list(untold.order_by("pk").values_list("pk", flat=True)):
        _tell_case(pk)


@transaction.atomic
def _tell_case(pk: int) -> None:
    case = Case.objects.select_for_update().get(pk=pk)
    mark, _new = CaseTold.objects.select_for_update().get_or_create(
        case=case, defaults={"last_event": 0}
    )
    events = list(case.events.filter(pk__gt=mark.last_event).order_by("pk"))
    if not events:
        return
    mark.last_event = events[-1].pk
    mark.save()
    if not settings.MAIL:
        return
    told = [event for event in events if event.kind in TOLD]
    if told:
        _tell_followers(case, [event.pk for event in told], [])
    if case.post_id and any(event.kind in _GIVEN for event in events):
        _remind(_officials_of(case), "given")


def _tell_followers(case: Case, events: list[int], commitments: list[int]) -> None:
    """One mail each; what waits already is told with it."""
    for follower in Follower.objects.filter(case=case, confirmed=True):
        waiting = Mail.objects.filter(follower=follower, kind=Mail.Kind.NEWS, is_claimed=False)
        mail = waiting.select_for_update().first() or Mail(follower=follower, kind=Mail.Kind.NEWS)
        mail.facts = {
            "events": [*mail.facts.get("events", []), *events],
            "commitments": [*mail.facts.get("commitments", []), *commitments],
        }
        mail.save()


def tell_due_days() -> None:
    """Remind officials a week before a due day and on the day after, for each day once."""
    today = timezone.localdate()
    with transaction.atomic():
        mark = Reminded.objects.select_for_update().first()
        if mark is None or mark.on >= today:
            return
        day = max(mark.on, today - timedelta(days=MOST_DAYS))
        mark.on = today
        mark.save()
        while day < today:
            day += timedelta(days=1)
            if settings.MAIL:
                _tell_day(day)


def _tell_day(day: date) -> None:
    soon, yesterday = day + timedelta(days=DAYS_BEFORE), day - timedelta(days=1)
    waiting = Case.objects.waiting().exclude(dialogue__state=Dialogue.State.DRAFT)
    for what, on in (("due", soon), ("late", yesterday)):
        for case in waiting.filter(due_on=on).exclude(body=None):
            _remind(_officials_of(case), what)
        for commitment in commitments_due(on):
            _remind(_officials_of(commitment), f"promised {what}")
    for commitment in commitments_due(day):
        _tell_followers(commitment.case, [], [commitment.pk])


def _officials_of(owed: Case | Commitment) -> list[User]:
    """Who acts today for the post that owes it; without a post, for any post of the body."""
    terms = Appointment.objects.current(timezone.localdate())
    owing = Q(post=owed.post_id) if owed.post_id else Q(post__body=owed.body_id)
    users = terms.filter(owing).values("user")
    return list(User.objects.filter(pk__in=users, is_active=True, email_choice__on=True))


def _remind(officials: Iterable[User], what: str) -> None:
    """Count one more thing in the mail that waits for each of them."""
    for user in officials:
        waiting = Mail.objects.filter(official=user, kind=Mail.Kind.OWED, is_claimed=False)
        mail = waiting.select_for_update().first() or Mail(official=user, kind=Mail.Kind.OWED)
        mail.facts = dict(Counter(mail.facts) + Counter([what]))
        mail.save()
