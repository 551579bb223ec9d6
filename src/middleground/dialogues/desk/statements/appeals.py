"""Waiting appeals, for moderators other than the one who rejected the statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.forms import RejectForm
from middleground.dialogues.desk.statements.moderation_queue import numbers_in
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.dialogues.texts import appeals as actions
from middleground.dialogues.texts.decisions import DecisionRefused
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user

MOST_AT_ONCE = 50  # more follow once these are decided


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement with a waiting appeal, for one member of staff."""

    statement: Statement
    decided_by: User | None
    may_decide: bool


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide_appeals(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    if request.method == "POST" and _decide(request, dialogue):
        return redirect("desk_appeals", slug)
    page = {
        **dialogue_frame(request, dialogue),
        "waiting_appeals": _waiting(staff_user(request), dialogue),
        "reasons": Statement.Reason.choices,
        "final": has_final_map(dialogue),
    }
    return render(request, "dialogues/desk/appeals.html", page)


def _waiting(staff: User, dialogue: Dialogue) -> list[Waiting]:
    statements = list(actions.waiting_appeals(dialogue)[:MOST_AT_ONCE])
    deciders = actions.who_rejected(statements)
    mine_go_elsewhere = actions.needs_another(staff, staff, dialogue)
    return [
        Waiting(
            statement,
            deciders.get(statement.pk),
            not (mine_go_elsewhere and deciders.get(statement.pk) == staff),
        )
        for statement in statements
    ]


def _decide(request: HttpRequest, dialogue: Dialogue) -> bool:
    """Decide one appeal and report the outcome. Return False if input is missing."""
    verb, _colon, single = request.POST.get("decide", "").partition(":")
    statement = dialogue.statements.filter(number__in=numbers_in([single])).first()
    form = RejectForm({"reason": request.POST.get(f"reason-{single}", "")})
    if statement is None or verb not in {"change", "stand"}:
        messages.error(request, _("Choose what to do."))
        return False
    if verb == "stand" and not form.is_valid():
        messages.error(request, _("Choose a reason: the author of the statement will read it."))
        return False
    try:
        if verb == "change":
            actions.change_decision(staff_user(request), statement)
            done = _("Number %(number)d is shown.")
        else:
            actions.let_stand(staff_user(request), statement, form.cleaned_data["reason"])
            done = _("Number %(number)d stays as it is. Its author sees your reason.")
        messages.success(request, done % {"number": statement.number})
    except actions.AppealDecisionRefused as refused:
        tell = messages.error if refused.code == "needs_another" else messages.warning
        tell(request, refused.message)
    except DecisionRefused as refused:
        messages.warning(request, refused.message)
    return True
