"""Error pages: they say what happened, that nothing was lost, and where to go."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from middleground.core import rate_limits

DESK = "/desk/"
_NOT_WRITTEN = {"csrfmiddlewaretoken", "do", "revision"}
_WORDS = ("text", "why", "address", "title", "authors", "publisher", "shows")


def error_page(
    request: HttpRequest, status: int, title: str, advice: str, **context: object
) -> HttpResponse:
    """A form of the desk that comes to nothing is given back, such as that of a post that ended."""
    if request.method == "POST" and request.path.startswith(DESK):
        # Where there is no such page, the form was not read yet, and may be none.
        with suppress(SuspiciousOperation, MultiPartParserError, OSError):
            context.setdefault("kept_text", written(request))
    page = {"title": title, "advice": advice, "status": status, **context}
    return render(request, "error.html", page, status=status)


def asked_too_often(
    request: HttpRequest, what: str, token: bytes | None, **context: object
) -> HttpResponse | None:
    """Return the page for a visitor who sends too many requests; None within the limits."""
    names = {name.lower(): value for name, value in request.headers.items()}
    address = rate_limits.address_in(names, request.META.get("REMOTE_ADDR"))
    wait = rate_limits.seconds_to_wait(what, token, address)
    if not wait:
        return None
    title, advice = too_often(wait)
    page = error_page(request, 429, title, advice, **context)
    page["Retry-After"] = str(wait)
    return page


def too_often(wait: int) -> tuple[str, str]:
    """Return title and advice for a visitor who must wait ``wait`` seconds."""
    minutes = -(-wait // 60)
    advice = ngettext(
        "So many requests came at once that we ask for a pause. Nothing that was stored is lost."
        " Please try again in %(minutes)d minute.",
        "So many requests came at once that we ask for a pause. Nothing that was stored is lost."
        " Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
    return _("That was a little too fast"), advice


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _too_big(request)
    return error_page(
        request,
        400,
        _("This request could not be understood"),
        _("Go back, reload the page and try again."),
        kept_text="",
    )


def _too_big(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        413,
        _("This is more than we can take"),
        _(
            "It is so long that nothing of it was read, and this page cannot give it back. If you"
            " have it elsewhere, shorten it and send it again."
        ),
        kept_text="",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_page(
        request,
        403,
        _("You may not do this"),
        _("Sign in with an account that may, or ask the person who gave you yours."),
    )


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    try:
        kept_text = written(request) if request.path.startswith(DESK) else _words(request)
    except RequestDataTooBig:  # the form was not parsed yet and is too long
        return _too_big(request)
    advice = _(
        "Your browser did not show that the form came from here, so nothing was stored. Cookies"
        " must be allowed."
    )
    again = (
        _("Copy what you wrote from below, open the page anew and send it again.")
        if kept_text
        else _("Open the page anew and fill it in again.")
    )
    title = _("This form was not sent from our page")
    return error_page(request, 403, title, f"{advice} {again}", kept_text=kept_text)


def signed_out(request: HttpRequest, sign_in: str) -> HttpResponse:
    """For staff and officials whose session ended while they wrote: nothing of it is lost."""
    page = error_page(
        request,
        403,
        _("You are signed out"),
        _(
            "Your session ended while you wrote, so nothing was stored. Copy what you wrote from"
            " below, sign in, and send it again."
        ),
        back=sign_in,
        back_label=_("Sign in, in a new tab"),
        back_apart=True,
    )
    add_never_cache_headers(page)
    return page


def _words(request: HttpRequest) -> str:
    """What a participant wrote in a form: a text, why they said so, or a source."""
    return "\n\n".join(filter(None, (request.POST.get(name, "") for name in _WORDS)))


def written(request: HttpRequest) -> str:
    """All that somebody typed or chose in a form of the desk, where no passwords are typed."""
    values = [
        value.strip()
        for name, sent in request.POST.lists()
        if name not in _NOT_WRITTEN
        for value in sent
    ]
    return "\n\n".join(value for value in values if value and not value.isdecimal())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or the page is not public yet."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing that you did earlier is lost. Please try again in a moment."),
    )
