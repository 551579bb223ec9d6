"""Preview of a dialogue for staff, before it is open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import (
    Statement,
)
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.voting.dealing import Card, votes_to_count
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only


@staff_only
@require_safe
def preview_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page and a card as participants will see them. Nothing is stored."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    statements = dialogue.statements.votable()
    count = statements.count()
    published = dialogue.maps.values_list("participants", flat=True).first()
    frame = dialogue_frame(request, dialogue)
    page = {
        **frame,
        "real_phase": frame["phase"],
        "phase": "open",
        "took_part": floor_to_step(published or 0, dialogue.minimum_shown),
        "statements": count,
        "card": _first_card(statements.order_by("number").first(), count, dialogue.vote_goal),
    }
    return render(request, "dialogues/desk/preview.html", page)


def _first_card(statement: Statement | None, total: int, goal: int) -> Card:
    """A card that a new participant may get, without a proof, so it cannot store a vote."""
    if statement is None:
        return Card(None, "", "", None, 0, total)
    return Card(
        number=statement.number,
        text=statement.text,
        proof="",
        value=None,
        answered=0,
        total=total,
        origin=statement.origin,
        goal=min(goal, total),
        needed=votes_to_count(total),
    )
