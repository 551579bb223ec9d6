"""The HTML with which hosts embed the dialogue in their own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core.site_files.canonical import absolute
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.pages.results.embed import EMBED_HEIGHT
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.results.citing.frames import STATEMENT_HEIGHT, frame_snippet
from middleground.people.permissions import Action, require, staff_only


@staff_only
@require_safe
def show_embedding(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    page = {
        **dialogue_frame(request, dialogue),
        "snippet": frame_snippet(reverse("embed", args=[slug]), dialogue.question, EMBED_HEIGHT),
        "charts": _charts(dialogue),
        "public_address": absolute(dialogue.get_absolute_url()),
    }
    return render(request, "dialogues/desk/embedding.html", page)


def _charts(dialogue: Dialogue) -> list[tuple[str, str, str]]:
    """The key, the name and the HTML of each picture; of statements that of the first, as one."""
    charts = [
        ("statements", _("What people agree on, statement by statement")),
        ("groups", _("The opinion groups")),
    ]
    found = [
        (key, name, frame_snippet(reverse("embed-chart", args=[dialogue.slug, key]), name))
        for key, name in charts
    ]
    first = Statement.objects.published().filter(dialogue=dialogue).order_by("number").first()
    if first is not None:
        number = first.number
        name = _("Statement %(number)d, as one of all: change the number") % {"number": number}
        path = reverse("embed-statement", args=[dialogue.slug, number])
        title = _("Statement %(number)d") % {"number": number}
        found.append(("statement", name, frame_snippet(path, title, STATEMENT_HEIGHT)))
    return found
