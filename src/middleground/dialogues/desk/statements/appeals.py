"""Waiting appeals, for moderators other than the one who rejected the text."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import numbers_in
from middleground.dialogues.desk.statements.moderation import kind_or_404
from middleground.dialogues.models import Dialogue, ModeratedText
from middleground.dialogues.models.texts.own_reason import reason_choices
from middleground.dialogues.models.texts.text_kinds import TextKind
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.dialogues.texts import appeals as actions
from middleground.dialogues.texts.decisions import DecisionRefused
from middleground.ledger.records.entries import STATEMENTS
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user

MOST_AT_ONCE = 50  # more follow once these are decided


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text with a waiting appeal, for one member of staff."""

    text: ModeratedText
    decided_by: User | None
    may_decide: bool


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide_appeals(request: HttpRequest, slug: str, collection: str = STATEMENTS) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    kind = kind_or_404(collection)
    if request.method == "POST" and _decide(request, kind, dialogue):
        return redirect(request.path)
    page = {
        **dialogue_frame(request, dialogue),
        "waiting_appeals": _waiting(staff_user(request), kind, dialogue),
        "reasons": reason_choices(dialogue),
        "final": kind.in_result and has_final_map(dialogue),
        "kind": kind,
    }
    return render(request, "dialogues/desk/appeals.html", page)


def _waiting(staff: User, kind: TextKind, dialogue: Dialogue) -> list[Waiting]:
    texts = list(actions.waiting_appeals(dialogue, kind.model)[:MOST_AT_ONCE])
    deciders = actions.who_rejected(texts)
    mine_go_elsewhere = actions.needs_another(staff, staff, dialogue)
    return [
        Waiting(
            text,
            deciders.get(text.pk),
            not (mine_go_elsewhere and deciders.get(text.pk) == staff),
        )
        for text in texts
    ]


def _decide(request: HttpRequest, kind: TextKind, dialogue: Dialogue) -> bool:
    """Decide one appeal and report the outcome. Return False if input is missing."""
    verb, _colon, single = request.POST.get("decide", "").partition(":")
    text = kind.of(dialogue).filter(number__in=numbers_in([single])).first()
    reason = request.POST.get(f"reason-{single}", "")
    if text is None or verb not in {"change", "stand"}:
        messages.error(request, _("Choose what to do."))
        return False
    if verb == "stand" and reason not in dict(reason_choices(dialogue)):
        messages.error(request, _("Choose a reason: the author will read it."))
        return False
    try:
        if verb == "change":
            actions.change_decision(staff_user(request), text)
            again = _("Number %(number)d waits again. Decide where such texts wait.")
            done = again if kind.taken_up_at else _("Number %(number)d is shown.")
        else:
            actions.let_stand(staff_user(request), text, reason)
            done = _("Number %(number)d stays as it is. Its author sees your reason.")
        messages.success(request, done % {"number": text.number})
    except actions.AppealDecisionRefused as refused:
        tell = messages.error if refused.code == "needs_another" else messages.warning
        tell(request, refused.message)
    except DecisionRefused as refused:
        messages.warning(request, refused.message)
    return True
