"""Who may draft and publish for a post: its verified holder, in their term, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from middleground.people.actions import StaffRefused, change_role
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.bodies.posts import end_post, make_post
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.bodies.terms import Verification, appoint, end_term, verify_appointment
from middleground.people.models import Appointment, Body, Post, User
from middleground.people.permissions import Action, may
from support.cast import add_second_factor, make_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)
LETTER = Verification("letter", TODAY)
DRAFT, PUBLISH = Action.DRAFT_FOR_POST, Action.PUBLISH_FOR_POST


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Today, as a list of one day that a test may change."""
    today = [TODAY]
    monkeypatch.setattr(timezone, "localdate", lambda *_: today[0])
    return today


@pytest.fixture
def holder(keeper: User, chief: Post) -> Appointment:
    term, password = appoint(
        keeper, chief, email="Chief@City.Example", since=TODAY, verification=LETTER
    )
    assert len(password.split("-")) == 6
    assert term.user
    assert (term.user.email, term.user.role, term.user.is_staff) == (
        "chief@city.example", "official", False,
    )  # fmt: skip
    add_second_factor(term.user)
    return term


def allowed(user: User | None, post: Post) -> tuple[bool, bool]:
    assert user
    return may(user, DRAFT, post), may(user, PUBLISH, post)


def test_a_verified_holder_drafts_and_publishes_in_their_term_only(
    keeper: User, chief: Post, holder: Appointment, days: list[date]
) -> None:
    end_term(keeper, holder, TODAY + timedelta(days=2))
    found = {}
    for at in range(-1, 4):
        days[0] = TODAY + timedelta(days=at)
        found[at] = allowed(holder.user, chief)
    both, neither = (True, True), (False, False)
    assert found == {-1: neither, 0: both, 1: both, 2: both, 3: neither}


def test_what_is_missing_before_a_holder_publishes(
    keeper: User, chief: Post, holder: Appointment
) -> None:
    assert holder.user
    Authenticator.objects.all().delete()
    assert allowed(holder.user, chief) == (True, False)
    add_second_factor(holder.user)
    assert allowed(holder.user, chief) == (True, True)
    Appointment.objects.update(proof="", verified_on=None)
    assert allowed(holder.user, chief) == (True, False)
    with pytest.raises(BodyRefused, match="Enter a change on its day or later"):
        verify_appointment(keeper, holder, Verification("letter", TODAY + timedelta(days=1)))
    verify_appointment(keeper, holder, Verification("in person", TODAY))
    assert allowed(holder.user, chief) == (True, True)
    holder.user.is_active = False
    assert allowed(holder.user, chief) == (False, False)


def test_others_do_neither(keeper: User, police: Body, chief: Post, holder: Appointment) -> None:
    clerk = make_post(keeper, police, "Clerk")
    for user in (keeper, make_staff("moderator", "mo@example.org")):
        assert allowed(user, chief) == (False, False)
    assert allowed(holder.user, clerk) == (False, False)
    drafting, _password = appoint(
        keeper, chief, email="office@city.example", role="drafts", since=TODAY, verification=LETTER
    )
    assert drafting.user
    add_second_factor(drafting.user)
    assert allowed(drafting.user, chief) == (True, False)
    assert holder.user
    for action in (DRAFT, PUBLISH):
        assert not may(holder.user, action)  # without a post the question is about all of them
        assert not may(holder.user, action, keeper)
    for action in set(Action) - {DRAFT, PUBLISH}:
        assert not may(holder.user, action)
    # A member of staff does not become one by a row alone.
    Appointment.objects.filter(pk=holder.pk).update(user=keeper)
    add_second_factor(keeper)
    assert allowed(keeper, chief) == (False, False)


def test_nobody_speaks_for_what_has_ended(
    keeper: User, police: Body, chief: Post, holder: Appointment
) -> None:
    safety = register_body(keeper, name="Safety", level="city")
    merge_body(keeper, police, safety, TODAY)
    chief.refresh_from_db()
    assert allowed(holder.user, chief) == (True, True)  # it went on with its post
    clerk = make_post(keeper, safety, "Clerk")
    appoint(keeper, clerk, email="chief@city.example", since=TODAY, verification=LETTER)
    end_post(keeper, chief, TODAY)
    assert allowed(holder.user, chief) == (False, False)
    assert allowed(holder.user, clerk) == (True, True)
    abolish_body(keeper, safety, TODAY, "Gone.")
    assert allowed(holder.user, clerk) == (False, False)


def test_staff_hold_no_post_and_officials_no_role(
    keeper: User, chief: Post, holder: Appointment
) -> None:
    with pytest.raises(BodyRefused, match="is on the host’s staff"):
        appoint(keeper, chief, email="FAY@example.org", since=TODAY)
    assert holder.user
    with pytest.raises(StaffRefused, match="is an official"):
        change_role(keeper, holder.user, "facilitator")


def test_terms_of_one_person_do_not_overlap(keeper: User, chief: Post, holder: Appointment) -> None:
    again = {"email": "chief@city.example", "since": TODAY + timedelta(days=9)}
    with pytest.raises(BodyRefused, match="already holds this post"):
        appoint(keeper, chief, **again)
    with pytest.raises(BodyRefused, match="before it starts"):
        end_term(keeper, holder, TODAY - timedelta(days=1))
    end_term(keeper, holder, TODAY + timedelta(days=8))
    later, password = appoint(keeper, chief, **again)
    assert (later.user, password) == (holder.user, "")
    with pytest.raises(BodyRefused, match="before it starts"):
        appoint(keeper, chief, name="Example", since=TODAY, until=TODAY - timedelta(days=1))
    appoint(keeper, chief, name="Example", since=TODAY, until=TODAY)
    with pytest.raises(BodyRefused, match="Example already holds this post"):
        appoint(keeper, chief, name="Example", since=TODAY)
