"""The participant's cookie: read, kept and forgotten in this one place."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from middleground.dialogues.identity import tokens

COOKIE = "__Host-participant"
COOKIE_SECONDS = 60 * 60 * 24 * 400  # the longest that browsers keep a cookie


def token_of(request: HttpRequest) -> bytes | None:
    """The participant's token, or None where there is no cookie or a damaged one."""
    return tokens.read_token(request.COOKIES.get(COOKIE))


def keep_token(response: HttpResponse, token: bytes) -> None:
    """Let this browser carry the token. Scripts cannot read it; other sites cannot send it."""
    response.set_cookie(
        COOKIE,
        tokens.write_token(token),
        max_age=COOKIE_SECONDS,
        path="/",
        secure=True,  # the __Host- prefix asks for it, also on http://localhost
        httponly=True,
        samesite="Lax",
    )


def forget_token(response: HttpResponse) -> None:
    """Take the cookie back, and with it the one of the forms: nothing of ours stays.

    Browsers refuse to change a __Host- cookie that is not Secure.
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
