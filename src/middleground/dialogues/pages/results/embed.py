"""The dialogue in a frame on another site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue

# Pixels; enough at a width of 320 with the example banner and a question of 120 characters.
EMBED_HEIGHT = 440


@cached_page()
@require_safe
def show_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the question and a link to take part, which leaves the frame.

    Nobody can vote in the frame: browsers block its cookies, and clickjacking would be possible.
    """
    dialogue = public_dialogue(slug)
    page = {"dialogue": dialogue, "phase": dialogue.phase(timezone.now())}
    response = render(request, "dialogues/embed.html", page)
    response.may_be_framed = True  # type: ignore[attr-defined]
    # Sites with Cross-Origin-Embedder-Policy load only frames that send this header.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
