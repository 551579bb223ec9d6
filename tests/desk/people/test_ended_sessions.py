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


WRITTEN = {"title": "Patrols & more", "summary": "Each\nevening.", "do": "save", "revision": "3"}


def test_what_was_written_when_it_ended_is_given_back(cast: tuple[User, User, Client]) -> None:
    boss, member, client = cast
    deactivate(boss, member)
    answer = client.post("/desk/harbour/cases/1/describe/", WRITTEN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Patrols &amp; more\n\nEach\nevening.</textarea>" in page
    link = 'href="/accounts/login/?next=/desk/harbour/cases/1/describe/"'
    assert f'{link} target="_blank" rel="noopener"' in page
    assert "no-store" in answer["Cache-Control"]
    # The control: where nothing was written, one is led to the sign-in.
    empty = client.post("/desk/harbour/cases/1/describe/", {"do": "save", "title": " "})
    assert (empty.status_code, empty["Location"]) == (
        302, "/accounts/login/?next=/desk/harbour/cases/1/describe/",
    )  # fmt: skip
    assert client.get("/desk/harbour/cases/1/describe/", WRITTEN).status_code == 302


def test_what_was_written_in_a_tab_from_before_a_new_sign_in_is_given_back(
    cast: tuple[User, User, Client],
) -> None:
    """A sign-in changes the token of forms, so a form that was open before is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast[1])
    answer = client.post("/desk/harbour/cases/1/describe/", WRITTEN)
    assert answer.status_code == 403
    assert "Patrols &amp; more\n\nEach\nevening.</textarea>" in answer.content.decode()
    assert "Copy what you wrote from below" in answer.content.decode()
    # Of sign-in nothing comes back.
    sent = {"login": "fay@example.org", "password": "open sesame", "text": "A park."}
    page = client.post("/accounts/login/", sent).content.decode()
    assert "A park." not in page
    assert "sesame" not in page


def test_a_form_that_is_none_is_no_failure_where_there_is_no_page(db: None) -> None:
    client = Client(raise_request_exception=False)
    assert b"A note.</textarea>" in client.post("/desk/a/b/c/", {"note": "A note."}).content
    for body, kind in (
        (b"--x\r\nbroken", "multipart/form-data"),  # no boundary
        (b"a=" + b"x" * 4_000_000, "application/x-www-form-urlencoded"),
        (b"a=b&" * 3_000, "application/x-www-form-urlencoded"),
    ):
        assert client.post("/desk/a/b/c/", body, content_type=kind).status_code == 404
