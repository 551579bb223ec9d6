"""The receipt of a participant's vote: its place in the public log, and files to download."""

from __future__ import annotations

import math

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import error_page
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue, DialogueLog, Statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results.figures import tree_figure
from middleground.dialogues.sealing.receipts import (
    OwnSealedVote,
    own_vote,
    promise_for,
    receipt_for,
)
from middleground.dialogues.statements.redaction import redacted
from middleground.ledger.notes.checkpoint import BadCheckpoint
from middleground.publiclog.upkeep.lateness import is_log_late


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_receipt(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the receipt. Files are sent only by POST, so that no history or cache keeps them."""
    dialogue = public_dialogue(slug)
    statement = get_object_or_404(dialogue.statements, number=number)
    token = token_of(request)
    vote = None
    try:
        if token and not dialogue.key_destroyed_on:
            vote = own_vote(dialogue, token, statement)
    except (BadCheckpoint, OSError):
        return _log_unread(request, dialogue, statement)
    asked = request.POST.get("file", "")
    if vote is not None and asked and (response := file_of(vote, asked)):
        return response
    if Statement.objects.published().filter(pk=statement.pk).exists():
        statement = redacted(statement)
    elif vote is None:
        raise Http404  # as for a number that is not given yet: nobody is to see that one was
    page = {"dialogue": dialogue, "statement": statement, "known": token is not None, "vote": vote}
    if vote is not None:
        page["listed"] = DialogueLog.objects.filter(dialogue=dialogue, closed=True).exists()
        page["too_late"] = not vote.confirmed and dialogue.phase(timezone.now()) == "closed"
        page["tag"] = vote.opening.tag.hex()
        page["log_is_late"] = not page["listed"] and is_log_late()
        page["minutes"] = math.ceil(settings.LEDGER_SECONDS / 60)
    if vote is not None and vote.index is not None:
        page["tree"] = tree_figure(vote.index, vote.size)
    status = 200 if vote is not None else 404
    return render(request, "dialogues/receipt.html", page, status=status)


def _log_unread(request: HttpRequest, dialogue: Dialogue, statement: Statement) -> HttpResponse:
    """The newest checkpoint is damaged or signed by another key.

    The page /ledger/ and the command ``doctor`` tell the host.
    """
    return error_page(
        request,
        503,
        _("We cannot read the public log right now"),
        _("Your vote is stored and counts. The host must mend the log. Come back later."),
        back=reverse("statement", args=[dialogue.slug, statement.number]),
    )


def file_of(vote: OwnSealedVote, name: str) -> HttpResponse | None:
    """The vote's "receipt" or "promise", to be stored; None if there is none, or no longer."""
    make = {"receipt": receipt_for, "promise": promise_for}.get(name)
    data = make(vote) if make else None
    if data is None:
        return None
    file = f"{vote.opening.dialogue}-{vote.opening.statement}-{name}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(data, content_type="text/plain; charset=utf-8", headers=headers)
