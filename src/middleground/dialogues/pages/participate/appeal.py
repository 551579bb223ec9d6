"""The page on which an author appeals against the rejection of their statement."""

from __future__ import annotations

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.texts import appeals as actions


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_second_look(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show and process the appeal form. Another participant's statement answers 404."""
    dialogue = public_dialogue(slug)
    token = token_of(request)
    if token is None:
        raise Http404
    author = pseudonym(dialogue.pk, token)
    statement = get_object_or_404(dialogue.statements, author_id=author, number=number)
    if request.method != "POST":
        return _form(request, dialogue, statement)
    text = request.POST.get("text", "")
    try:
        actions.submit_appeal(dialogue, author, number, text)
    except actions.AppealRefused as refused:
        dialogue.refresh_from_db()
        statement.refresh_from_db()
        return _form(request, dialogue, statement, refused.status, text=text, error=refused.message)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be stored just now. Please send it again in a moment.")
        return _form(request, dialogue, statement, 503, text=text, error=error)
    return redirect(f"{reverse('my-votes', args=[slug])}?appealed={number}#written")


def _form(
    request: HttpRequest, dialogue: Dialogue, statement: Statement, status: int = 200, **more: str
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "statement": statement,
        "is_open": dialogue.is_open(timezone.now()),
        "may_appeal": actions.may_appeal(statement),
        "appeal": actions.appeal_against(statement),
        "looked_again": actions.who_looked_again([statement]).get(statement.pk, ""),
        "longest": actions.LONGEST_APPEAL,
        **more,
    }
    return render(request, "dialogues/appeal.html", page, status=status)
