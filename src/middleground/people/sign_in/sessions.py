"""Sessions of staff: they end some hours after the last use, and days after sign-in at the latest.

The times are in the session. It is written at most every few minutes, so that a page that only
reads does not write.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

BEGAN, USED = "began", "used"
WRITTEN_SECONDS = 600
LONGEST_SECONDS = 3 * 24 * 3600  # from sign-in, however much the session is used
SIGNED_OUT_SECONDS = 3600  # of a session that only keeps a form of somebody who is signed out


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with an end that depends on when they began."""

    def get_session_cookie_age(self) -> int:
        if SESSION_KEY not in self:
            return SIGNED_OUT_SECONDS
        left = LONGEST_SECONDS - (_now() - int(self.get(BEGAN) or _now()))
        return max(0, min(settings.SESSION_COOKIE_AGE, left))


def _now() -> int:
    return int(timezone.now().timestamp())


def note_sign_in(session: SessionBase) -> None:
    session[BEGAN] = session[USED] = _now()


def _begin(request: HttpRequest, **_: object) -> None:
    note_sign_in(request.session)


user_logged_in.connect(_begin, dispatch_uid="middleground.people.sign_in.sessions")


def prolong_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a session that is used last longer. One that a view did not look at is left alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            session.setdefault(BEGAN, _now())  # it began before times were noted
            if _now() - int(session.get(USED) or 0) > WRITTEN_SECONDS:
                session[USED] = _now()
        return response

    return middleware
