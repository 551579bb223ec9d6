"""Who has a case: given to a body, acknowledged, offered to another level and taken or refused."""

from __future__ import annotations

from django.db import transaction

from middleground.answers.cases.record import LockedCase, lock
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import Case, CaseEvent
from middleground.core import dates
from middleground.people.models import Body, Post, User

Kind = CaseEvent.Kind
OFFER_DAYS = 14  # so long a body has to say whether it takes a case


@transaction.atomic
def assign(by: User, case: Case, body: Body, post: Post | None = None) -> None:
    """Give the case to a body, and to a post of it that answers."""
    _check_exists(body, post)
    facts = {"body": body.name, "post": post.title if post else ""}
    lock(case).add(Kind.ASSIGNED, facts, by=by, body=body, post=post)


@transaction.atomic
def acknowledge(by: User, case: Case, post: Post) -> None:
    """The post has read it."""
    held = owned(case, post)
    held.add(Kind.ACKNOWLEDGED, signed(post), by=by, body=post.body, post=post)


@transaction.atomic
def offer(by: User, case: Case, post: Post, to: Body, reason: str) -> None:
    """Offer the case to another body. The clock stays the sender's until that one takes it."""
    held = owned(case, post)
    _check_exists(to)
    check_reason(reason)
    facts = {**signed(post), "to": to.name, "reason": reason, "days": OFFER_DAYS}
    held.add(Kind.OFFERED, facts, by=by, body=post.body, post=post, other=to)


@transaction.atomic
def accept(by: User, case: Case, post: Post) -> None:
    """Take over a case that is offered to the post's body; the clock is this body's from now on."""
    _check_exists(post.body, post)
    lock(case).add(Kind.ACCEPTED, signed(post), by=by, body=post.body, post=post)


@transaction.atomic
def refuse(by: User, case: Case, post: Post, reason: str) -> None:
    """Do not take a case that is offered; it goes back to its sender, with the reason."""
    check_reason(reason)
    facts = {**signed(post), "reason": reason}
    lock(case).add(Kind.REFUSED, facts, by=by, body=post.body, post=post)


@transaction.atomic
def lapse(case: Case) -> None:
    """End an offer that was not answered in time."""
    held = lock(case)
    body = held.case.offered_to
    held.add(Kind.LAPSED, {"body": body.name if body else ""}, by=None, body=body)


def lapse_offers() -> int:
    """End all offers whose time is over; returns how many."""
    today, lapsed = dates.today(), 0
    for case in Case.objects.waiting().exclude(offered_to=None):
        with transaction.atomic():
            held = lock(case)
            over = held.state.lapses_on is not None and held.state.lapses_on <= today
        if over:
            lapse(case)
            lapsed += 1
    return lapsed


def signed(post: Post) -> dict[str, str]:
    """Post and body as they are called today."""
    return {"body": post.body.name, "post": post.title}


def owned(case: Case, post: Post) -> LockedCase:
    """The locked case, if the post's body has it."""
    held = lock(case)
    if held.state.body_id != post.body_id:
        raise CaseRefused("not_the_owner")
    return held


def _check_exists(body: Body, post: Post | None = None) -> None:
    today = dates.today()
    if not body.exists(today):
        raise CaseRefused("body_ended", name=body.name)
    if post is None:
        return
    if post.body_id != body.pk:
        raise CaseRefused("post_elsewhere")
    if not post.exists(today):
        raise CaseRefused("body_ended", name=post.title)


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise CaseRefused("no_reason")
