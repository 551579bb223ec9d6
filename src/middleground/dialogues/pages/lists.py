"""The public lists of dialogues: the front page, the archive, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from middleground.core.page.errors import asked_too_often
from middleground.core.page.paging import list_page
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.pages.dialogue import newest_participants
from middleground.dialogues.queries import for_order, in_list_order, listed_dialogues
from middleground.dialogues.texts.search import dialogues_with
from middleground.disclosure.rounding import floor_to_step

ON_A_PAGE = 20
LONGEST_QUERY = 100
SEARCHED_FROM = 4  # a list of three is read faster than a search is typed


@dataclass(frozen=True, slots=True)
class ListedDialogue:
    """A dialogue in a list. ``took_part`` is rounded down; 0 means fewer than the minimum."""

    dialogue: Dialogue
    phase: str
    took_part: int


def listed(dialogues: Sequence[Dialogue], at: datetime) -> list[ListedDialogue]:
    """What a list shows of these, in their order."""
    rows = Dialogue.objects.defer("background", "promise", "moderation_policy")
    rows = rows.annotate(participant_count=Subquery(newest_participants(OuterRef("pk"))))
    found = rows.in_bulk([each.pk for each in dialogues])
    return [
        ListedDialogue(
            dialogue,
            dialogue.phase(at),
            floor_to_step(dialogue.participant_count or 0, dialogue.minimum_shown),
        )
        for each in dialogues
        if (dialogue := found.get(each.pk))
    ]


@cached_page(query=("page",))
@require_safe
def show_dialogues(request: HttpRequest) -> HttpResponse:
    """Open dialogues first, then scheduled ones, then closed ones that are not in the archive."""
    at = timezone.now()
    everything = list(for_order(listed_dialogues()))
    current = [dialogue for dialogue in everything if dialogue.archived_on is None]
    shown = list_page(request.GET, in_list_order(current, at), ON_A_PAGE)
    page = {
        "list": shown,
        "entries": listed(shown.rows, at),
        "earlier": len(everything) - len(current),
        "searchable": len(everything) >= SEARCHED_FROM,
    }
    return render(request, "dialogues/list.html", page)


@cached_page(query=("page",))
@require_safe
def show_earlier(request: HttpRequest) -> HttpResponse:
    """The archive: dialogues that staff took off the front page, the newest in it first."""
    archived = for_order(listed_dialogues().exclude(archived_on=None))
    shown = list_page(request.GET, archived.order_by("-archived_on", "-pk"), ON_A_PAGE)
    entries = listed(shown.rows, timezone.now())
    page = {"list": shown, "entries": entries, "searchable": shown.total >= SEARCHED_FROM}
    return render(request, "dialogues/earlier.html", page)


@never_cache
@require_safe
def search_dialogues(request: HttpRequest) -> HttpResponse:
    """All dialogues that have the words, also archived ones. Nothing is kept of who looks."""
    if too_many := asked_too_often(request, "search", None):
        return too_many
    at, query = timezone.now(), request.GET.get("q", "")[:LONGEST_QUERY].strip()
    found: list[Dialogue] = []
    if query:
        having = dialogues_with(query, listed_dialogues())
        found = in_list_order(for_order(listed_dialogues().filter(pk__in=having)), at)
    shown = list_page(request.GET, found, ON_A_PAGE, others=("q",))
    page = {"list": shown, "entries": listed(shown.rows, at), "query": query}
    return render(request, "dialogues/search.html", page)
