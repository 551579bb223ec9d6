"""A form that was sent after the session ended, kept until its author has signed in again.

Only a browser in which a member signed in before can have one kept, for an hour, in a session that
nobody is signed in to; so a stranger can store nothing. Only the same member is shown it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from middleground.core.page.errors.given_back import GivenBack, given_back
from middleground.people.sign_in.budgets import DEVICE_COOKIE, is_device_of, is_from_here
from middleground.people.sign_in.sessions import SIGNED_OUT_SECONDS

KEPT = "kept_form"
LONGEST = 200_000  # characters


def keep_form(request: HttpRequest) -> bool:
    """Keep what was sent, if it may be; return whether it is kept."""
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    form = given_back(request)
    if form is None or form.has_files or not is_from_here(device):
        return False
    if not form.texts and not form.choices:  # nobody could say what would be sent
        return False
    if sum(len(value) for _name, value in form.texts + form.others) > LONGEST:
        return False
    until = timezone.now().timestamp() + SIGNED_OUT_SECONDS
    request.session[KEPT] = {"device": device, "until": until, "form": form.as_json()}
    return True


def kept_form(request: HttpRequest) -> GivenBack | None:
    """The form that is kept for the member who is signed in, if there is one."""
    kept = request.session.get(KEPT)
    if not kept or kept["until"] < timezone.now().timestamp():
        return None
    if request.user.pk is None or not is_device_of(kept["device"], request.user.pk):
        return None
    return GivenBack.from_json(kept["form"])


def forget_sent_forms(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Forget the kept form once it was sent, or when its time is over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if session.accessed and KEPT in session:
            kept = session[KEPT]
            is_sent = request.method == "POST" and request.user.is_authenticated
            is_sent = is_sent and request.get_full_path() == kept["form"]["address"]
            is_over = kept["until"] < timezone.now().timestamp()
            if (is_sent and response.status_code < 400) or is_over:
                with suppress(KeyError):
                    del session[KEPT]
        return response

    return middleware
