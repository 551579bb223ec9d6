"""The participant's cookie: reading, setting and deleting it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from middleground.core.changes import note_cookie
from middleground.dialogues.identity import tokens

COOKIE = "__Host-participant"
COOKIE_SECONDS = 60 * 60 * 24 * 400  # the maximum that browsers allow


def token_of(request: HttpRequest) -> bytes | None:
    """The participant's token, or None if the cookie is missing or damaged."""
    note_cookie(COOKIE)
    return tokens.read_token(request.COOKIES.get(COOKIE))


def keep_token(response: HttpResponse, token: bytes) -> None:
    """Set the cookie. Scripts cannot read it, and other sites cannot make browsers POST it."""
    response.set_cookie(
        COOKIE,
        tokens.write_token(token),
        max_age=COOKIE_SECONDS,
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
