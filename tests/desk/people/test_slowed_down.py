"""Whoever fails to sign in is slowed down, and cannot lock a member of staff out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client

from middleground.people.models import User
from middleground.people.sign_in import adapter, budgets
from middleground.people.sign_in.budgets import (
    ACCOUNT_IN_NETWORK,
    NETWORK,
    Budgets,
    Pace,
    know_device,
)
from support.cast import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"  # of nobody
HERE, THERE = "9.9.9.9", "8.8.8.8"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [1_000.0]
    monkeypatch.setattr(budgets.time, "monotonic", lambda: now[0])
    budgets.budgets.reset()
    cache.clear()
    yield now
    budgets.budgets.reset()


def sign_in(client: Client, password: str = PASSWORD, address: str = "127.0.0.1") -> Any:
    form = {"login": "staff@example.org", "password": password}
    return client.post("/accounts/login/", form, REMOTE_ADDR=address)


def fail(times: int, address: str = "127.0.0.1") -> list[bool]:
    """Wrong passwords from fresh browsers; whether each was slowed down."""
    answers = [sign_in(Client(), "wrong wrong wrong", address) for _ in range(times)]
    assert all(answer.status_code == 200 for answer in answers)
    return ["Too many wrong tries" in answer.content.decode() for answer in answers]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def add_app(member: User) -> None:
    TOTP.activate(member, SECRET)
    assert get_adapter().is_mfa_enabled(member)


def code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def test_ten_failures_a_minute_lock_nobody_with_a_second_factor_out() -> None:
    add_app(make_staff())
    assert fail(15) == [False] * 5 + [True] * 10
    client = Client()
    assert sign_in(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code()}).status_code == 302
    assert is_in(client)


def test_control_without_the_exception_the_right_password_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_app(make_staff())
    monkeypatch.setattr(adapter, "is_mfa_enabled", lambda _user: False)
    fail(15)
    assert "Too many wrong tries" in sign_in(Client()).content.decode()


def test_a_known_browser_has_a_budget_of_its_own() -> None:
    make_staff()
    known = Client()
    assert sign_in(known).status_code == 302
    known.post("/accounts/logout/")
    assert not is_in(known)
    fail(15)
    stranger = Client()
    assert "Too many wrong tries" in sign_in(stranger).content.decode()
    assert sign_in(known).status_code == 302
    assert is_in(known)


def test_a_forged_or_anothers_cookie_is_no_known_browser() -> None:
    make_staff()
    other = User.objects.create_user("other@example.org", PASSWORD)
    answer = HttpResponse()
    know_device(HttpRequest(), answer, other.pk)
    for value in ("abc.def", "abc", ".", answer.cookies[budgets.DEVICE_COOKIE].value):
        fail(6)
        stranger = Client()
        stranger.cookies[budgets.DEVICE_COOKIE] = value
        assert "Too many wrong tries" in sign_in(stranger).content.decode()


def test_another_network_is_not_slowed_down(clock: list[float]) -> None:
    make_staff()
    assert fail(6, HERE)[-1]
    client = Client()
    assert sign_in(client, address=THERE).status_code == 302
    assert is_in(client)


def test_it_goes_on_after_seconds_and_not_after_minutes(clock: list[float]) -> None:
    make_staff()
    fail(6)
    clock[0] += ACCOUNT_IN_NETWORK.seconds
    client = Client()
    assert sign_in(client).status_code == 302


def test_a_network_is_slowed_down_over_all_accounts() -> None:
    paces = {"network 090909": NETWORK}
    each = Budgets()
    assert [each.pay(paces) for _ in range(NETWORK.at_once)] == [0] * 10
    assert each.pay(paces) == NETWORK.seconds
    each.give_back(paces)
    assert each.pay(paces) == 0


def test_many_keys_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "MOST_BUDGETS", 3)
    each = Budgets()
    for key in "abcd":
        assert each.pay({key: Pace(1, 60)}) == 0
    assert each.pay({"a": Pace(1, 60)}) == 0  # dropped, so free again
    assert each.pay({"d": Pace(1, 60)}) == 60


def test_passkeys_are_not_slowed_down_by_failures() -> None:
    make_staff()
    answers = [Client().post("/accounts/2fa/webauthn/login/", {}) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {302}
    assert Authenticator.objects.count() == 0
