"""“My votes”: a participant's votes and statements in one dialogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import (
    Dialogue,
    ModeratedText,
    Participant,
    RetentionHold,
    Statement,
    Vote,
)
from middleground.dialogues.models.texts.text_kinds import (
    TextKind,
    find_text_kinds,
    kind_called,
    kind_of,
)
from middleground.dialogues.participation.admission import counts_apart, tier_of
from middleground.dialogues.participation.own_data import (
    OwnDataRefused,
    take_text_back,
)
from middleground.dialogues.privacy.retention import is_held
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.redaction import redacted
from middleground.dialogues.texts.appeals import appeal_against, may_appeal, who_looked_again
from middleground.dialogues.texts.authors import authors_may_act, written_by
from middleground.dialogues.translations.shown import of_dialogue
from middleground.ledger.records.entries import STATEMENTS
from middleground.texts.moderation import TextState

VOTES_A_PAGE = 100
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A participant's own vote. ``proof`` is empty if the vote can no longer be changed.

    ``removed``: the statement's text was removed after the final result, but the vote counts in it.
    ``dealt``: we chose the statement; a vote on one that was looked up does not count.
    """

    statement: Statement
    value: int
    proof: str
    removed: bool
    dealt: bool


@require_safe
@never_cache
def show_my_votes(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    token = token_of(request)
    if dialogue.key_destroyed_on:
        return _after_the_key(request, dialogue, token)
    tier = tier_of(dialogue, token)
    written = own_texts(dialogue, token, kind_of(Statement)) if token else []
    of_dialogue(dialogue, written)
    votes_page = _page_of_votes(request, dialogue, token) if token else None
    sent = request.GET.get("sent", "")
    page = {
        "dialogue": dialogue,
        "phase": dialogue.phase(timezone.now()),
        "votes": _own_votes(dialogue, token, votes_page) if token and votes_page else [],
        "votes_page": votes_page,
        "written": written,
        "other_texts": _other_texts(dialogue, token) if token else [],
        "not_counted": dialogue.open_participation
        and dialogue.is_open(timezone.now())
        and tier == Participant.Tier.UNCONFIRMED,
        "apart": tier is not None and counts_apart(dialogue, tier),
        # Anyone can write a number in a URL: it must be this participant's statement.
        "just_sent": next((own for own in written if str(own.number) == sent), None),
        "just_appealed": any(
            str(own.number) == request.GET.get("appealed") and appeal_against(own)
            for own in written
        ),
        "just_wrote": request.GET.get("commented", ""),
        "just_appealed_other": request.GET.get("appealed") == "other",
        "busy": "busy" in request.GET,
        "sent_but_unknown": bool(sent) and token is None,
        **_after_deleting(request, token),
        "let_go": request.GET.get("deleted") == "statements" and not written,
        "taken_back": request.GET.get("taken-back", ""),
        "texts_held": any(
            own.status == Statement.Status.REJECTED and not own.text_deleted for own in written
        )
        and is_held(dialogue, RetentionHold.What.TEXTS),
    }
    return render(request, "dialogues/mine.html", page)


def _after_deleting(request: HttpRequest, token: bytes | None) -> dict[str, bool]:
    return {
        "deleted": "deleted" in request.GET,
        "everything": request.GET.get("deleted") == "everything",
        "known": token is not None,
    }


def _after_the_key(request: HttpRequest, dialogue: Dialogue, token: bytes | None) -> HttpResponse:
    """What can still be known: texts whose author is known by a mark alone."""
    page = {
        "dialogue": dialogue,
        "other_texts": _other_texts(dialogue, token) if token else [],
        **_after_deleting(request, token),
        "taken_back": request.GET.get("taken-back", ""),
        "just_appealed_other": request.GET.get("appealed") == "other",
    }
    return render(request, "dialogues/key_destroyed.html", page)


@require_POST
@never_cache
def take_back_text(
    request: HttpRequest, slug: str, number: int, collection: str = STATEMENTS
) -> HttpResponse:
    """Delete an own waiting text; the page says so if a moderator decided first."""
    dialogue = public_dialogue(slug)
    kind = kind_called(collection)
    if kind is None:
        raise Http404
    token = token_of(request)
    if token is None or (dialogue.key_destroyed_on and not kind.by_mark):
        return redirect("my-votes", slug)
    try:
        done = take_text_back(dialogue, token, number, kind)
    except OwnDataRefused:
        return redirect("my-votes", slug)  # that page says that the dialogue is closed
    return redirect(f"{reverse('my-votes', args=[slug])}?taken-back={'yes' if done else 'no'}")


def _page_of_votes(request: HttpRequest, dialogue: Dialogue, token: bytes) -> Page[Vote]:
    """A page of own votes, newest statement first, because the time of a vote is not stored.

    ``?at=`` asks for the page with the vote on the statement of this number, or with its place if
    the vote was taken back.
    """
    participant = pseudonym(dialogue.pk, token)
    votes = Vote.objects.filter(participant_id=participant).order_by("-statement__number")
    votes = votes.select_related("statement__merged_into")
    newest = list(votes[: VOTES_A_PAGE + 1])
    if len(newest) <= VOTES_A_PAGE:  # mostly these are all, so they need not be counted
        return Paginator(newest, VOTES_A_PAGE).get_page(1)
    pages = Paginator(votes, VOTES_A_PAGE)
    at = request.GET.get("at", "")
    if _NUMBER.fullmatch(at):
        before = votes.filter(statement__number__gt=int(at)).count()
        return pages.get_page(before // VOTES_A_PAGE + 1)
    return pages.get_page(request.GET.get("page"))


def _own_votes(dialogue: Dialogue, token: bytes, votes: Iterable[Vote]) -> list[OwnVote]:
    is_open = dialogue.is_open(timezone.now())
    gone = Statement.objects.removed().filter(dialogue=dialogue)
    removed = set() if is_open else set(gone.values_list("pk", flat=True))
    votes = list(votes)
    of_dialogue(dialogue, [vote.statement for vote in votes])
    return [
        OwnVote(
            redacted(vote.statement) if vote.statement_id in removed else vote.statement,
            vote.value,
            # Who takes a vote on a dealt statement back and gives it again has it counted again.
            proof(dialogue.pk, token, vote.statement_id, dealt=vote.dealt)
            if is_open and vote.statement.status == Statement.Status.APPROVED
            else "",
            vote.statement_id in removed,
            vote.dealt,
        )
        for vote in votes
    ]


def _other_texts(dialogue: Dialogue, token: bytes) -> list[tuple[TextKind, list[ModeratedText]]]:
    """What else they wrote, by kind of text."""
    kinds = [kind for kind in find_text_kinds() if kind.model is not Statement]
    found = [(kind, own_texts(dialogue, token, kind)) for kind in kinds]
    return [(kind, texts) for kind, texts in found if texts]


def own_texts(dialogue: Dialogue, token: bytes, kind: TextKind) -> list[Any]:
    """Own texts, newest first, with ``may_appeal``, ``may_take_back`` and ``may_correct``.

    ``looked_again`` says who decided the appeal, see ``who_looked_again``.
    """
    written = written_by(token, dialogue, kind)
    alone = kind.waiting_alone(kind.texts.filter(pk=OuterRef("pk")))
    written = written.annotate(may_take_back=Exists(alone))
    if kind.model is Statement:  # its page says so if it cannot be for another reason
        others = Vote.objects.filter(statement=OuterRef("pk"))
        written = written.annotate(voted=Exists(others.exclude(participant=OuterRef("author"))))
    found: list[Any] = list(written.select_related(*kind.related).order_by("-pk"))
    decided = [each for each in found if (appeal := appeal_against(each)) and appeal.is_decided]
    again = who_looked_again(decided) if decided else {}
    acting = authors_may_act(dialogue, kind)
    for text in found:
        text.may_appeal = may_appeal(text) and acting
        text.looked_again = again.get(text.pk, "")
        text.may_take_back |= kind.withdrawable and text.state is not TextState.REJECTED
        text.may_take_back &= acting
        text.may_correct = (
            kind.model is Statement and acting and text.is_by_participant and not text.voted
        )
    return found
