"""The thread below a statement, or below a thing of an app above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue
from middleground.threads.pages.listing import said_by_posts, sides_of
from middleground.threads.reactions.react import reader_of
from middleground.threads.subjects import thread_of

TEMPLATE = "threads/_thread.html"


def thread_below(
    request: HttpRequest, dialogue: Dialogue, thing: Model, write: str
) -> Mapping[str, Any] | None:
    """What ``TEMPLATE`` shows; None if there is nothing to show.

    ``write``: the address of the page on which comments on it are written, or empty if it takes
    none.
    """
    thread = thread_of(thing)
    if thread is None and not (dialogue.takes_comments and write):
        return None
    reader = reader_of(request, dialogue, thread)
    sides = sides_of(dialogue, thread, request.GET.get("page", "1"), reader)
    posts = said_by_posts(dialogue, thread, reader)
    takes = dialogue.takes_comments and dialogue.is_open(timezone.now())
    return {
        "sides": sides,
        "pages": max(sides, key=lambda side: side.page.paginator.num_pages).page,
        "posts": posts,
        "is_empty": not any(side.shown for side in sides),
        "is_ranked": any(each.comment.rank for side in sides for each in side.shown),
        "may_react": reader is not None,
        "may_write": takes and bool(write),
        "write": write,
    }


def keep_to_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let nobody keep a page with a thread on which the reader's own reactions may stand."""
    patch_vary_headers(response, ["Cookie"])
    if token_of(request):
        patch_cache_control(response, private=True, no_store=True)
    return response
