"""Addresses that are the same for all who follow the same thing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.answers.models import CaseEvent, Commitment, CommitmentEvent
from middleground.answers.pages.due_days import due_days_file
from middleground.answers.pages.feed import feed_of
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue

MOST_DUE = 1000


@cached_page()
@require_safe
def show_case_feed(request: HttpRequest, slug: str, number: int) -> HttpResponse:  # noqa: ARG001
    """The newest events of one case."""
    dialogue = public_dialogue(slug)
    case = dialogue.cases.filter(number=number).first()
    if case is None:
        raise Http404
    case.dialogue = dialogue
    events = CaseEvent.objects.filter(case=case)
    promised = CommitmentEvent.objects.filter(commitment__case=case)
    return feed_of(dialogue, events, promised, case.title, case.get_absolute_url())


@cached_page()
@require_safe
def show_calendar(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The days on which answers to cases of a dialogue, and what was promised, are due."""
    dialogue = public_dialogue(slug)
    due = dialogue.cases.waiting().exclude(due_on=None).order_by("due_on", "pk")
    name = _("Answers that are due: %(question)s") % {"question": dialogue.question}
    promised = Commitment.objects.open().filter(dialogue=dialogue).order_by("due_on", "pk")
    return due_days_file(
        due.select_related("dialogue")[:MOST_DUE],
        name,
        promised.select_related("dialogue")[:MOST_DUE],
    )
