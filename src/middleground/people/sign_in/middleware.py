"""Middleware that keeps requests out of allauth's sessions and staff pages out of caches."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def forget_suspended_request(request: HttpRequest) -> None:
    """Drop the request that allauth stores in the session while it asks for the password again.

    It contains all headers, with IP address and user agent, and the submitted form. Without it the
    member returns to the form and has to submit it again.
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
    """Forbid caching of pages for signed-in staff, which may show e.g. rejected statements.

    Otherwise the next user of a shared computer could read them, even after sign-out. A page whose
    view did not access the session is the same for everyone, so the session is not loaded here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A response from before the session middleware has no session.
        looked = hasattr(request, "session") and request.session.accessed
        kept = not {"public", "no-store"} & set(response.get("Cache-Control", "").split(", "))
        if looked and kept and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return middleware
