"""The pages on which people say whether an answer answers them, or something is done: not kept."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.people import asked_checks
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.told import told_check
from middleground.answers.checks.why import LONGEST_WHY, own_sentences, sentences_of
from middleground.answers.models import CheckAnswer, ResidentCheck, Response
from middleground.core.page.errors import asked_too_often
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.texts import personal_data
from middleground.texts.moderation import TextState
from middleground.texts.normalise import normalise
from middleground.texts.sameness import dedup_hash

MOST_READ = 1000  # characters of a sentence that is too long, when it is searched for names


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_check(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Whether the answer to a case answers people."""
    dialogue = public_dialogue(slug)
    found = _checks_in(dialogue).filter(case__number=number).exclude(answered=None)
    return _ask(request, dialogue, found.last())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_done_check(request: HttpRequest, slug: str, number: int, event: int) -> HttpResponse:
    """Whether what the event of a commitment says is done is done."""
    dialogue = public_dialogue(slug)
    found = _checks_in(dialogue).filter(
        said_done__commitment__number=number, said_done__number=event
    )
    return _ask(request, dialogue, found.last())


def _checks_in(dialogue: Dialogue) -> QuerySet[ResidentCheck]:
    """The oldest first, so that the last one is about the newest answer."""
    checks = ResidentCheck.objects.filter(case__dialogue=dialogue)
    read = ("case__body", "case__dialogue", "answered", "said_done__commitment__dialogue")
    return checks.select_related(*read).order_by("pk")


def _ask(request: HttpRequest, dialogue: Dialogue, check: ResidentCheck | None) -> HttpResponse:
    if check is None:
        raise Http404
    if request.method != "POST":
        return _page(request, dialogue, check)
    token = token_of(request)
    said, why = request.POST.get("said", ""), request.POST.get("why", "")
    if token and (too_many := asked_too_often(request, "write", token, kept_text=why)):
        return too_many
    typed: dict[str, Any] = {"said": said, "why": why}
    if token and (advice := _advice(request, check, why)):
        return _page(request, dialogue, check, **typed, **advice)
    try:
        answer_check(check, token, said, why)
    except CheckRefused as refused:
        check.refresh_from_db()
        status, error = refused.status, refused.message
        typed["why"] = refused.values.get("cleaned", why)
        return _page(request, dialogue, check, status=status, error=error, **typed)
    except OperationalError:  # for example a full disk
        error = _("It could not be saved just now. Please send it again in a moment.")
        return _page(request, dialogue, check, status=503, error=error, **typed)
    return redirect(f"{check.get_absolute_url()}?sent")


def _advice(request: HttpRequest, check: ResidentCheck, why: str) -> dict[str, Any]:
    """What to think about before a sentence is sent that could tell who somebody is.

    Empty for one that was sent again after this, since ``checked`` is its hash; and for people who
    are not asked, or whose check is over.
    """
    token = token_of(request)
    if not check.is_open or not token or not asked_checks(check.case.dialogue, [check], token):
        return {}
    words = normalise(why[:MOST_READ])
    findings = personal_data.find(words)
    mark = dedup_hash(words)
    if not findings or request.POST.get("checked") == mark:
        return {}
    return {
        "checked": mark,
        "pieces": personal_data.pieces(words, findings),
        "kinds": list(dict.fromkeys(label_of(finding.kind) for finding in findings)),
    }


def _page(
    request: HttpRequest, dialogue: Dialogue, check: ResidentCheck, status: int = 200, **more: Any
) -> HttpResponse:
    token = token_of(request)
    asked = asked_checks(dialogue, [check], token) if token else []
    said = asked[0].said if asked else ""
    own = own_sentences(check, token) if token else []
    standing = next((each for each in own if each.state is not TextState.REJECTED), None)
    page = {
        "dialogue": dialogue,
        "case": check.case,
        "check": check,
        "told": told_check(check),
        "response": _response(check),
        "claim": check.said_done,
        "back": (check.said_done.commitment if check.said_done else check.case).get_absolute_url(),
        "asked": asked[0] if asked else None,
        "known": token is not None,
        "choices": CheckAnswer.Said.choices,
        "said": said,
        "said_before": said,
        "why": standing.text if standing else "",
        "standing": standing,
        "refused": [each for each in own if each.reason and each.text],
        "longest": LONGEST_WHY,
        "sentences": sentences_of([check]).get(check.pk, []),
        "sent": "sent" in request.GET and bool(said),
        **more,
    }
    return render(request, "answers/check.html", page, status=status)


def _response(check: ResidentCheck) -> Response | None:
    """The answer that is checked: as corrected since, unless another one was given."""
    if check.answered is None or check.version is None:
        return None
    versions = Response.objects.filter(case=check.case).order_by("version")
    if ResidentCheck.objects.of_answers_that_stand().filter(pk=check.pk).exists():
        return versions.last()
    return versions.filter(version=check.version).first()
