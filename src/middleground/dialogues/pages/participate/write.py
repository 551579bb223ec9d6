"""Write a statement. It is checked for similar statements and personal data before it is sent."""

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
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.participation.admission import may_take_part
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.submit import (
    StatementRefused,
    check_statement,
    submit_statement,
)
from middleground.dialogues.statements.who_may_write import (
    MissingToWrite,
    is_beyond_pace,
    missing_to_write,
)
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.dialogues.texts.search import candidates
from middleground.dialogues.translations.languages import (
    language_choice,
    looks_like,
    other_language,
    said_language,
)
from middleground.dialogues.translations.shown import of_dialogue
from middleground.texts import personal_data
from middleground.texts.sameness import dedup_hash, signs_hash
from middleground.texts.similarity import find_similar

ADVISED_LENGTH = 140
SIMILAR_SHOWN = 3


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write_statement(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    text = request.POST.get("text", "")
    if not dialogue.is_open(timezone.now()):
        return _page(request, dialogue, text, status=409 if text else 200)
    if request.method != "POST":
        missing = _missing(request, dialogue)
        return _page(request, dialogue, _own_text(request, dialogue), missing=missing)
    if "turn" in request.POST:  # to a page in another language, with what was typed
        return _page(request, dialogue, text, missing=_missing(request, dialogue))
    token = token_of(request) or new_token()
    if not may_take_part(dialogue, token):
        return _page(request, dialogue, text, status=403, needs_code=True)
    too_many = asked_too_often(request, "write", token, kept_text=text)
    if too_many:
        return too_many
    try:
        response = _check_or_send(request, dialogue, token, text)
    except StatementRefused as refused:
        response = _refused(request, dialogue, text, refused)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be saved just now. Please send it again in a moment.")
        response = _page(request, dialogue, text, status=503, error=error)
    # Always: a participant sent to an existing statement can then vote on it at once.
    keep_token(request, response, token)
    return response


def _own_text(request: HttpRequest, dialogue: Dialogue) -> str:
    """The participant's rejected text, for rewording; empty if it is no longer stored."""
    number, token = request.GET.get("again", ""), token_of(request)
    if token is None or not (number.isascii() and number.isdigit() and len(number) < 10):
        return ""
    own = dialogue.statements.filter(
        author_id=pseudonym(dialogue.pk, token), status=Statement.Status.REJECTED
    )
    return own.filter(number=int(number)).values_list("text", flat=True).first() or ""


def _check_or_send(
    request: HttpRequest, dialogue: Dialogue, token: bytes, text: str
) -> HttpResponse:
    if missing_to_write(dialogue, token):  # before the writer reads any advice about the text
        raise StatementRefused("not_yet")
    normalised = check_statement(dialogue, text)
    language = said_language(dialogue, request.POST.get("language", ""))
    # ``checked`` is the hash of the text that the advice was shown for; a new text is checked.
    if request.POST.get("checked") != dedup_hash(normalised):
        advice = advice_on(dialogue, normalised, language)
        if advice:
            return _page(request, dialogue, text, **advice)
    marked = "mark" in request.POST
    statement = submit_statement(dialogue, token, text, marked=marked, language=language)
    where = reverse("my-votes", args=[dialogue.slug])
    dialogue.refresh_from_db()
    waits = statement.status == Statement.Status.PENDING
    busy = "&busy" if waits and is_beyond_pace(dialogue, timezone.now()) else ""
    return redirect(f"{where}?sent={statement.number}{busy}#written")


def advice_on(
    dialogue: Dialogue, normalised: str, language: str = "", instead_of: Statement | None = None
) -> dict[str, Any]:
    """What the writer is told before the text is sent: similar statements, personal data.

    Also that the text looks like another language than the one that they said.

    ``instead_of``: the statement whose place it takes.
    """
    shown = Statement.objects.votable().filter(dialogue=dialogue).only("number", "text", "language")
    if instead_of is not None:
        shown = shown.exclude(pk=instead_of.pk)
    similar = find_similar(normalised, candidates(normalised, dialogue, shown), SIMILAR_SHOWN)
    findings = personal_data.find(normalised)
    other = looks_like(dialogue, normalised, language)
    if not similar and not findings and not other:
        return {}
    return {
        **other_language(other),
        "checked": dedup_hash(normalised),
        "similar": of_dialogue(dialogue, [near.statement for near in similar]),
        "same_letters": {
            near.statement.number
            for near in similar
            if signs_hash(near.statement.text) == signs_hash(normalised)
        },
        "pieces": personal_data.pieces(normalised, findings) if findings else [],
        "kinds": list(dict.fromkeys(label_of(finding.kind) for finding in findings)),
    }


def _refused(
    request: HttpRequest, dialogue: Dialogue, text: str, refused: StatementRefused
) -> HttpResponse:
    if refused.code == "not_open":  # it closed after the page was opened
        dialogue.refresh_from_db()
        return _page(request, dialogue, text, status=refused.status)
    if refused.code == "not_yet":
        return _page(
            request, dialogue, text, status=refused.status, missing=_missing(request, dialogue)
        )
    text = str(refused.values.get("cleaned", text))
    found = refused.values["existing"] if refused.code == "said_already" else None
    return _page(
        request, dialogue, text, status=refused.status, error=refused.message, existing=found
    )


def _missing(request: HttpRequest, dialogue: Dialogue) -> MissingToWrite:
    return missing_to_write(dialogue, token_of(request) or new_token())


def _page(
    request: HttpRequest, dialogue: Dialogue, text: str, status: int = 200, **more: Any
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "phase": dialogue.phase(timezone.now()),
        "text": text,
        "advised": min(ADVISED_LENGTH, dialogue.statement_limit),
        **language_choice(request, dialogue),
        **more,
    }
    return render(request, "dialogues/write.html", page, status=status)
