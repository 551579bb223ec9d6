"""Page to confirm the deletion of a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.lifecycle.drafts import (
    DeletionRefused,
    delete_draft,
    obstacle_to_deleting,
)
from middleground.dialogues.queries import any_dialogue
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def delete_this_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask first; then delete the draft, or say why it stays."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    refused = obstacle_to_deleting(dialogue)
    if refused is None and request.method == "POST":
        try:
            delete_draft(staff_user(request), dialogue)
        except DeletionRefused as found:
            refused = found
        else:
            messages.success(request, _("The draft is deleted."))
            return redirect("desk")
    if refused:
        messages.error(request, refused.message)
        return redirect("desk_dialogue", slug=slug)
    page = {**dialogue_frame(request, dialogue), "statements": dialogue.statements.count()}
    return render(request, "dialogues/desk/delete_draft.html", page)
