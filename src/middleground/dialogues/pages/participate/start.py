"""What newcomers see before the first card: what this is, who is behind it, what is not stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.identity.cookie import token_of, with_choice
from middleground.dialogues.pages.participate.vote_card import number_in, with_statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.voting.dealing import votes_to_count


@cached_page(query=("again",))
@require_safe
def show_start(request: HttpRequest, slug: str) -> HttpResponse:
    """One screen, which sets no cookie. Who has been here goes on to the cards at once."""
    dialogue = public_dialogue(slug)
    cards = with_statement(reverse("take-part", args=[slug]), number_in(request, "again"))
    if not dialogue.is_open(timezone.now()):
        return redirect(dialogue)
    if token_of(request):
        return redirect(cards)
    statements = dialogue.statements.votable().count()
    page = {
        "dialogue": dialogue,
        "cards": cards,
        "cards_once": with_choice(cards),
        "goal": min(dialogue.vote_goal, statements),
        "needed": votes_to_count(dialogue, statements),
    }
    return render(request, "dialogues/start.html", page)
