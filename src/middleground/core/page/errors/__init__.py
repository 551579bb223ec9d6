"""Error pages: they say what happened, that nothing was lost, and where to go."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from middleground.core import rate_limits
from middleground.core.page.errors.given_back import (
    AGAIN,
    GivenBack,
    came_from_here,
    given_back,
    own_refusal,
    page_above,
)
from middleground.core.page.errors.site_address import is_asked_by_other_address


def error_page(
    request: HttpRequest,
    status: int,
    title: str,
    advice: str,
    *,
    again: bool = False,
    **context: Any,
) -> HttpResponse:
    """A page that says what happened. What was sent in a form is given back on it.

    ``again``: the form may be taken another time, so it is given back with a button that sends it.
    """
    # Where there is no such page, the form was not read yet, and may be too long.
    with suppress(RequestDataTooBig):
        form = given_back(request)
        if form is not None:
            context.setdefault("kept_text", form.text)
            if again and not form.has_files and came_from_here(request):
                context.setdefault("given", form)
    page = {"title": title, "advice": advice, "status": status, **context}
    # The session is not asked where the failure may be that of the database.
    page["at_desk"] = (
        request.path_info.startswith("/desk/") and status < 500 and _is_signed_in(request)
    )
    response = render(request, "error.html", page, status=status)
    if request.method == "POST":
        add_never_cache_headers(response)
    return response


def _is_signed_in(request: HttpRequest) -> bool:
    # A request that was refused before its session was looked up has no user.
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


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
    page = error_page(request, 429, title, advice, again=True, **context)
    page["Retry-After"] = str(wait)
    return page


def too_often(wait: int) -> tuple[str, str]:
    """Return title and advice for a visitor who must wait ``wait`` seconds."""
    minutes = -(-wait // 60)
    advice = ngettext(
        "Nothing that was saved is lost. Please try again in %(minutes)d minute.",
        "Nothing that was saved is lost. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
    return _("That was a little too fast"), advice


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _too_big(request)
    if isinstance(exception, DisallowedHost) and is_asked_by_other_address(request):
        return _other_address(request, 400)
    return error_page(
        request,
        400,
        _("We could not understand this request"),
        _("Go back, reload the page and try again."),
        kept_text="",
    )


def _too_big(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        413,
        _("This is too long"),
        _("This page cannot give it back. If you have a copy, shorten it and send it again."),
        kept_text="",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_page(
        request,
        403,
        _("You may not do this"),
        _("Sign in with an account that is allowed to, or ask whoever gave you yours."),
    )


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """For a form without the mark that shows that it came from a page of ours."""
    try:
        form = given_back(request)
    except RequestDataTooBig:  # the form was not parsed yet and is too long
        return _too_big(request)
    if is_asked_by_other_address(request):
        return _other_address(request, 403)
    if came_from_here(request):
        return own_refusal(request) or _send_again(request, form)
    advice = _(
        "Your browser did not show that this form came from here, so nothing was "
        "saved. Cookies must be allowed."
    )
    again = (
        _("Copy what you wrote from below. Open the page again and send it.")
        if form is not None and form.text
        else _("Open the page again and fill in the form.")
    )
    title = _("This form did not come from our page")
    return error_page(request, 403, title, f"{advice} {again}")


def _other_address(request: HttpRequest, status: int) -> HttpResponse:
    return error_page(
        request,
        status,
        _("This site is not set up for the address you used"),
        _(
            "You did nothing wrong. Whoever runs this site must mend its settings. The "
            "server’s log says which one."
        ),
        more=_("Nothing was stored.") if request.method == "POST" else "",
    )


def _send_again(request: HttpRequest, form: GivenBack | None) -> HttpResponse:
    """The form came from here, but its mark is gone or out of date."""
    if AGAIN in request.POST and settings.CSRF_COOKIE_NAME not in request.COOKIES:
        title = _("Your browser does not keep our cookies")
        advice = _(
            "Nothing was saved. Our forms need one cookie, which leads to nothing. Allow "
            "cookies for this site and send it again."
        )
    else:
        title = _("Please send it once more")
        advice = _(
            "Nothing was saved yet, and nothing is lost. The page was open for a long time, or "
            "you signed in or out meanwhile."
        )
    more = _("Files must be chosen anew.") if form is not None and form.has_files else ""
    return error_page(request, 403, title, advice, again=True, more=more)


def signed_out(request: HttpRequest, sign_in: str, *, is_kept: bool) -> HttpResponse:
    """For staff and officials whose session ended while they wrote: nothing of it is lost.

    ``is_kept``: after signing in at ``sign_in`` they find it in a form.
    """
    form = given_back(request)
    if form is not None and not form.texts:
        return _undecided(request, form, sign_in, is_kept=is_kept)
    if is_kept:
        return error_page(
            request,
            403,
            _("You are signed out"),
            _(
                "Your session ended while you wrote, so nothing was saved yet. "
                "We keep what you wrote for an hour. Sign in, and send it with "
                "one click."
            ),
            back=sign_in,
            back_label=_("Sign in and go on"),
        )
    advice = _("Your session ended while you wrote, so nothing was saved yet.")
    how = (
        _("Sign in, in a new tab. Then come back here and send it again.")
        if came_from_here(request)
        else _("Copy what you wrote from below, sign in, and send it again.")
    )
    return error_page(
        request,
        403,
        _("You are signed out"),
        f"{advice} {how}",
        again=True,
        back=sign_in,
        back_label=_("Sign in, in a new tab"),
        back_apart=True,
        tell_choices=True,
    )


def _undecided(
    request: HttpRequest, form: GivenBack, sign_in: str, *, is_kept: bool
) -> HttpResponse:
    """What was sent holds no text: it was ticked, chosen or counted, or is a button alone."""
    advice = _("Your session had ended, so your decision was not carried out.")
    is_given = bool(form.choices) and not is_kept and not form.has_files
    if is_kept:
        how = _("We keep it for an hour. Sign in, look at it again, and send it with one click.")
    elif is_given:
        how = _("Sign in, in a new tab. Then come back here and send it again.")
    else:
        how = _("Sign in and look again.")
    return error_page(
        request,
        403,
        _("You are signed out"),
        f"{advice} {how}",
        again=is_given,
        more=_("Files must be chosen anew.") if form.has_files else "",
        back=sign_in,
        back_label=_("Sign in, in a new tab") if is_given else _("Sign in and go on"),
        back_apart=is_given,
        tell_choices=True,
    )


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """For whoever comes to an address that only takes forms, such as by a link or after sign-in."""
    if request.method == "POST":
        title = _("Nothing can be sent to this address")
        advice = _("Nothing was saved. Go back to the page and look for its form.")
    else:
        title = _("There is nothing to see at this address")
        advice = _("Nothing was sent, and nothing is lost. Go back to the page with the form.")
    page = error_page(
        request, 405, title, advice, back=page_above(request.path_info), back_label=_("Go back")
    )
    page["Allow"] = allowed
    return page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_page(
        request,
        404,
        _("There is no such page"),
        _("The address may have a typing error, or the page is not public yet."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing you did earlier is lost. Please try again in a moment."),
        again=True,
    )
