"""The pages of a preview, the same for staff and by a link. Nothing here is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.pages.participate.vote_card import number_in
from middleground.dialogues.pages.participate.write import ADVISED_LENGTH, advice_on
from middleground.dialogues.privacy.retention import key_state
from middleground.dialogues.queries import codes_made
from middleground.dialogues.statements.submit import StatementRefused, check_statement
from middleground.dialogues.voting.dealing import Card, votes_to_count
from middleground.texts.sameness import dedup_hash

VOTES = {"agree": 1, "disagree": -1, "pass": 0}


@dataclass(frozen=True, slots=True)
class PreviewAddresses:
    """Where the preview's pages lead to each other. ``by_link``: for somebody outside."""

    question: str
    start: str
    cards: str
    write: str
    by_link: bool = False


def question_page(dialogue: Dialogue, at: PreviewAddresses) -> dict[str, Any]:
    """What the dialogue's page shows once it is open: nobody has taken part."""
    statements = dialogue.statements.votable()
    return {
        "dialogue": dialogue,
        "preview": at,
        "phase": "open",
        "took_part": 0,
        "statements": statements.count(),
        "key": key_state(dialogue),
        "has_codes": bool(codes_made(dialogue)),
        "card": first_card(dialogue),
    }


def first_card(dialogue: Dialogue) -> Card:
    return _card(dialogue, list(dialogue.statements.votable().order_by("number")), 0)


def show_part(
    request: HttpRequest,
    dialogue: Dialogue,
    part: str,
    at: PreviewAddresses,
) -> HttpResponse:
    """The first screen, the cards, or the form for a statement."""
    page: dict[str, Any] = {"dialogue": dialogue, "preview": at, "phase": "open"}
    if part == "write":
        return _write(request, dialogue, page)
    if part == "cards":
        if request.method == "POST":
            return _tried(request, at)
        page |= _cards(request, dialogue)
        return render(request, "dialogues/preview/cards.html", page)
    statements = dialogue.statements.votable().count()
    start = {
        "cards": at.cards,
        "goal": min(dialogue.vote_goal, statements),
        "needed": votes_to_count(dialogue, statements),
    }
    return render(request, "dialogues/preview/start.html", {**page, **start})


def _tried(request: HttpRequest, at: PreviewAddresses) -> HttpResponse:
    """Go on to the next card. What was answered stands in its address, and nowhere else."""
    number, vote = request.POST.get("statement", ""), request.POST.get("vote", "")
    if vote not in VOTES or not (number.isascii() and number.isdigit() and len(number) < 10):
        return redirect(at.cards)
    return redirect(f"{at.cards}?after={int(number)}&vote={vote}")


def _cards(request: HttpRequest, dialogue: Dialogue) -> dict[str, Any]:
    """The card after the one that was answered; people get them in an order drawn by lot."""
    statements = list(dialogue.statements.votable().order_by("number"))
    after = number_in(request, "after")
    place = sum(statement.number <= after for statement in statements)
    vote = VOTES.get(request.GET.get("vote", "")) if place else None
    return {"card": _card(dialogue, statements, place), "tried": vote}


def _card(dialogue: Dialogue, statements: list[Statement], place: int) -> Card:
    """A card that a new participant may get, without a proof, so it cannot store a vote."""
    total = len(statements)
    if place >= total:
        return Card(None, "", "", None, place, total)
    return Card(
        number=statements[place].number,
        text=statements[place].text,
        proof="",
        value=None,
        answered=place,
        total=total,
        origin=statements[place].origin,
        goal=min(dialogue.vote_goal, total),
        needed=votes_to_count(dialogue, total),
    )


def _write(request: HttpRequest, dialogue: Dialogue, page: dict[str, Any]) -> HttpResponse:
    """Check the text as it would be checked, and store nothing."""
    text, status = request.POST.get("text", ""), 200
    page |= {"text": text, "advised": min(ADVISED_LENGTH, dialogue.statement_limit)}
    if request.method == "POST":
        try:
            normalised = check_statement(dialogue, text)
        except StatementRefused as refused:
            status = refused.status
            page["text"] = str(refused.values.get("cleaned", text))
            page["error"] = refused.message
            if refused.code == "said_already":
                page["existing"] = refused.values["existing"]
        else:
            checked = request.POST.get("checked") == dedup_hash(normalised)
            advice = {} if checked else advice_on(dialogue, normalised)
            page |= advice or {"tried": True}
    return render(request, "dialogues/preview/write.html", page, status=status)
