"""Staff accounts: permissions to change them, and the guarantee that one facilitator remains."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client

from middleground.people import actions
from middleground.people.models import User
from support.cast import PASSWORD, make_staff
from support.refused import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator() -> User:
    return make_staff()


@pytest.fixture
def desk(client: Client, facilitator: User) -> Client:
    client.force_login(facilitator)
    return client


def test_a_member_is_added_and_signs_in_with_the_password_shown(desk: Client) -> None:
    fields = {"email": "New@Example.org", "name": "Noor", "role": "moderator"}
    response = desk.post("/desk/staff/add/", fields)
    password = re.search(r'class="handover">([a-z-]+)<', response.content.decode())[1]
    assert len(password.split("-")) == 6
    assert "no-store" in response["Cache-Control"]
    member = User.objects.get(email="new@example.org")
    assert (member.name, member.role, member.password_is_initial) == ("Noor", "moderator", True)
    assert member.check_password(password)
    other = Client()
    assert (
        other.post(
            "/accounts/login/", {"login": "new@example.org", "password": password}
        ).status_code
        == 302
    )
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["added as moderator"]


def test_the_same_address_twice_is_refused_and_nothing_typed_is_lost(desk: Client) -> None:
    fields = {"email": "STAFF@example.org", "name": "Typed name", "role": "moderator"}
    response = desk.post("/desk/staff/add/", fields)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Somebody with this address is already on the list." in page
    assert 'value="Typed name"' in page
    assert User.objects.count() == 1


def test_hostile_names_are_shown_as_text(desk: Client) -> None:
    User.objects.create_user("x@example.org", PASSWORD, name="<script>alert(1)</script>")
    page = desk.get("/desk/staff/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_the_last_facilitator_cannot_be_removed(desk: Client, facilitator: User) -> None:
    for verb, fields in (("deactivate", {}), ("role", {"role": "moderator"})):
        desk.post(f"/desk/staff/{facilitator.pk}/{verb}/", fields)
        facilitator.refresh_from_db()
        assert (facilitator.is_active, facilitator.role) == (True, "facilitator")
    # Control: with a second facilitator it is allowed.
    second = make_staff(email="second@example.org")
    desk.post(f"/desk/staff/{facilitator.pk}/role/", {"role": "moderator"})
    facilitator.refresh_from_db()
    assert facilitator.role == "moderator"
    with refused(actions.StaffRefused, "last_facilitator"):
        actions.deactivate(second, second)


def test_an_inactive_facilitator_does_not_count_as_remaining(facilitator: User) -> None:
    other = make_staff(email="second@example.org")
    actions.deactivate(facilitator, other)
    with refused(actions.StaffRefused, "last_facilitator"):
        actions.deactivate(facilitator, facilitator)


def test_deactivation_ends_the_session_at_once(desk: Client) -> None:
    member = make_staff("moderator", "mod@example.org")
    theirs = Client()
    theirs.force_login(member)
    assert theirs.get("/accounts/2fa/").status_code == 200
    desk.post(f"/desk/staff/{member.pk}/deactivate/")
    assert theirs.get("/accounts/2fa/").status_code == 302
    desk.post(f"/desk/staff/{member.pk}/reactivate/")
    member.refresh_from_db()
    assert member.is_active


def test_a_password_reset_ends_sessions_and_shows_the_new_one_once(desk: Client) -> None:
    member = make_staff("moderator", "mod@example.org")
    theirs = Client()
    theirs.force_login(member)
    response = desk.post(f"/desk/staff/{member.pk}/password/")
    password = re.search(r'class="handover">([a-z-]+)<', response.content.decode())[1]
    member.refresh_from_db()
    assert member.check_password(password)
    assert not member.check_password(PASSWORD)
    assert theirs.get("/accounts/2fa/").status_code == 302


def test_the_second_factor_is_removed(desk: Client) -> None:
    member = make_staff("moderator", "mod@example.org")
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    assert "TOTP" in desk.get(f"/desk/staff/{member.pk}/").content.decode()
    desk.post(f"/desk/staff/{member.pk}/second-factor/")
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("verb", ["password", "second-factor", "deactivate", "role"])
def test_a_facilitator_cannot_change_an_administrator(desk: Client, verb: str) -> None:
    """Otherwise a facilitator could take over an administrator's account."""
    above = User.objects.create_superuser("root@example.org", PASSWORD)
    response = desk.post(f"/desk/staff/{above.pk}/{verb}/", {"role": "moderator"}, follow=True)
    assert "Only another administrator can change this account." in response.content.decode()
    above.refresh_from_db()
    assert above.check_password(PASSWORD)
    assert (above.is_active, above.role) == (True, "facilitator")
    other = User.objects.create_superuser("root2@example.org", PASSWORD)
    assert actions.reset_password(other, above)


def test_an_unknown_role_changes_nothing(desk: Client) -> None:
    member = make_staff("moderator", "mod@example.org")
    desk.post(f"/desk/staff/{member.pk}/role/", {"role": "emperor"})
    member.refresh_from_db()
    assert member.role == "moderator"


def test_changes_require_post_and_a_csrf_token(facilitator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(facilitator)
    assert client.get(f"/desk/staff/{facilitator.pk}/password/").status_code == 405
    assert client.post(f"/desk/staff/{facilitator.pk}/password/").status_code == 403
    assert client.post("/desk/staff/add/", {"email": "x@example.org"}).status_code == 403


def test_the_list_takes_three_queries(desk: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):
        desk.get("/desk/staff/")
    make_staff(email="b@example.org")
    make_staff(email="c@example.org")
    with django_assert_num_queries(3):
        desk.get("/desk/staff/")
