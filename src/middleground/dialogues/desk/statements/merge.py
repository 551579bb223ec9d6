"""Page to merge a statement into another, with how people answered both."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import numbers_in
from middleground.dialogues.desk.statements.moderation_queue import address_after
from middleground.dialogues.desk.statements.tallies import map_tallies
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.texts.decisions import DecisionRefused
from middleground.dialogues.texts.search import candidates, containing
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.texts.similarity import find_similar

MOST_OFFERED = 8


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def merge_statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    statement = dialogue.statements.filter(number=number).first()
    if statement is None:
        raise Http404
    if request.method == "POST":
        answer = _merge(request, dialogue, statement)
        if answer:
            return answer
    query = request.GET.get("q", "").replace("\0", "")[:200].strip()
    into = request.POST.get("into", request.GET.get("into", ""))
    offered = _offered(dialogue, statement, query, numbers_in([into]))
    tallies = map_tallies(dialogue, [statement, *offered])
    page = {
        **dialogue_frame(request, dialogue),
        "statement": statement,
        "state": statement.state.value,
        "tally": tallies[statement.pk],
        "offered": [(other, tallies[other.pk]) for other in offered],
        "chosen": into,
        "query": query,
    }
    return render(request, "dialogues/desk/merge.html", page)


def _merge(request: HttpRequest, dialogue: Dialogue, statement: Statement) -> HttpResponse | None:
    """Merge and redirect to the queue. Return None if the page must be shown again."""
    given = numbers_in([request.POST.get("into", "")])
    into = dialogue.statements.filter(number__in=given).first()
    if into is None:
        messages.error(request, _("Choose the statement that says the same."))
        return None
    try:
        merge(staff_user(request), statement, request.POST.get("seen", ""), into)
    except DecisionRefused as refused:
        if refused.code == "decided_already":
            messages.warning(request, refused.message)
            return redirect("desk_moderation", dialogue.slug)
        messages.error(request, refused.message)
        return None
    messages.success(
        request,
        _("Number %(number)d is merged into number %(into)d. No vote was moved.")
        % {"number": statement.number, "into": into.number},
    )
    return redirect(address_after(kind_of(Statement), dialogue, {}, [statement.number]))


def _offered(
    dialogue: Dialogue, statement: Statement, query: str, chosen: list[int]
) -> list[Statement]:
    """Shown statements: the chosen one first, then what is similar or matches the search query."""
    others = dialogue.statements.votable().exclude(pk=statement.pk).order_by("number")
    first = list(others.filter(number__in=chosen))
    if numbers_in([query]):
        rest = list(others.filter(number__in=numbers_in([query])))
    elif query:
        rest = list(others.filter(containing(query, others))[:MOST_OFFERED])
    else:
        near = candidates(statement.text, dialogue, others)
        found = find_similar(statement.text, near, MOST_OFFERED, threshold=40)
        rest = [similar.statement for similar in found]
    return [*first, *(each for each in rest if each not in first)]
