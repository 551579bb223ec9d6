"""Failed sign-ins are counted in memory only, and their IP addresses are not stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.test import Client

from middleground.people.models import User
from middleground.people.sign_in.budgets import budgets

ADDRESS = "198.51.100.77"


@pytest.mark.django_db
def test_the_address_of_a_failed_sign_in_is_in_no_table(facilitator: User, capsys: Any) -> None:
    budgets.reset()
    for _ in range(12):
        form = {"login": facilitator.email, "password": "wrong"}
        answer = Client().post("/accounts/login/", form, REMOTE_ADDR=ADDRESS)
    assert answer.status_code == 429 or "Too many" in answer.content.decode()
    call_command("dumpdata", verbosity=0)
    stored = capsys.readouterr().out
    assert facilitator.email in stored  # the control: stored data appears in the dump
    assert ADDRESS not in stored
    assert all(isinstance(caches[name], LocMemCache) for name in settings.CACHES)
