"""The participant's cookie."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory

from middleground.dialogues.identity.cookie import COOKIE, forget_token, keep_token, token_of
from middleground.dialogues.identity.tokens import NOT_REMEMBERED, write_token

TOKEN = bytes(range(16))


def request_with(value: str | None) -> bytes | None:
    factory = RequestFactory()
    if value is not None:
        factory.cookies[COOKIE] = value
    return token_of(factory.get("/"))


def test_a_written_token_is_read_from_the_cookie() -> None:
    assert request_with(write_token(TOKEN)) == TOKEN


def test_a_missing_or_damaged_cookie_is_no_token() -> None:
    good = write_token(TOKEN)
    for value in (None, "", "x", good[:-1], good + "A", good[:-1] + "é", good[:-1] + "x", "=" * 22):
        assert request_with(value) is None


def test_scripts_and_other_sites_cannot_read_the_cookie() -> None:
    response = HttpResponse()
    keep_token(RequestFactory().get("/"), response, TOKEN)
    morsel = response.cookies[COOKIE]
    kept = {name: value for name, value in morsel.items() if value and name != "expires"}
    assert kept == {
        "path": "/", "max-age": 34_560_000, "secure": True, "httponly": True, "samesite": "Lax",
    }  # fmt: skip
    assert morsel.value == write_token(TOKEN)


def test_forgetting_deletes_the_same_cookie() -> None:
    response = HttpResponse()
    forget_token(response)
    morsel = response.cookies[COOKIE]
    kept = (morsel.value, morsel["max-age"], morsel["path"], morsel["secure"], morsel["domain"])
    assert kept == ("", 0, "/", True, "")


def test_forgetting_deletes_the_csrf_cookie_too(
    settings: Any,
) -> None:
    for name, secure in (("csrf", False), ("__Host-csrf", True)):
        settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE = name, secure
        response = HttpResponse()
        forget_token(response)
        assert set(response.cookies) == {COOKIE, name}
        morsel = response.cookies[name]
        kept = (morsel.value, morsel["max-age"], morsel["path"], bool(morsel["secure"]))
        assert (*kept, morsel["samesite"]) == ("", 0, "/", secure, "Lax")


def test_the_choice_not_to_be_remembered_stands_in_the_cookie() -> None:
    once = write_token(TOKEN) + NOT_REMEMBERED
    assert request_with(once) == TOKEN
    for damaged in (NOT_REMEMBERED, once + NOT_REMEMBERED, once + "x", once[1:], once.upper()):
        assert request_with(damaged) is None


def test_a_session_cookie_stays_one_when_it_is_set_anew() -> None:
    factory = RequestFactory()
    factory.cookies[COOKIE] = write_token(TOKEN) + NOT_REMEMBERED
    request, response = factory.get("/"), HttpResponse()
    keep_token(request, response, TOKEN)
    morsel = response.cookies[COOKIE]
    assert (morsel.value, morsel["max-age"], morsel["expires"]) == (
        write_token(TOKEN) + NOT_REMEMBERED, "", "",
    )  # fmt: skip
    keep_token(request, response, TOKEN, remembered=True)
    morsel = response.cookies[COOKIE]
    assert (morsel.value, morsel["max-age"]) == (write_token(TOKEN), 34_560_000)
