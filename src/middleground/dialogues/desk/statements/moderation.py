"""Moderation page: decide about one or several statements of the queue."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.moderation_queue import (
    address_after,
    numbers_in,
    place_in,
    queue_of,
)
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.dialogues.texts import decisions as actions
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.texts.moderation import Decision, TextState

ON_THIS_PAGE = {
    decision.value
    for decision in (Decision.APPROVE, Decision.REJECT, Decision.REMOVE, Decision.TAKE_BACK)
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    if request.method != "POST":
        return _list(request, dialogue, frozenset())
    verb, _colon, single = request.POST.get("decide", "").partition(":")
    numbers = numbers_in([single] if single else request.POST.getlist("chosen"))
    reason = request.POST.get(f"reason-{single}" if single else "reason", "")
    problem = _problem(verb, numbers, reason)
    if problem:
        messages.error(request, problem)
        # If one statement lacks a reason, the page opens there and not at the top.
        lacks = (single or "all") if problem == _no_reason() else ""
        return _list(request, dialogue, frozenset(numbers), lacks)
    if verb == "reject" and has_final_map(dialogue):
        in_result = list(dialogue.statements.votable().filter(number__in=numbers))
        if in_result:
            return _ask_to_remove(request, dialogue, in_result, reason)
    done = _decide(request, dialogue, verb, numbers, reason)
    return redirect(address_after(dialogue, request.GET, done, taken_back=verb == "take_back"))


def _list(
    request: HttpRequest, dialogue: Dialogue, chosen: frozenset[int], lacks: str = ""
) -> HttpResponse:
    """Render the list; ``lacks`` is the number without a reason, or "all" for the ticked ones."""
    page = {
        **dialogue_frame(request, dialogue),
        **queue_of(dialogue, request.GET, chosen),
        "lacks": lacks,
    }
    return render(request, "dialogues/desk/moderation.html", page)


def _problem(verb: str, numbers: list[int], reason: str) -> str:
    if verb not in ON_THIS_PAGE:
        return _("Choose what to do.")
    if not numbers:
        return _("Choose at least one statement.")
    if verb in {"reject", "remove"} and reason not in Statement.Reason.values:
        return _no_reason()
    return ""


def _no_reason() -> str:
    return _("Choose a reason: the author of the statement will read it.")


def _ask_to_remove(
    request: HttpRequest, dialogue: Dialogue, statements: list[Statement], reason: str
) -> HttpResponse:
    """Explain what removing texts from a final result means, before it is done."""
    page = {
        **dialogue_frame(request, dialogue),
        "statements": [(each, request.POST.get(f"seen-{each.number}", "")) for each in statements],
        "reason": reason,
        "reason_label": Statement.Reason(reason).label,
        "back": urlencode(place_in(request.GET)),
    }
    return render(request, "dialogues/desk/remove.html", page)


def _decide(
    request: HttpRequest, dialogue: Dialogue, verb: str, numbers: list[int], reason: str
) -> list[int]:
    """Decide about each statement separately, report it, and return the decided numbers."""
    staff = staff_user(request)
    done, shown_again = [], 0
    for statement in dialogue.statements.filter(number__in=numbers).order_by("number"):
        seen = request.POST.get(f"seen-{statement.number}", "")
        try:
            decided = _apply(staff, statement, verb, seen, reason)
            shown_again += verb == "take_back" and decided.state is TextState.SHOWN
            done.append(statement.number)
        except actions.DecisionRefused as refused:
            messages.warning(request, refused.message)
    if done:
        messages.success(request, _told("approve" if shown_again else verb, len(done)))
    return done


def _apply(staff: User, statement: Statement, verb: str, seen: str, reason: str) -> Statement:
    if verb == "approve":
        return actions.approve(staff, statement, seen)
    if verb == "reject":
        return actions.reject(staff, statement, seen, reason)
    if verb == "remove":
        return actions.remove(staff, statement, seen, reason)
    return actions.take_back(staff, statement, seen)


def _told(verb: str, count: int) -> str:
    if verb == "approve":
        text = ngettext("%(n)d statement is shown.", "%(n)d statements are shown.", count)
    elif verb == "remove":
        text = ngettext(
            "The words of %(n)d statement are removed from the result.",
            "The words of %(n)d statements are removed from the result.",
            count,
        )
    elif verb == "reject":
        text = ngettext("%(n)d statement is not shown.", "%(n)d statements are not shown.", count)
    else:
        text = ngettext("%(n)d statement waits again.", "%(n)d statements wait again.", count)
    return text % {"n": count}
