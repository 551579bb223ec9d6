"""Headers of all responses."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from middleground.core.page.errors import method_not_allowed

SELF_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'"
)


def page_headers() -> dict[str, str]:
    """Headers that Django's middleware does not set, or that routes in front of Django need."""
    return {
        **_https_only(),
        "Content-Security-Policy": f"{SELF_ONLY}; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    }


def _https_only() -> dict[str, str]:
    """The HSTS header, by Django's settings.

    Django's middleware sets it only if the request came by https, which only a proxy can know. The
    settings follow from the public address instead. Over http browsers ignore the header.
    """
    if not settings.SECURE_HSTS_SECONDS:
        return {}
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        parts.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        parts.append("preload")
    return {"Strict-Transport-Security": "; ".join(parts)}


def add_headers(response: HttpResponse) -> None:
    """Set the headers; a view that can be framed (the embed) sets ``may_be_framed``."""
    headers = page_headers()
    if getattr(response, "may_be_framed", False):
        headers["Content-Security-Policy"] = f"{SELF_ONLY}; frame-ancestors *"
        del headers["X-Frame-Options"]
    for name, value in headers.items():
        response.setdefault(name, value)


def show_refused_methods(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give a page to whoever comes to an address with a method that it does not take.

    Django's own answer is empty, so a browser shows a blank page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_bare = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        if is_bare and request.method in {"GET", "POST"}:
            return method_not_allowed(request, response.get("Allow", ""))
        return response

    return middleware


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        add_headers(response)
        return response

    return middleware
