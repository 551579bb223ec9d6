"""One statement at a time: the card, and where votes by plain forms come back to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from middleground.core.errors import error_page
from middleground.dialogues.identity.cookie import keep_token, token_of
from middleground.dialogues.identity.proof_of_work import challenge
from middleground.dialogues.identity.proofs import check_proof, proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.dialogues.participation.admission import (
    BY_CODE,
    counts_apart,
    may_take_part,
    tier_of,
)
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.voting.card import LastVote
from middleground.dialogues.voting.dealing import Deck, decks


@require_safe
@never_cache
def take_part(request: HttpRequest, slug: str) -> HttpResponse:
    """The next card. ``?after=N`` tells of the vote just stored, ``?again=N`` asks once more."""
    dialogue = public_dialogue(slug)
    if not dialogue.is_open(timezone.now()):
        return redirect(dialogue)
    token = token_of(request) or new_token()
    if not may_take_part(dialogue, token):
        return redirect("code", slug)
    rows = Vote.objects.filter(participant_id=pseudonym(dialogue.pk, token))
    votes = dict(rows.values_list("statement_id", "value"))
    page = {
        "dialogue": dialogue,
        "has_voted": bool(votes),
        **_card_and_last(request, dialogue, token, votes),
        **_admission(request, dialogue, token),
    }
    response = render(request, "dialogues/take_part.html", page)
    keep_token(response, token)
    return response


def _admission(request: HttpRequest, dialogue: Dialogue, token: bytes) -> dict[str, object]:
    """What is left to do before their votes count, and for the next person on a shared device."""
    tier = tier_of(dialogue, token)
    waits = tier in (None, Participant.Tier.WAITING)
    return {
        "challenge": challenge(dialogue.pk, token, timezone.now()) if waits else "",
        "apart": counts_apart(dialogue, tier),
        "shared_device": tier == Participant.Tier.IN_PERSON,
        "admitted": "admitted" in request.GET and tier in BY_CODE,
        "confirmed": "confirmed" in request.GET and not waits,
    }


def _card_and_last(
    request: HttpRequest, dialogue: Dialogue, token: bytes, votes: dict[int, int]
) -> dict[str, object]:
    deck = decks.of(dialogue)
    again = deck.by_number.get(_number(request, "again"))
    if again is not None:
        return {"card": deck.card(again, _proof(request, deck, token, again), votes), "last": None}
    after = deck.by_number.get(_number(request, "after"))
    last = None
    if after is not None and after.pk in votes:
        # As it stands in the database, whatever the address says.
        shown = deck.card(after, _proof(request, deck, token, after), votes)
        last = LastVote(after.number, shown.value, shown.proof)
    return {"card": deck.deal(token, votes), "last": last}


def _proof(request: HttpRequest, deck: Deck, token: bytes, statement: Statement) -> str:
    """The proof that the page before had; without it, the statement counts as looked up."""
    given = request.GET.get("proof", "")
    if check_proof(deck.dialogue.pk, token, statement.pk, given) is not None:
        return given
    return proof(deck.dialogue.pk, token, statement.pk, dealt=False)


def _number(request: HttpRequest, name: str) -> int:
    """A statement's number in the address; -1, which none has, where there is none."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


@csrf_exempt  # it changes nothing; a check would hide behind 403 what is wrong
def vote_needs_a_form(request: HttpRequest, slug: str) -> HttpResponse:
    """What answers when the vote's address is opened like a page: POST goes to the vote route."""
    page = error_page(
        request,
        405,
        _("Votes are sent with the buttons of a page"),
        _("Nothing was stored, and your earlier votes are safe."),
        back=reverse("take-part", args=[slug]),
        back_label=_("Back to the dialogue"),
    )
    page.headers["Allow"] = HttpResponseNotAllowed(["POST"]).headers["Allow"]
    return page
