"""The messages to staff after signing in or out and after account changes are our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.template.loader import get_template
from django.test import Client

import middleground
from support.cast import PASSWORD, make_staff

pytestmark = pytest.mark.django_db

# The messages that allauth can show: it sends no e-mail or text messages and takes no sign-ups.
REACHABLE = [
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/password_changed.txt",
    "mfa/messages/recovery_codes_generated.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/totp_deactivated.txt",
    "mfa/messages/webauthn_added.txt",
    "mfa/messages/webauthn_removed.txt",
]


def ours(name: str) -> bool:
    package = Path(middleground.__file__).parent
    return Path(get_template(name).template.origin.name).is_relative_to(package)


@pytest.mark.parametrize("name", REACHABLE)
def test_every_reachable_message_is_ours(name: str) -> None:
    assert ours(name)
    assert not ours("account/messages/email_confirmed.txt")  # the control: a template of allauth


def said(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_signing_in_and_out_is_confirmed_in_our_words(client: Client) -> None:
    cache.clear()
    make_staff()
    fields = {"login": "staff@example.org", "password": PASSWORD}
    assert said(client.post("/accounts/login/", fields)) == [
        "You are signed in as staff@example.org."
    ]
    desk = client.get("/desk/").content.decode()
    assert "You are signed in as staff@example.org." in desk
    assert said(client.post("/accounts/logout/")) == ["You are signed out."]


def test_a_changed_password_is_confirmed_in_our_words(client: Client) -> None:
    client.force_login(make_staff())
    new = "another long enough one"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert said(client.post("/accounts/password/change/", fields)) == ["Your password is changed."]
