"""The page on which a participant proposes a source."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often
from middleground.dialogues.identity.cookie import keep_token, token_of
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.admission import may_take_part
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.evidence.models import PROPOSED
from middleground.evidence.pages.forms import ProposalForm
from middleground.evidence.proposals.listed import listed_alike
from middleground.evidence.proposals.submit import (
    ProposalRefused,
    check_proposal,
    propose_source,
)
from middleground.texts import personal_data
from middleground.texts.sameness import dedup_hash
from middleground.threads.submit import missing_to_comment


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    is_open = dialogue.is_open(timezone.now())
    if request.method != "POST" or not is_open:
        missing = missing_to_comment(dialogue, token_of(request) or new_token())
        status = 409 if request.method == "POST" else 200
        return _page(request, dialogue, form, status, missing=missing if is_open else None)
    token = token_of(request) or new_token()
    if not may_take_part(dialogue, token):
        return _page(request, dialogue, form, 403, needs_code=True)
    too_many = asked_too_often(request, "write", token, kept_text=form.typed())
    if too_many:
        return too_many
    try:
        response = _check_or_send(request, dialogue, token, form)
    except ProposalRefused as refused:
        response = _refused(request, dialogue, token, form, refused)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be saved just now. Please send it again in a moment.")
        response = _page(request, dialogue, form, 503, error=error)
    keep_token(request, response, token)
    return response


def _check_or_send(
    request: HttpRequest, dialogue: Dialogue, token: bytes, form: ProposalForm
) -> HttpResponse:
    if missing_to_comment(dialogue, token):  # before the writer reads any advice
        raise ProposalRefused("not_yet")
    if not form.is_valid():
        return _page(request, dialogue, form, 422)
    parts = form.parts()
    text = check_proposal(dialogue, parts)
    mark = dedup_hash(text)
    # ``checked`` is the hash of the text that the advice was shown for; a new text is checked.
    if request.POST.get("checked") != mark:
        findings = personal_data.find(text)
        alike = listed_alike(dialogue, parts)
        if findings or alike:
            advice: dict[str, Any] = {
                "checked": mark,
                "alike": alike,
                "pieces": personal_data.pieces(text, findings) if findings else [],
                "kinds": list(dict.fromkeys(label_of(finding.kind) for finding in findings)),
            }
            return _page(request, dialogue, form, **advice)
    stored = propose_source(dialogue, token, parts)
    where = reverse("my-votes", args=[dialogue.slug])
    return redirect(f"{where}?commented={stored.number}#{PROPOSED}")


def _refused(
    request: HttpRequest,
    dialogue: Dialogue,
    token: bytes,
    form: ProposalForm,
    refused: ProposalRefused,
) -> HttpResponse:
    dialogue.refresh_from_db()
    if refused.code == "not_open":  # it was closed after the page was opened
        return _page(request, dialogue, form, refused.status)
    if refused.code == "not_yet":
        missing = missing_to_comment(dialogue, token)
        return _page(request, dialogue, form, refused.status, missing=missing)
    return _page(request, dialogue, form, refused.status, error=refused.message)


def _page(
    request: HttpRequest, dialogue: Dialogue, form: ProposalForm, status: int = 200, **more: Any
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "is_open": dialogue.is_open(timezone.now()),
        "form": form,
        "text": form.typed(),
        **more,
    }
    return render(request, "evidence/propose.html", page, status=status)
