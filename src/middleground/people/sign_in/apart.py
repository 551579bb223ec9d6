"""Passwords are checked in a thread of their own, since that is slow by intention.

Each takes a good part of a second of a processor. In the threads of pages, four at once would stop
all pages: and of a member with a second factor anybody may try a password at any pace.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import parse_cookie
from django.urls import reverse

from middleground.core.bodies.refused import TOO_MANY_SIGN_INS, send_page
from middleground.people.sign_in.budgets import DEVICE_COOKIE, is_from_here

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_WAITING = 40  # passwords; the last of them waits for some ten seconds


class SignInsApart:
    """Gives passwords to ``sign_ins``, and everything else to ``pages``.

    So are those of a browser in which a member signed in before: nobody else can stand in its way.
    """

    def __init__(self, pages: App, sign_ins: App) -> None:
        self._pages = pages
        self._sign_ins = sign_ins
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_password(scope) or _is_known(scope):
            await self._pages(scope, receive, send)
        elif self._waiting >= MOST_WAITING:
            await send_page(send, dict(scope["headers"]), TOO_MANY_SIGN_INS)
        else:
            self._waiting += 1
            try:
                await self._sign_ins(scope, receive, send)
            finally:
                self._waiting -= 1


def _is_password(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == reverse("account_login"))


def _is_known(scope: Scope) -> bool:
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return is_from_here(parse_cookie(cookie).get(DEVICE_COOKIE, ""))
