"""The page for participants of a dialogue whose key is missing or another one.

With another key the server would take somebody for a newcomer who has voted before.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from middleground.core.page.errors import error_page
from middleground.dialogues.identity.keys import WrongKey
from middleground.dialogues.voting.paused import paused_title_and_advice


class PauseWithoutKey:
    """Middleware that answers with the page, wherever a view needs the key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, WrongKey):
            return None
        title, advice = paused_title_and_advice()
        page = error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, title, advice)
        page["Retry-After"] = "600"
        page["Cache-Control"] = "no-store"
        return page
