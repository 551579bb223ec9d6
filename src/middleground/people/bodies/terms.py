"""Who acts for a post: appointing, verifying, ending a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from middleground.core import dates
from middleground.people.bodies.posts import locked_post
from middleground.people.bodies.record import add_event, new_event
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Appointment, BodyEvent, Post, User
from middleground.people.sign_in.passwords import initial_password

Kind, Proof, Role = BodyEvent.Kind, Appointment.Proof, Appointment.Role


@dataclass(frozen=True, slots=True)
class Verification:
    """How and when the host made sure whose account it is."""

    proof: str  # of Appointment.Proof
    on: date


@transaction.atomic
def appoint(
    by: User | None,
    post: Post,
    *,
    email: str = "",
    name: str = "",
    role: str = Role.SPEAKS,
    since: date,
    until: date | None = None,
    verification: Verification | None = None,
    outside_id: str = "",
) -> tuple[Appointment, str]:
    """Let somebody act for the post from a day to a day.

    With an e-mail address they get an account, if they have none yet. Returns the appointment, and
    the initial password of a new account, of which only a hash is stored.
    """
    _body, post = locked_post(post)
    if until is not None and until < since:
        raise BodyRefused("ends_before", day=dates.day(since))
    user, password = _account(email, name) if email else (None, "")
    _refuse_second(post, user, name, since, until)
    appointment = Appointment(
        post=post, user=user, name=name, role=role, since=since, until=until, outside_id=outside_id
    )
    if verification is not None:
        _mark_verified(appointment, by, verification)
    appointment.full_clean()
    appointment.save()
    for event in appointed(by, appointment):
        event.save()
    return appointment, password


def appointed(by: User | None, appointment: Appointment) -> list[BodyEvent]:
    """The events, not yet saved: that the term begins and, if that is known, its last day."""
    post = appointment.post
    facts = {
        "post_title": post.title, "name": appointment.name, "role": appointment.role,
        "proof": appointment.proof,
    }  # fmt: skip
    begins = new_event(by, post.body, Kind.APPOINTED, facts, on=appointment.since, post=post)
    return [begins, _ends(by, appointment)] if appointment.until is not None else [begins]


@transaction.atomic
def verify_appointment(
    by: User | None, appointment: Appointment, verification: Verification
) -> None:
    """Record that the host made sure, and how. Without it the holder publishes nothing."""
    body, post = locked_post(appointment.post)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if verification.on > dates.today():
        raise BodyRefused("in_the_future")
    _mark_verified(appointment, by, verification)
    appointment.save(update_fields=["proof", "verified_on", "verified_by"])
    facts = {"post_title": post.title, "name": appointment.name, "proof": verification.proof}
    add_event(by, body, Kind.VERIFIED, facts, on=verification.on, post=post)


@transaction.atomic
def end_term(by: User | None, appointment: Appointment, until: date) -> None:
    """Let the term end with this day. What was said and what is owed stays with the post."""
    locked_post(appointment.post)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if until < appointment.since:
        raise BodyRefused("ends_before", day=dates.day(appointment.since))
    if appointment.until is not None and appointment.until < dates.today():
        raise BodyRefused("over")
    appointment.until = until
    appointment.save(update_fields=["until"])
    _ends(by, appointment).save()


def _ends(by: User | None, appointment: Appointment) -> BodyEvent:
    post = appointment.post
    facts = {"post_title": post.title, "name": appointment.name, "role": appointment.role}
    return new_event(by, post.body, Kind.LEFT, facts, on=appointment.until, post=post)


def _account(email: str, name: str) -> tuple[User, str]:
    """The official's account and, if it is new, its initial password. Refuses staff."""
    email = email.lower()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        password = initial_password()
        role = User.Role.OFFICIAL
        user = User.objects.create_user(
            email, password, name=name[:80], role=role, password_is_initial=True
        )
        return user, password
    if not user.is_official:
        raise BodyRefused("staff", name=str(user))
    return user, ""


def _refuse_second(
    post: Post, user: User | None, name: str, since: date, until: date | None
) -> None:
    """Refuse a term that overlaps with another one of the same person at the same post."""
    overlapping = post.appointments.filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        overlapping = overlapping.filter(since__lte=until)
    same = overlapping.filter(user=user) if user else overlapping.filter(user=None, name=name)
    if same.exists():
        raise BodyRefused("holds_already", name=name or str(user or post.title))


def _mark_verified(appointment: Appointment, by: User | None, verification: Verification) -> None:
    appointment.proof = verification.proof
    appointment.verified_on = verification.on
    appointment.verified_by = by
