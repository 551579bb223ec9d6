"""The vote card: one statement at a time. Votes sent without JavaScript return here too."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from middleground.core.page.errors import error_page
from middleground.dialogues.identity.cookie import (
    CHOICE,
    first_choice,
    keep_token,
    token_of,
    with_choice,
)
from middleground.dialogues.identity.proof_of_work import challenge
from middleground.dialogues.identity.proofs import check_proof, proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.maps.schedule import trouble_of_map
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.dialogues.participation.admission import (
    BY_CODE,
    counts_apart,
    may_take_part,
    tier_of,
)
from middleground.dialogues.queries import OwnVotes, public_dialogue
from middleground.dialogues.voting.card import LastVote, card_page
from middleground.dialogues.voting.dealing import Card, StatementPool, statement_pools
from middleground.publiclog.upkeep.lateness import is_log_late


@require_safe
@never_cache
def take_part(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a card. ``?after=N`` confirms the vote just stored; ``?again=N`` shows statement N.

    So a link to a statement that somebody shared leads newcomers to it. Their vote is stored, and
    the card says that it does not count: we did not choose the statement.
    """
    dialogue = public_dialogue(slug)
    if not dialogue.is_open(timezone.now()):
        return redirect(dialogue)
    token = token_of(request) or new_token()
    if not may_take_part(dialogue, token):
        code = with_statement(reverse("code", args=[slug]), number_in(request, "again"))
        return redirect(with_choice(code) if CHOICE in request.GET else code)
    rows = Vote.objects.filter(participant_id=pseudonym(dialogue.pk, token))
    votes = _votes(rows)
    admission = _admission(request, dialogue, token)
    page = {
        "has_voted": bool(votes.values),
        "log_is_late": is_log_late(),
        "map_trouble": trouble_of_map(dialogue, "open"),
        **_card_and_last(request, dialogue, token, votes),
        **admission,
        # With a script the card is answered without this, and the script knows.
        "waits": bool(admission["challenge"]) and bool(votes.values),
    }
    response = render(request, "dialogues/take_part.html", page)
    keep_token(request, response, token, remembered=first_choice(request))
    return response


def _admission(request: HttpRequest, dialogue: Dialogue, token: bytes) -> dict[str, object]:
    """What must still be done for the votes to count, and whether the device is shared."""
    tier = tier_of(dialogue, token)
    waits = tier in (None, Participant.Tier.UNCONFIRMED)
    return {
        "challenge": challenge(dialogue.pk, token, timezone.now()) if waits else "",
        "apart": counts_apart(dialogue, tier),
        "shared_device": tier == Participant.Tier.IN_PERSON,
        "admitted": "admitted" in request.GET and tier in BY_CODE,
        "confirmed": "confirmed" in request.GET and not waits,
    }


def _votes(rows: QuerySet[Vote]) -> OwnVotes:
    votes = OwnVotes()
    for statement, value, dealt in rows.values_list("statement_id", "value", "dealt"):
        votes.values[statement] = value
        if not dealt:
            votes.looked_up.add(statement)
    return votes


def _card_and_last(
    request: HttpRequest, dialogue: Dialogue, token: bytes, votes: OwnVotes
) -> dict[str, object]:
    pool = statement_pools.of(dialogue)
    again = pool.by_number.get(number_in(request, "again"))
    if again is not None:
        return card_page(dialogue, _card_of(request, pool, token, again, votes), None)
    after = pool.by_number.get(number_in(request, "after"))
    last = None
    if after is not None and after.pk in votes.values:
        # The value comes from the database; the URL is not trusted.
        shown = _card_of(request, pool, token, after, votes)
        last = LastVote(after.number, shown.value, shown.proof, shown.dealt)
    return card_page(dialogue, pool.next_card(token, votes), last)


def _card_of(
    request: HttpRequest,
    pool: StatementPool,
    token: bytes,
    statement: Statement,
    votes: OwnVotes,
) -> Card:
    """A certain statement: looked up, unless a vote or the previous page shows that we chose it."""
    if statement.pk in votes.values:
        chosen = statement.pk not in votes.looked_up
    else:
        given = request.GET.get("proof", "")
        chosen = check_proof(pool.dialogue.pk, token, statement.pk, given) is True
    shown = proof(pool.dialogue.pk, token, statement.pk, dealt=chosen)
    return pool.card(statement, shown, votes, dealt=chosen)


def number_in(request: HttpRequest, name: str) -> int:
    """The statement number in the query string, or -1, which no statement has."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def with_statement(address: str, number: int) -> str:
    """The address with the statement that a shared link is about, if there is one."""
    return f"{address}?again={number}" if number > 0 else address


@csrf_exempt  # it changes nothing, and a 403 would hide the explanation
def vote_needs_a_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Explain when the vote URL is opened as a page; the vote route answers POST requests."""
    page = error_page(
        request,
        405,
        _("Use the buttons on a page to vote"),
        _("Nothing was stored. Your earlier votes are safe."),
        back=reverse("take-part", args=[slug]),
        back_label=_("Back to the dialogue"),
    )
    page.headers["Allow"] = HttpResponseNotAllowed(["POST"]).headers["Allow"]
    return page
