"""What we know about you: the table of facts, for everyone, in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.dialogues.models import Dialogue
from middleground.dialogues.privacy import register
from middleground.dialogues.privacy.retention import key_states


@require_safe
def show_what_we_know(request: HttpRequest) -> HttpResponse:
    """The same for every visitor: it neither reads nor needs their cookie."""
    public = Dialogue.objects.exclude(state=Dialogue.State.DRAFT).filter(imported=False)
    dialogues = list(public.order_by("-id"))
    states = key_states(dialogues)
    page = {
        "yours": [entry for entry in register.HELD if entry.whose is register.Whose.YOURS],
        "others": [entry for entry in register.HELD if entry.whose is not register.Whose.YOURS],
        "cookies": register.COOKIES,
        "files": register.FILES,
        "never": register.NEVER,
        "elsewhere": register.ELSEWHERE,
        "keys": [(dialogue, states[dialogue.pk]) for dialogue in dialogues],
    }
    return render(request, "dialogues/what_we_know.html", page)
