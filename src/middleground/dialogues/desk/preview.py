"""Preview of a dialogue for staff, before it is open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.pages.preview.parts import (
    PreviewAddresses,
    question_page,
    show_part,
)
from middleground.dialogues.queries import any_dialogue
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only


@staff_only
@require_safe
def preview_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page and a card as participants will see them. Nothing is stored."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    frame = dialogue_frame(request, dialogue)
    published = dialogue.maps.values_list("participants", flat=True).first()
    page = {
        **frame,
        **question_page(dialogue, _addresses(slug)),
        "real_phase": frame["phase"],
        "took_part": floor_to_step(published or 0, dialogue.minimum_shown),
    }
    return render(request, "dialogues/desk/preview.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview_part(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Let staff try the pages that somebody outside sees."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    return show_part(request, dialogue, part, _addresses(slug))


def _addresses(slug: str) -> PreviewAddresses:
    def part(name: str) -> str:
        return reverse("desk_preview_part", args=[slug, name])

    first = reverse("desk_preview", args=[slug])
    return PreviewAddresses(first, part("start"), part("cards"), part("write"))
