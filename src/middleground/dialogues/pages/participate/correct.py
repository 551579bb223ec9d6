"""The page on which an author corrects a typing error in their statement."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.pages.participate.write import ADVISED_LENGTH, advice_on
from middleground.dialogues.participation.correcting import (
    CorrectionRefused,
    correct_statement,
    statement_to_correct,
)
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.submit import StatementRefused, check_statement
from middleground.dialogues.statements.who_may_write import missing_to_write
from middleground.dialogues.translations.languages import language_choice, said_language
from middleground.texts.sameness import dedup_hash


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct_own_statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show and process the form. What was typed is kept, whatever happened meanwhile."""
    dialogue, token = public_dialogue(slug), token_of(request)
    if token is None or dialogue.key_destroyed_on:
        raise Http404
    text = request.POST.get("text", "")
    try:
        own = statement_to_correct(dialogue, token, number)
    except CorrectionRefused as refused:
        return _cannot(request, dialogue, token, number, refused)
    if request.method != "POST" or "turn" in request.POST:
        return _page(request, dialogue, own, text or own.text)
    if too_many := asked_too_often(request, "write", token, kept_text=text):
        return too_many
    try:
        return _check_or_send(request, dialogue, token, own, text)
    except CorrectionRefused as refused:
        if refused.code == "unchanged":
            return _page(request, dialogue, own, text, refused.status, error=refused.message)
        return _cannot(request, dialogue, token, number, refused)
    except StatementRefused as refused:
        return _refused(request, dialogue, token, own, refused)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be stored just now. Please send it again in a moment.")
        return _page(request, dialogue, own, text, 503, error=error)


def _check_or_send(
    request: HttpRequest, dialogue: Dialogue, token: bytes, own: Statement, text: str
) -> HttpResponse:
    normalised = check_statement(dialogue, text, instead_of=own)
    language = said_language(dialogue, request.POST.get("language", ""))
    # ``checked`` is the hash of the text that the advice was shown for; a new text is checked.
    # One that is as before is refused, and needs no advice.
    checked = request.POST.get("checked") == dedup_hash(normalised)
    if not checked and normalised != own.text:
        advice = advice_on(dialogue, normalised, language, instead_of=own)
        if advice:
            return _page(request, dialogue, own, text, **advice)
    new = correct_statement(dialogue, token, own.number, text, language)
    return redirect(f"{reverse('my-votes', args=[dialogue.slug])}?sent={new.number}#written")


def _cannot(
    request: HttpRequest, dialogue: Dialogue, token: bytes, number: int, refused: CorrectionRefused
) -> HttpResponse:
    """It cannot be corrected, or not any more."""
    text = request.POST.get("text", "")
    if refused.code == "not_yours":
        mine = Statement.objects.filter(author_id=pseudonym(dialogue.pk, token))
        new = mine.filter(dialogue=dialogue, corrected_from__number=number).first()
        if new is not None:  # sent twice
            return redirect(
                f"{reverse('my-votes', args=[dialogue.slug])}?sent={new.number}#written"
            )
        if not text:
            raise Http404
    dialogue.refresh_from_db()
    return _page(request, dialogue, None, text, refused.status, error=refused.message, cannot=True)


def _refused(
    request: HttpRequest,
    dialogue: Dialogue,
    token: bytes,
    own: Statement,
    refused: StatementRefused,
) -> HttpResponse:
    text = request.POST.get("text", "")
    if refused.code == "not_open":  # it closed after the page was opened
        return _cannot(request, dialogue, token, own.number, CorrectionRefused("not_open"))
    if refused.code == "not_yet":
        missing = missing_to_write(dialogue, token)
        return _page(request, dialogue, own, text, refused.status, missing=missing)
    found = refused.values["existing"] if refused.code == "said_already" else None
    return _page(
        request,
        dialogue,
        own,
        str(refused.values.get("cleaned", text)),
        refused.status,
        error=refused.message,
        existing=found,
    )


def _page(
    request: HttpRequest,
    dialogue: Dialogue,
    own: Statement | None,
    text: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "phase": dialogue.phase(timezone.now()),
        "statement": own,
        "text": text,
        "advised": min(ADVISED_LENGTH, dialogue.statement_limit),
        **language_choice(request, dialogue, own.language if own else None),
        **more,
    }
    return render(request, "dialogues/correct.html", page, status=status)
