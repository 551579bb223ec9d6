"""Large bodies are taken from accounts' sessions only, not from cookies of that name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from middleground.core.bodies.signed_in import is_signed_in
from middleground.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def cookie(key: str | None) -> bytes:
    return f"a=b; {settings.SESSION_COOKIE_NAME}={key}".encode()


def test_only_a_session_of_an_account_counts() -> None:
    client = Client()
    empty = client.session
    empty["anything"] = 1
    empty.save()
    assert not is_signed_in(cookie(empty.session_key))
    client.force_login(User.objects.create_user("ann@example.org", "a long password"))
    key = client.session.session_key
    assert is_signed_in(cookie(key))
    assert not is_signed_in(cookie("invented"))
    assert not is_signed_in(b"")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(cookie(key))
