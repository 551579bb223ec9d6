"""The HTML with which hosts embed the dialogue in their own pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.pages.results.embed import EMBED_HEIGHT
from middleground.dialogues.queries import any_dialogue
from middleground.people.permissions import Action, require, staff_only


@staff_only
@require_safe
def show_embedding(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    snippet = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
        ' referrerpolicy="no-referrer"></iframe>',
        settings.ORIGIN + reverse("embed", args=[slug]),
        dialogue.question,
        EMBED_HEIGHT,
    )
    page = {
        **dialogue_frame(request, dialogue),
        "snippet": "".join(snippet),  # a plain str, so that the template escapes it again
        "public_address": settings.ORIGIN + dialogue.get_absolute_url(),
    }
    return render(request, "dialogues/desk/embedding.html", page)
