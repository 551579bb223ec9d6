"""The public list of commitments of a dialogue, and each with its whole story."""

from __future__ import annotations

from itertools import chain

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.answers.commitments.pages.figure import MOST_LINES, due_figure, due_line
from middleground.answers.commitments.pages.lines import by_standing, shown
from middleground.answers.commitments.queries import commitments_in, count_of
from middleground.answers.commitments.sentences import story_of
from middleground.answers.commitments.story import state_of
from middleground.answers.pages.today import today
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue


@cached_page()
@require_safe
def show_commitments(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue, on = public_dialogue(slug), today()
    found = list(commitments_in(dialogue).prefetch_related("events"))
    for each in found:
        each.dialogue = dialogue
    groups = by_standing(shown(found, on))
    drawn = list(chain.from_iterable(group.shown for group in groups))[:MOST_LINES]
    lines = [due_line(each, state_of(each.row.events.all())) for each in drawn]
    page = {
        "dialogue": dialogue,
        "count": count_of(found, on),
        "groups": groups,
        "figure": due_figure(lines, on) if lines else None,
        "left_out": len(found) - len(drawn),
    }
    return render(request, "answers/commitments/list.html", page)


@cached_page()
@require_safe
def show_commitment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue, on = public_dialogue(slug), today()
    commitment = commitments_in(dialogue).filter(number=number).first()
    if commitment is None:
        raise Http404
    commitment.dialogue = commitment.case.dialogue = dialogue
    events = list(commitment.events.all())
    state = state_of(events)
    (line,) = shown([commitment], on)
    page = {
        "dialogue": dialogue,
        "commitment": commitment,
        "shown": line,
        "state": state,
        "today": on,
        "figure": due_figure([due_line(line, state)], on),
        "story": story_of(events),
    }
    return render(request, "answers/commitments/commitment.html", page)
