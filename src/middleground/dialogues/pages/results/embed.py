"""The dialogue in a frame on a page of somebody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.dialogues.queries import public_dialogue

# At 320 pixels, with the strip of an example and a question of 120 characters.
EMBED_HEIGHT = 440


@require_safe
def show_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """For a frame on another site: the question and a way to take part, which leaves the frame.

    No one votes inside: browsers give a page in a foreign frame no cookie of its own, and a frame
    can be laid under something else to steal clicks.
    """
    dialogue = public_dialogue(slug)
    page = {"dialogue": dialogue, "phase": dialogue.phase(timezone.now())}
    response = render(request, "dialogues/embed.html", page)
    response.may_be_framed = True  # type: ignore[attr-defined]
    # Some sites admit only frames that say that they may be there.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
