"""The page on which an author appeals against the rejection of their text."""

from __future__ import annotations

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue, ModeratedText
from middleground.dialogues.models.texts.text_kinds import kind_called, kind_of
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.texts import appeals as actions
from middleground.dialogues.texts.authors import authors_may_act, written_by
from middleground.ledger.records.entries import STATEMENTS


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_second_look(
    request: HttpRequest, slug: str, number: int, collection: str = STATEMENTS
) -> HttpResponse:
    """Show and process the appeal form. Another participant's text answers 404."""
    dialogue = public_dialogue(slug)
    token, kind = token_of(request), kind_called(collection)
    if token is None or kind is None:
        raise Http404
    written = written_by(token, dialogue, kind)
    own = get_object_or_404(written, number=number)
    if request.method != "POST":
        return _form(request, dialogue, own)
    text = request.POST.get("text", "")
    try:
        actions.appeal_about(dialogue, written, number, text)
    except actions.AppealRefused as refused:
        dialogue.refresh_from_db()
        own.refresh_from_db()
        text = str(refused.values.get("cleaned", text))
        return _form(request, dialogue, own, refused.status, text=text, error=refused.message)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be saved just now. Please send it again in a moment.")
        return _form(request, dialogue, own, 503, text=text, error=error)
    appealed = f"{number}#written" if kind.in_result else f"other#{collection}"
    return redirect(f"{reverse('my-votes', args=[slug])}?appealed={appealed}")


def _form(
    request: HttpRequest,
    dialogue: Dialogue,
    own: ModeratedText,
    status: int = 200,
    **more: str,
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "statement": own,
        "is_open": authors_may_act(dialogue, kind_of(type(own))),
        "may_appeal": actions.may_appeal(own),
        "appeal": actions.appeal_against(own),
        "looked_again": actions.who_looked_again([own]).get(own.pk, ""),
        "longest": actions.LONGEST_APPEAL,
        **more,
    }
    return render(request, "dialogues/appeal.html", page, status=status)
