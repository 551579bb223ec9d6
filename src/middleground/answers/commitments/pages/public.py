"""The public list of commitments of a dialogue, and each with its whole story."""

from __future__ import annotations

from datetime import date
from itertools import chain

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from middleground.answers.checks.claims import claims_in
from middleground.answers.commitments.pages.figure import MOST_LINES, due_figure, due_line
from middleground.answers.commitments.pages.lines import (
    ShownCommitment,
    by_standing,
    parts_on_page,
    shown,
    with_claims,
)
from middleground.answers.commitments.queries import commitments_in, count_of
from middleground.answers.commitments.sentences import story_of
from middleground.answers.commitments.story import state_of
from middleground.answers.models import Commitment
from middleground.answers.pages.today import today
from middleground.core.page.paging import list_page
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results.figures import Figure, file_of
from middleground.dialogues.results.picture_files import PictureFile

COMMITMENTS_ON_A_PAGE = 50


@cached_page(query=("page",))
@require_safe
def show_commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """Page by page; above the first stands the picture, which is of the whole list."""
    dialogue, on = public_dialogue(slug), today()
    found = _found(dialogue)
    groups = by_standing(shown(found, on))
    lines = list(chain.from_iterable(group.shown for group in groups))
    listed = list_page(request.GET, lines, COMMITMENTS_ON_A_PAGE)
    page = {
        "dialogue": dialogue,
        "count": count_of(found, on),
        "groups": parts_on_page(groups, with_claims(listed.rows, most=1)),
        "listed": listed,
        "figure": _drawn(lines[:MOST_LINES], on) if lines and listed.number == 1 else None,
        "left_out": max(0, len(lines) - MOST_LINES),
    }
    return render(request, "answers/commitments/list.html", page)


def _found(dialogue: Dialogue) -> list[Commitment]:
    found = list(commitments_in(dialogue))
    for each in found:
        each.dialogue = dialogue
    return found


def _drawn(lines: list[ShownCommitment], on: date) -> Figure:
    """One query."""
    prefetch_related_objects([each.row for each in lines], "events")
    drawn = [due_line(each, state_of(each.row.events.all())) for each in lines]
    return due_figure(drawn, on, file_of("commitments-picture", lines[0].row.dialogue.slug))


def due_picture(slug: str, number: int = 0) -> PictureFile:
    """The due days of all commitments, or of one of them, as a file."""
    dialogue, on = public_dialogue(slug), today()
    found = [each for each in _found(dialogue) if number in (0, each.number)]
    lines = list(chain.from_iterable(group.shown for group in by_standing(shown(found, on))))
    if not lines:
        raise Http404
    figure = _drawn(lines[:MOST_LINES], on)
    page = found[0].get_absolute_url() if number else reverse("commitments", args=[slug])
    return PictureFile(figure.svg, figure.caption, dialogue, page, on)


@cached_page()
@require_safe
def show_commitment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue, on = public_dialogue(slug), today()
    commitment = commitments_in(dialogue).filter(number=number).first()
    if commitment is None:
        raise Http404
    commitment.dialogue = commitment.case.dialogue = dialogue
    events = list(commitment.events.select_related("resident_check"))
    for event in events:
        event.commitment = commitment
    claims = claims_in(events)
    state = state_of(events)
    (line,) = shown([commitment], on)
    page = {
        "dialogue": dialogue,
        "commitment": commitment,
        "shown": line,
        "state": state,
        "claims": claims,
        "whole": claims.get(None),
        "today": on,
        "figure": due_figure(
            [due_line(line, state)], on, file_of("commitment-picture", slug, number)
        ),
        "story": story_of(events),
    }
    return render(request, "answers/commitments/commitment.html", page)
