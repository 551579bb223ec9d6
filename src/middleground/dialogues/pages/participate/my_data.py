"""“You and your data”: what is stored, the recovery phrase, restoring it, and forgetting it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from middleground.core.page.errors.given_back import secret_fields
from middleground.core.stored_data import data_register
from middleground.dialogues.identity.cookie import (
    forget_token,
    is_remembered,
    keep_token,
    token_of,
)
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import PhraseRefused, phrase, token_from_phrase
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.dialogues.models.texts.text_kinds import find_text_kinds
from middleground.dialogues.texts.marks import count_marks, forget_marks, marked_by

LONGEST_PHRASE = 400


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored under this browser's pseudonym in one dialogue."""

    dialogue: Dialogue
    votes: int
    statements: int
    other_texts: int
    marks: int
    is_open: bool


@require_safe
@never_cache
def show_you(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_phrase(request: HttpRequest) -> HttpResponse:
    """Show the twelve words, only by POST, so that no history or cache keeps them."""
    token = token_of(request)
    if token is None or request.method != "POST":
        return redirect("you")
    return render(request, "dialogues/phrase.html", {"words": phrase(token).split()})


def _phrase_again(request: HttpRequest) -> HttpResponse:
    """The page for a form without its mark, as from a browser that drops cookies."""
    typed = request.POST.get("phrase", "")[:LONGEST_PHRASE]
    error = _(
        "Your browser did not send our cookie. Maybe you closed it, or it keeps "
        "none. Nothing was changed. Allow cookies for this site and send the "
        "words again."
    )
    return _page(request, typed=typed, phrase_error=error)


@secret_fields("phrase", refused=_phrase_again)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def carry_on(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("you")
    typed = request.POST.get("phrase", "")[:LONGEST_PHRASE]
    try:
        token = token_from_phrase(typed)
    except PhraseRefused as refused:
        return _page(request, typed=typed, phrase_error=refused.message)
    if token_of(request) not in (None, token) and not request.POST.get("replace"):
        return _page(request, typed=typed, replace_missing=True)
    # Without a fragment here browsers keep that of the form, which is below the message.
    response = redirect(f"{reverse('you')}?carried-on#main")
    keep_token(request, response, token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_marks_away(request: HttpRequest) -> HttpResponse:
    """Remove the marks of this browser's texts in all dialogues; only by POST."""
    token = token_of(request)
    if token is None or request.method != "POST":
        return redirect("you")
    forget_marks(token)
    return redirect(f"{reverse('you')}?no-marks")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose_remembering(request: HttpRequest) -> HttpResponse:
    """Whether the browser keeps the cookie when it is closed; only by POST."""
    token = token_of(request)
    if token is None or request.method != "POST":
        return redirect("you")
    remembered = request.POST.get("remembered") == "yes"
    response = redirect(f"{reverse('you')}?remembering#remembering")
    keep_token(request, response, token, remembered=remembered)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def forget_me(request: HttpRequest) -> HttpResponse:
    """Ask for confirmation, then delete the cookies. Votes stay."""
    if request.method == "POST":
        response = redirect(f"{reverse('you')}?forgotten")
        forget_token(response)
        return response
    if token_of(request) is None:
        return redirect("you")
    return render(request, "dialogues/forget.html")


def _page(request: HttpRequest, **more: object) -> HttpResponse:
    token = token_of(request)
    stored, cut = _stored(token) if token else ([], [])
    page = {
        "known": token is not None,
        "remembered": is_remembered(request),
        "chosen": "remembering" in request.GET,
        "stored": stored,
        "cut": cut,
        "never": data_register().not_stored,
        "carried_on": "carried-on" in request.GET,
        "forgotten": "forgotten" in request.GET,
        "no_marks": "no-marks" in request.GET,
        "marks": sum(each.marks for each in stored) + (count_marks(token, cut) if token else 0),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dialogues/you.html", page, status=status)


def _stored(token: bytes) -> tuple[list[Stored], list[Dialogue]]:
    """What is stored under the token's pseudonyms, and the dialogues whose keys are destroyed.

    Without its key, the pseudonym in a dialogue can no longer be computed.
    """
    now = timezone.now()
    public = Dialogue.objects.exclude(state=Dialogue.State.DRAFT).order_by("-id")
    cut = [dialogue for dialogue in public if dialogue.key_destroyed_on]
    whole = [dialogue for dialogue in public if not dialogue.key_destroyed_on]
    dialogues = {pseudonym(dialogue.pk, token): dialogue for dialogue in whole}
    numbers = {dialogue.pk: participant for participant, dialogue in dialogues.items()}
    known = set(Participant.objects.filter(pk__in=dialogues).values_list("pk", flat=True))
    votes = Vote.objects.filter(participant_id__in=known).values_list("participant_id")
    votes_of = dict(votes.annotate(Count("statement_id")))
    statements = Statement.objects.filter(author_id__in=known).order_by().values_list("author_id")
    counted = statements.annotate(Count("pk"), Count("mark"))
    statements_of = {author: number for author, number, _marked in counted}
    marks_of = Counter({author: marked for author, _number, marked in counted})
    others_of: Counter[int] = Counter()
    for kind in find_text_kinds():
        if kind.by_mark:
            for dialogue_id in marked_by(token, kind.texts.filter(dialogue__in=whole), "dialogue"):
                others_of[numbers[dialogue_id]] += 1
                marks_of[numbers[dialogue_id]] += 1
        elif kind.model is not Statement:
            own = kind.texts.filter(author_id__in=known).values_list("author_id", "mark")
            for author, mark in own:
                others_of[author] += 1
                marks_of[author] += mark is not None
    stored = [
        Stored(
            dialogue,
            votes_of.get(participant, 0),
            statements_of.get(participant, 0),
            others_of[participant],
            marks_of[participant],
            dialogue.is_open(now),
        )
        for participant, dialogue in dialogues.items()
        if participant in known
    ]
    return stored, cut
