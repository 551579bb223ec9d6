"""The participant's cookie: reading, setting and deleting it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from middleground.core.changes import note_cookie
from middleground.dialogues.identity import tokens

COOKIE = "__Host-participant"
CHOICE = "not-remembered"  # in an address
COOKIE_SECONDS = 60 * 60 * 24 * 400  # the maximum that browsers allow


def token_of(request: HttpRequest) -> bytes | None:
    """The participant's token, or None if the cookie is missing or damaged."""
    note_cookie(COOKIE)
    return tokens.read_token(request.COOKIES.get(COOKIE))


def is_remembered(request: HttpRequest) -> bool:
    """Whether the browser keeps the cookie after it is closed. So it does unless it is told not to.

    The choice stands in the cookie itself, so that whoever sets it anew can keep to it.
    """
    note_cookie(COOKIE)
    return not request.COOKIES.get(COOKIE, "").endswith(tokens.NOT_REMEMBERED)


def first_choice(request: HttpRequest) -> bool | None:
    """What a newcomer chose on the way to the page that sets the cookie; None: as before.

    A link cannot take back what a browser remembers: it is heard only where nothing is kept yet.
    """
    return False if token_of(request) is None and CHOICE in request.GET else None


def with_choice(address: str) -> str:
    """The address with the choice not to be remembered."""
    return f"{address}{'&' if '?' in address else '?'}{CHOICE}"


def keep_token(
    request: HttpRequest, response: HttpResponse, token: bytes, *, remembered: bool | None = None
) -> None:
    """Set the cookie. Scripts cannot read it, and other sites cannot make browsers POST it.

    ``remembered``: whether it outlives the browser's closing; None: as before.
    """
    remembered = is_remembered(request) if remembered is None else remembered
    response.set_cookie(
        COOKIE,
        tokens.write_token(token) + ("" if remembered else tokens.NOT_REMEMBERED),
        max_age=COOKIE_SECONDS if remembered else None,
        path="/",
        secure=True,  # required by the __Host- prefix, also on http://localhost
        httponly=True,
        samesite="Lax",
    )


def forget_token(response: HttpResponse) -> None:
    """Delete the participant's cookie and the CSRF cookie.

    Browsers accept changes of a __Host- cookie only if they are Secure, too.
    """
    response.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Lax")
    response.set_cookie(
        settings.CSRF_COOKIE_NAME,
        "",
        max_age=0,
        path=settings.CSRF_COOKIE_PATH,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=settings.CSRF_COOKIE_HTTPONLY,
        samesite=settings.CSRF_COOKIE_SAMESITE,
    )
