"""The page on which people say whether an answer answers them. It is never kept."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.people import asked_checks
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.told import told_check
from middleground.answers.models import CheckAnswer, ResidentCheck, Response
from middleground.core.page.errors import asked_too_often
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_check(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    check = _newest_check(dialogue, number)
    if request.method != "POST":
        return _page(request, dialogue, check)
    token = token_of(request)
    if token and (too_many := asked_too_often(request, "write", token)):
        return too_many
    try:
        answer_check(check, token, request.POST.get("said", ""))
    except CheckRefused as refused:
        check.refresh_from_db()
        return _page(request, dialogue, check, status=refused.status, error=refused.message)
    return redirect(f"{reverse('resident-check', args=[slug, number])}?sent")


def _newest_check(dialogue: Dialogue, number: int) -> ResidentCheck:
    """The newest check of the case; raises Http404."""
    checks = ResidentCheck.objects.filter(case__dialogue=dialogue, case__number=number)
    check = checks.select_related("case__body", "answered").order_by("pk").last()
    if check is None:
        raise Http404
    check.case.dialogue = dialogue
    return check


def _page(
    request: HttpRequest, dialogue: Dialogue, check: ResidentCheck, status: int = 200, **more: Any
) -> HttpResponse:
    token = token_of(request)
    asked = asked_checks(dialogue, [check], token) if token else []
    said = asked[0].said if asked else ""
    page = {
        "dialogue": dialogue,
        "case": check.case,
        "check": check,
        "told": told_check(check),
        "response": Response.objects.filter(case=check.case).order_by("version").last(),
        "asked": asked[0] if asked else None,
        "known": token is not None,
        "choices": CheckAnswer.Said.choices,
        "said": said,
        "sent": "sent" in request.GET and bool(said),
        **more,
    }
    return render(request, "answers/check.html", page, status=status)
