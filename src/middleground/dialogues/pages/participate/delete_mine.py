"""Deleting what is one's own in a dialogue: everything in one step, or the votes only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.dialogues.identity.cookie import forget_token, token_of
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.own_data import (
    OwnDataRefused,
    delete_all_of_mine,
    delete_own_votes,
    known_elsewhere,
    what_goes,
)
from middleground.dialogues.queries import public_dialogue


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete_mine(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what goes and what stays, ask for confirmation, then delete."""
    dialogue = public_dialogue(slug)
    token = token_of(request)
    if token is None:
        return redirect("my-votes", slug)
    # Whoever was told that the votes go is asked again if the dialogue closed meanwhile.
    as_told = dialogue.is_open(timezone.now()) or not request.POST.get("was_open")
    if request.method == "POST" and request.POST.get("everything") and as_told:
        return _everything(request, dialogue, token)
    goes = what_goes(dialogue, token)
    if dialogue.key_destroyed_on and not goes.anything:
        return redirect("my-votes", slug)
    if request.method == "POST" and not request.POST.get("everything"):
        try:
            gone = delete_own_votes(dialogue, token, texts_too=bool(request.POST.get("statements")))
        except OwnDataRefused:
            pass  # the page rendered below says that the dialogue is not open
        else:
            let_go = "=statements" if gone.waiting_texts or gone.detached_texts else ""
            return redirect(f"{reverse('my-votes', args=[slug])}?deleted{let_go}")
    page = {
        "dialogue": dialogue,
        "phase": dialogue.phase(timezone.now()),
        "goes": goes,
        "elsewhere": known_elsewhere(dialogue, token),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "dialogues/delete_votes.html", page, status=status)


def _everything(request: HttpRequest, dialogue: Dialogue, token: bytes) -> HttpResponse:
    delete_all_of_mine(dialogue, token)
    response = redirect(f"{reverse('my-votes', args=[dialogue.slug])}?deleted=everything")
    if not request.POST.get("keep_cookie"):
        forget_token(response)
    return response
