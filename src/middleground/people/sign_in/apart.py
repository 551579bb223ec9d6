"""What is slow in signing in has threads of its own.

Passwords are checked in one, since that is slow by intention: each takes a good part of a second of
a processor. In the threads of pages, four at once would stop all pages: and of a member with a
second factor anybody may try a password at any pace. The sign-in services of bodies are asked in
others, since they may hang.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import parse_cookie
from django.urls import reverse

from middleground.core.bodies.refused import TOO_MANY_SIGN_INS, send_page
from middleground.core.languages.reader import without_language
from middleground.people.sign_in.budgets import DEVICE_COOKIE, is_from_here

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AT_SERVICES = "/accounts/openid/"
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_WAITING = 40  # passwords; the last of them waits for some ten seconds
MOST_AT_SERVICES = 20  # browsers that go to a sign-in service or come back
SERVICES_AT_ONCE = 3  # threads that ask sign-in services


class SignInsApart:
    """Gives passwords to ``sign_ins``, what asks a service to ``services``, all else to ``pages``.

    So are those of a browser in which a member signed in before: nobody else can stand in its way.
    """

    def __init__(self, pages: App, sign_ins: App, services: App | None = None) -> None:
        self._pages = pages
        self._passwords = _Line(sign_ins, MOST_WAITING)
        self._services = _Line(services, MOST_AT_SERVICES) if services else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._services and without_language(scope["path"]).startswith(AT_SERVICES):
            await self._services.serve(scope, receive, send)
        elif not _is_password(scope) or _is_known(scope):
            await self._pages(scope, receive, send)
        else:
            await self._passwords.serve(scope, receive, send)


class _Line:
    """The requests that wait for the threads of ``app``, up to a number."""

    def __init__(self, app: App, most: int) -> None:
        self._app = app
        self._most = most
        self._waiting = 0

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= self._most:
            await send_page(send, dict(scope["headers"]), TOO_MANY_SIGN_INS)
            return
        self._waiting += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._waiting -= 1


def _is_password(scope: Scope) -> bool:
    path = without_language(scope["path"])
    return bool(scope["method"] == "POST" and path == reverse("account_login"))


def _is_known(scope: Scope) -> bool:
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return is_from_here(parse_cookie(cookie).get(DEVICE_COOKIE, ""))
