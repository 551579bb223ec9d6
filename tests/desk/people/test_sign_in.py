"""Staff sign in, nobody can sign up, and no data about a sign-in's origin is stored."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from middleground.people.models import User
from middleground.people.sign_in.budgets import budgets
from support.cast import PASSWORD, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()
    budgets.reset()


def sign_in(client: Client, address: str = "/accounts/login/", **fields: str) -> object:
    values = {"login": "staff@example.org", "password": PASSWORD, **fields}
    return client.post(address, values, HTTP_USER_AGENT="Tell-tale/9")


def confirm(client: Client) -> None:
    """Enter the password again, as changes to the account require."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def marks(session: object) -> list[str]:
    """The request's traces in the session, which is stored."""
    return [mark for mark in ("Tell-tale", "127.0.0.1") if mark in repr(dict(session.items()))]


def test_outsiders_are_sent_to_sign_in_and_back(client: Client) -> None:
    make_staff()
    response = client.get("/desk/staff/")
    assert (response.status_code, response["Location"]) == (
        302, "/accounts/login/?next=/desk/staff/",
    )  # fmt: skip
    response = sign_in(client, next="/desk/staff/")
    assert (response.status_code, response["Location"]) == (302, "/desk/staff/")


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_sign_in_never_leads_elsewhere(client: Client, next_url: str) -> None:
    make_staff()
    response = sign_in(client, next=next_url)
    assert (response.status_code, response["Location"]) == (302, "/desk/")


def test_a_wrong_password_keeps_the_typed_address(client: Client) -> None:
    make_staff()
    response = sign_in(client, password="wrong wrong wrong")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="staff@example.org"' in page
    assert "wrong wrong" not in page


def test_a_right_password_after_five_wrong_ones_is_refused(client: Client) -> None:
    make_staff()
    for _ in range(5):
        sign_in(client, password="wrong wrong wrong")
    response = sign_in(client)  # the right password, too late
    assert response.status_code == 200
    assert not client.session.get("_auth_user_id")


def test_no_origin_of_a_sign_in_is_stored(client: Client) -> None:
    make_staff()
    sign_in(client, password="wrong wrong wrong")
    sign_in(client)
    assert client.session.get("_auth_user_id")
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(mark in repr(cursor.fetchall()) for mark in ("Tell-tale", "127.0.0.1")):
                found.append(table)
    assert found == []
    # The session is encoded in its row, so the search above cannot see into it.
    assert marks(client.session) == []
    assert client.session.keys() >= {"_auth_user_id", "account_authentication_methods"}


def test_a_request_interrupted_by_reauthentication_is_not_stored(
    client: Client, settings: object
) -> None:
    make_staff()
    sign_in(client)
    fields = {"name": "typed", "credential": "{}"}
    address = "/accounts/2fa/webauthn/add/"
    client.post(address, fields, HTTP_USER_AGENT="Tell-tale/9")
    assert marks(client.session) == []
    # After the password comes the empty form; the interrupted request is not run.
    response = client.post(f"/accounts/reauthenticate/?next={address}", {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, address)
    # Control: without our middleware the session holds both traces.
    other = Client()
    ours = "middleground.people.sign_in.middleware.keep_no_requests"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != ours]
    other.force_login(User.objects.get())
    other.post(address, fields, HTTP_USER_AGENT="Tell-tale/9")
    assert marks(other.session) == ["Tell-tale", "127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/login/", 200),
        ("/accounts/signup/", 403),
        ("/accounts/password/reset/", 200),
        ("/accounts/password/reset/done/", 200),
        ("/accounts/password/reset/key/1-abc/", 200),
        ("/accounts/inactive/", 200),
        ("/accounts/confirm-email/abc/", 200),
        ("/accounts/2fa/", 302),
        ("/accounts/2fa/totp/activate/", 302),
        ("/accounts/2fa/webauthn/add/", 302),
        ("/accounts/2fa/recovery-codes/", 302),
        ("/accounts/password/change/", 302),
        ("/admin/", 302),
    ],
)
def test_account_pages_give_outsiders_the_expected_status(
    client: Client, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


def test_a_posted_sign_up_makes_no_account(client: Client) -> None:
    fields = {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", fields).status_code == 403
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/2fa/", 200),
        ("/accounts/reauthenticate/", 200),
        ("/accounts/2fa/totp/activate/", 200),
        ("/accounts/2fa/webauthn/", 200),
        ("/accounts/2fa/webauthn/add/", 200),
        ("/accounts/password/change/", 200),
        ("/accounts/logout/", 200),
        ("/accounts/email/", 302),
        ("/accounts/", 302),
    ],
)
def test_account_pages_for_staff_have_our_layout(client: Client, address: str, status: int) -> None:
    make_staff()
    sign_in(client)
    confirm(client)
    response = client.get(address)
    assert response.status_code == status
    if status == 200:
        page = response.content.decode()
        assert 'class="brand"' in page
        assert 'href="/accounts/signup/"' not in page
        assert 'href="/accounts/email/"' not in page
        assert "style=" not in page


def test_the_admin_uses_the_same_sign_in(client: Client) -> None:
    """Django's own sign-in form would not ask for the second factor."""
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (
        302, "/accounts/login/?next=%2Fadmin%2F",
    )  # fmt: skip
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


def test_a_first_password_must_be_replaced_before_anything_else(client: Client) -> None:
    user = make_staff()
    User.objects.update(password_is_initial=True)
    client.force_login(user)
    response = client.get("/desk/staff/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/change/")
    new = "another long enough one"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = client.post("/accounts/password/change/", fields)
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.get("/desk/staff/").status_code == 200
    assert not User.objects.get().password_is_initial


def test_sign_in_from_another_site_is_refused() -> None:
    make_staff()
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    assert not client.session.get("_auth_user_id")
