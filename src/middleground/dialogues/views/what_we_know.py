"""What we know about you: the table of facts, for everyone, in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.dialogues import held
from middleground.dialogues.actions.retention import key_states
from middleground.dialogues.models import Dialogue


@require_safe
def show_what_we_know(request: HttpRequest) -> HttpResponse:
    """The same for every visitor: it neither reads nor needs their cookie."""
    public = Dialogue.objects.exclude(state=Dialogue.State.DRAFT).filter(imported=False)
    dialogues = list(public.order_by("-id"))
    states = key_states(dialogues)
    page = {
        "yours": [entry for entry in held.HELD if entry.whose is held.Whose.YOURS],
        "others": [entry for entry in held.HELD if entry.whose is not held.Whose.YOURS],
        "cookies": held.COOKIES,
        "files": held.FILES,
        "never": held.NEVER,
        "elsewhere": held.ELSEWHERE,
        "keys": [(dialogue, states[dialogue.pk]) for dialogue in dialogues],
    }
    return render(request, "dialogues/what_we_know.html", page)
