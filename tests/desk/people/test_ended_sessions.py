"""A session ends with the account's right to sign in, and does not live again with it."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from middleground.people.actions import deactivate, reactivate, reset_second_factor
from middleground.people.models import User
from support.cast import make_staff

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert client.get("/desk/").status_code == 200
    return client


@pytest.fixture
def cast() -> tuple[User, User, Client]:
    boss = make_staff(email="boss@example.org")
    member = make_staff(email="member@example.org")
    return boss, member, signed_in(member)


def test_after_deactivation_and_reactivation(cast: tuple[User, User, Client]) -> None:
    boss, member, client = cast
    other = signed_in(boss)
    deactivate(boss, member)
    assert client.get("/desk/").status_code == 302
    reactivate(boss, member)
    assert client.get("/desk/").status_code == 302
    assert other.get("/desk/").status_code == 200  # nobody else's session ends


def test_control_without_the_end_of_sessions_it_lives_again(
    cast: tuple[User, User, Client],
) -> None:
    _, member, client = cast
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get("/desk/").status_code == 302
    User.objects.filter(pk=member.pk).update(is_active=True)
    assert client.get("/desk/").status_code == 200


def test_when_the_administration_pages_deactivate(cast: tuple[User, User, Client]) -> None:
    _, member, _ = cast
    member.is_active = False
    member.save()
    assert not Session.objects.exists()


def test_with_the_second_factor(cast: tuple[User, User, Client]) -> None:
    boss, member, client = cast
    reset_second_factor(boss, member)
    assert client.get("/desk/").status_code == 302
