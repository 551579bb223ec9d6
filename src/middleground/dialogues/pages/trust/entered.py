"""The page on which somebody without a browser sees what was entered for them, by their number."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often, error_page
from middleground.core.page.errors.given_back import secret_fields
from middleground.core.refusals import Refused
from middleground.dialogues.identity.admission_codes import PRINTED_LENGTH, parse_code
from middleground.dialogues.identity.stubs import stub_token
from middleground.dialogues.models import Dialogue
from middleground.dialogues.pages.participate.receipt import file_of
from middleground.dialogues.participation.entries.own_entries import (
    StubRefused,
    entered_answers,
    find_person,
    take_entries_back,
)
from middleground.dialogues.queries import public_dialogue
from middleground.ledger.notes.checkpoint import BadCheckpoint

LONGEST_TYPED = 100


def _again(request: HttpRequest, slug: str) -> HttpResponse:
    """The page for a form without its mark."""
    error = _("This page was open for long. Please send the number again.")
    return _page(request, public_dialogue(slug), _typed(request), error, 403)


@secret_fields("number", refused=_again)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_entered(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the answers under a number. It is sent in the body, because histories keep addresses."""
    dialogue = public_dialogue(slug)
    if request.method != "POST":
        return _page(request, dialogue)
    typed = _typed(request)
    number = parse_code(typed)
    try:
        if number is None or len(number) != PRINTED_LENGTH:
            raise StubRefused("misspelt")
        if dialogue.key_destroyed_on:
            raise StubRefused("key_destroyed")
        if too_many := asked_too_often(request, "code", stub_token(dialogue.pk, number)):
            return too_many
        return _found(request, dialogue, number)
    except Refused as refused:
        return _page(request, dialogue, typed, refused.message, refused.status)
    except (BadCheckpoint, OSError):
        return error_page(
            request,
            503,
            _("We cannot read the public log right now"),
            _("Your answers are stored and count. The host must mend the log. Come back later."),
        )


def _typed(request: HttpRequest) -> str:
    return request.POST.get("number", "")[:LONGEST_TYPED]


def _found(request: HttpRequest, dialogue: Dialogue, number: str) -> HttpResponse:
    """Raises ``StubRefused``, ``OwnDataRefused``, ``BadCheckpoint`` or ``OSError``."""
    token = find_person(dialogue, number)
    what = request.POST.get("do", "")
    if what == "take_back":
        take_entries_back(dialogue, token)
        messages.success(request, _("What was entered for you is deleted."))
        return redirect("entered", slug=dialogue.slug)
    answers = list(entered_answers(dialogue, token))
    kind, _dash, of = what.partition("-")
    vote = next((each.sealed for each in answers if str(each.statement.number) == of), None)
    if vote is not None and (response := file_of(vote, kind)):
        return response
    page = {"dialogue": dialogue, "answers": answers, "number": number, "found": True}
    return render(request, "dialogues/entered.html", page)


def _page(
    request: HttpRequest, dialogue: Dialogue, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    page = {"dialogue": dialogue, "typed": typed, "error": error, "found": False}
    return render(request, "dialogues/entered.html", page, status=status)
