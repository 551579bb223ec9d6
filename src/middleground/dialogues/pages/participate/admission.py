"""Admission: entering a code, confirming without a code, and passing on a shared device."""

from __future__ import annotations

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often
from middleground.core.page.errors.given_back import secret_fields
from middleground.dialogues.identity import proof_of_work
from middleground.dialogues.identity.admission_codes import parse_code
from middleground.dialogues.identity.cookie import (
    first_choice,
    forget_token,
    keep_token,
    token_of,
)
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, HourlyAdmission, Participant
from middleground.dialogues.pages.participate.vote_card import number_in
from middleground.dialogues.participation import waiting_line
from middleground.dialogues.participation.admission import (
    AdmissionRefused,
    admit_with_code,
    confirm,
    counts_apart,
    may_take_part,
    tier_of,
)
from middleground.dialogues.queries import public_dialogue

LONGEST_TYPED = 100


def _code_again(request: HttpRequest, slug: str) -> HttpResponse:
    """The page for a form without its mark, as from a browser that drops cookies."""
    dialogue = public_dialogue(slug)
    typed = request.POST.get("code", "")[:LONGEST_TYPED]
    token = token_of(request)
    error = _no_cookie() if token is None else _page_too_old()
    response = _code_page(request, dialogue, 403, typed=typed, error=error)
    keep_token(request, response, token or new_token())
    return response


@secret_fields("code", refused=_code_again)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Admit by a code, which is sent in the body because logs and histories keep URLs.

    The page with the form sets the cookie, so that a browser without cookies uses up no code.
    """
    dialogue = public_dialogue(slug)
    token = token_of(request)
    if request.method != "POST":
        response = _code_page(request, dialogue)
        keep_token(request, response, token or new_token(), remembered=first_choice(request))
        return response
    typed = request.POST.get("code", "")[:LONGEST_TYPED]
    if token is None:
        return _code_page(request, dialogue, 403, typed=typed, error=_no_cookie())
    too_many = asked_too_often(request, "code", token)
    if too_many:
        return too_many
    code = parse_code(typed)
    if code is None:
        return _code_page(request, dialogue, 422, typed=typed, error=_misspelt())
    try:
        admit_with_code(dialogue, token, code)
    except AdmissionRefused as refused:
        return _code_page(request, dialogue, 422, typed=typed, error=refused.message)
    again = number_in(request, "again")
    asked = f"&again={again}" if again > 0 else ""
    return redirect(f"{reverse('take-part', args=[slug])}?admitted{asked}")


def _code_page(
    request: HttpRequest, dialogue: Dialogue, status: int = 200, **more: object
) -> HttpResponse:
    page = {
        "dialogue": dialogue,
        "phase": dialogue.phase(timezone.now()),
        "tier": tier_of(dialogue, token_of(request)),
        "by_code": (Participant.Tier.INVITED, Participant.Tier.IN_PERSON),
        "handed_on": "next" in request.GET,
        # Who followed a link to a statement is led on to it.
        "again": max(number_in(request, "again"), 0),
        **more,
    }
    return render(request, "dialogues/code.html", page, status=status)


def _no_cookie() -> str:
    return _(
        "Your browser did not keep our cookie. Without it we cannot tell your "
        "votes from other people’s. Your code is still good. Allow cookies for "
        "this site and send it again."
    )


def _page_too_old() -> str:
    return _("This page was open for long. Your code is still good. Send it again.")


def _misspelt() -> str:
    return _(
        "A code has 16 letters and digits, or 8 at a meeting. Compare it with "
        "the paper. Your code is still good."
    )


@csrf_exempt  # solution and ticket hold for one participant and do nothing but confirm
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_openly(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm an open participant, so that their votes count: by proof of work, or by waiting."""
    dialogue = public_dialogue(slug)
    token = token_of(request)
    if token is None or not dialogue.is_open(timezone.now()):
        return redirect("take-part", slug)
    if not may_take_part(dialogue, token):
        return redirect("code", slug)
    if request.method != "POST":
        return _wait_page(request, dialogue, token)
    too_many = asked_too_often(request, "confirm", token)
    if too_many:
        return too_many
    if "solution" in request.POST:
        return _confirm_by_solution(request, dialogue, token)
    return _confirm_by_waiting(request, dialogue, token)


def _confirm_by_solution(request: HttpRequest, dialogue: Dialogue, token: bytes) -> HttpResponse:
    """Answer the script: 204 confirmed, 409 no vote yet, 422 not a solution."""
    if not proof_of_work.is_solution(dialogue.pk, token, request.POST["solution"]):
        return HttpResponse(status=422)
    return HttpResponse(status=204 if confirm(dialogue, token, HourlyAdmission.Way.WORK) else 409)


def _confirm_by_waiting(request: HttpRequest, dialogue: Dialogue, token: bytes) -> HttpResponse:
    """Take a place in the line, or use the turn that has come."""
    now = timezone.now()
    try:
        if "join" in request.POST:
            waiting_line.join_line(dialogue, token, now)
            return redirect("confirm", dialogue.slug)
        waiting_line.use_turn(dialogue, token, request.POST.get("ticket", ""), now)
    except waiting_line.WaitingRefused as refused:
        early = refused.code == "not_your_turn"  # the page says how long it takes
        error = "" if early else refused.message
        return _wait_page(request, dialogue, token, refused.status, early=early, error=error)
    return redirect(f"{reverse('take-part', args=[dialogue.slug])}?confirmed")


def _wait_page(
    request: HttpRequest, dialogue: Dialogue, token: bytes, status: int = 200, **more: object
) -> HttpResponse:
    tier = tier_of(dialogue, token)
    page = {
        "dialogue": dialogue,
        "apart": counts_apart(dialogue, tier),
        "done": tier not in (None, Participant.Tier.UNCONFIRMED),
        "votes_missing": waiting_line.votes_before_waiting(dialogue, token),
        "seconds": waiting_line.SHORTEST_SECONDS,
        **_place(dialogue, token),
        **more,
    }
    return render(request, "dialogues/confirm.html", page, status=status)


def _place(dialogue: Dialogue, token: bytes) -> dict[str, object]:
    """The participant's ticket, if they have one, and how long it takes until their turn."""
    turn = waiting_line.turn_of(dialogue, token)
    now = int(timezone.now().timestamp())
    if turn is None or turn < now - waiting_line.KEPT_SECONDS:
        return {}
    left = max(0, turn - now)
    return {
        "ticket": waiting_line.ticket(dialogue, token, turn),
        "left": left,
        "minutes": ceil(left / 60) if left > 2 * waiting_line.SHORTEST_SECONDS else 0,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_on(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget this participant on a shared device, and ask the next one for their code."""
    dialogue = public_dialogue(slug)
    if request.method != "POST":
        return redirect("take-part", dialogue.slug)
    response = redirect(f"{reverse('code', args=[dialogue.slug])}?next")
    forget_token(response)
    # The back button must not show the previous participant's pages.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
