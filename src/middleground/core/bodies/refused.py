"""The pages for requests that are answered in front of Django, mostly before their body is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from middleground.core.languages.reader import reader_of
from middleground.core.page.context import installation
from middleground.core.page.middleware import page_headers

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TOO_BIG = "too big"
TOO_SLOW = "too slow"
TOO_MANY = "too many"
TOO_MANY_SIGN_INS = "too many sign-ins"
STATUSES = {TOO_BIG: 413, TOO_SLOW: 408, TOO_MANY: 503, TOO_MANY_SIGN_INS: 503}


async def send_page(send: Send, headers: dict[bytes, bytes], why: str) -> None:
    """Answer in the visitor's language, and close the connection, since a body is left in it."""
    with reader_of(headers).spoken():
        title, advice = _title_and_advice(why)
        page = {"title": title, "advice": advice, "status": STATUSES[why], **installation()}
        body = render_to_string("error.html", page).encode()
    fixed = {
        **page_headers(),
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    if STATUSES[why] == 503:
        fixed["Retry-After"] = "60"
    answer = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
    await send({"type": "http.response.start", "status": STATUSES[why], "headers": answer})
    await send({"type": "http.response.body", "body": body})


def _title_and_advice(why: str) -> tuple[str, str]:
    if why == TOO_BIG:
        return _("This is too long"), _(
            "This page cannot give it back. If you have a copy, shorten it and send it again."
        )
    if why == TOO_SLOW:
        return _("This took too long to arrive"), _(
            "Your connection was so slow that we stopped waiting. Nothing was "
            "saved. Go back and send it again, with a better connection if you "
            "can."
        )
    if why == TOO_MANY_SIGN_INS:
        return _("Too many people are signing in at once"), _(
            "We did not check your password. Go back and try again in a minute. "
            "You need not wait with a passkey, or in a browser where you signed "
            "in before."
        )
    return _("Too many people are sending at once"), _(
        "Nothing was saved. Go back and send it again in a minute."
    )
