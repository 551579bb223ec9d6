"""The public list of dialogues, and the page of one dialogue."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap
from middleground.dialogues.privacy.retention import key_state
from middleground.dialogues.queries import (
    codes_made,
    has_final_map,
    listed_dialogues,
    public_dialogue,
)
from middleground.disclosure.rounding import floor_to_step

ORDER = ("open", "scheduled", "closed")


@dataclass(frozen=True, slots=True)
class ListedDialogue:
    """A dialogue in the list. ``took_part`` is rounded down; 0 means fewer than the minimum."""

    dialogue: Dialogue
    phase: str
    took_part: int


def _participants(dialogue_id: int | OuterRef) -> QuerySet[StoredMap, int]:
    """The number of participants in the newest published map.

    A live count, compared with the map, would disclose how many took part since.
    """
    maps = StoredMap.objects.filter(dialogue_id=dialogue_id).order_by("-made_at", "-pk")
    return maps.values_list("participants", flat=True)[:1]


@cached_page()
@require_safe
def show_dialogues(request: HttpRequest) -> HttpResponse:
    """List open dialogues first, then scheduled ones, then closed ones."""
    at = timezone.now()
    dialogues = listed_dialogues().order_by("-id")
    entries = [
        ListedDialogue(
            dialogue,
            dialogue.phase(at),
            floor_to_step(dialogue.participant_count or 0, dialogue.minimum_shown),
        )
        for dialogue in dialogues.annotate(
            participant_count=Subquery(_participants(OuterRef("pk")))
        )
    ]
    entries.sort(key=lambda entry: ORDER.index(entry.phase))
    return render(request, "dialogues/list.html", {"entries": entries})


@cached_page()
@require_safe
def show_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    page = {
        "dialogue": dialogue,
        "phase": phase,
        "final": phase == "closed" and has_final_map(dialogue),
        "took_part": floor_to_step(_participants(dialogue.pk).first() or 0, dialogue.minimum_shown),
        "statements": Statement.objects.published().filter(dialogue=dialogue).count(),
        "key": key_state(dialogue),
        "has_codes": bool(codes_made(dialogue)),
        "uncounted": [Participant.Tier(tier).label for tier in dialogue.uncounted_tiers],
    }
    return render(request, "dialogues/dialogue.html", page)
