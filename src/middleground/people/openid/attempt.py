"""A sign-in that was begun: what the browser keeps until the service sends it back.

It is a signed cookie and not a session, so that nothing is stored for somebody who is not known.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

ATTEMPT_COOKIE = "__Host-signing-in" if settings.HTTPS else "signing-in"
ATTEMPT_SECONDS = 600
_SALT = "middleground.signing-in"


@dataclass(frozen=True, slots=True)
class Attempt:
    """``state`` comes back in the address, ``nonce`` in the token; ``verifier`` earns the token."""

    service: str
    state: str
    nonce: str
    verifier: str
    next_url: str

    @classmethod
    def new(cls, service: str, verifier: str, next_url: str) -> Self:
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        return cls(service, state, nonce, verifier, next_url)

    @classmethod
    def of(cls, request: HttpRequest, service: str) -> Self | None:
        """The attempt of this browser at this service to which the request is the answer."""
        cookie = request.COOKIES.get(ATTEMPT_COOKIE, "")
        try:
            found = cls(**signing.loads(cookie, salt=_SALT, max_age=ATTEMPT_SECONDS))
        except (signing.BadSignature, TypeError):
            return None
        same = secrets.compare_digest(found.state.encode(), request.GET.get("state", "").encode())
        return found if same and found.service == service else None

    def keep(self, response: HttpResponse) -> None:
        response.set_cookie(
            ATTEMPT_COOKIE,
            signing.dumps(asdict(self), salt=_SALT),
            max_age=ATTEMPT_SECONDS,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",  # it must come along when the service sends the browser back
        )


def forget_attempt(response: HttpResponse) -> None:
    """An attempt is good for one answer."""
    response.set_cookie(
        ATTEMPT_COOKIE, "", max_age=0, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
