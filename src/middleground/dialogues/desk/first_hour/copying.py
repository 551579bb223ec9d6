"""Makes a draft from an earlier dialogue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.copying import copy_dialogue
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_POST
def copy_as_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Copy texts, rules and the host's own statements into a new draft, and show it."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    require(request, Action.CREATE_DIALOGUES)
    copy, left_out = copy_dialogue(staff_user(request), dialogue)
    messages.success(
        request,
        _("The copy is a draft that only staff see. Change its question and dates."),
    )
    if left_out:
        text = ngettext(
            "%(n)d statement was left out: it fails the checks for new ones.",
            "%(n)d statements were left out: they fail the checks for new ones.",
            left_out,
        )
        messages.warning(request, text % {"n": left_out})
    return redirect("desk_dialogue", slug=copy.slug)
