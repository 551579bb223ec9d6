"""What allauth would keep of a request and a browser of a page, and we don't let them."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def forget_suspended_request(request: HttpRequest) -> None:
    """Drop the request that allauth stores while it asks for the password again.

    It would put every header of it, with address and user agent, and what was typed, into the
    session's row. Without it the member comes back to the form instead of past it.
    """
    session = getattr(request, "session", None)
    if session is None or not session.accessed:
        return
    if "request" in (session.get(STATE_SESSION_KEY) or {}):
        del session[STATE_SESSION_KEY]


def keep_no_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        forget_suspended_request(request)
        return response

    return middleware


def keep_desk_out_of_caches(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No browser keeps what a member of staff saw, such as the text of a rejected statement.

    Whoever comes next to a shared computer could read it, signed out or not. A page for which
    nobody looked who is signed in is the same for all, and its session is not opened for this.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A redirect to sign-in, or an answer from before the session came, has none of it.
        looked = hasattr(request, "session") and request.session.accessed
        kept = not {"public", "no-store"} & set(response.get("Cache-Control", "").split(", "))
        if looked and kept and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return middleware
