"""The page of one dialogue."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Participant, Statement, StoredMap
from middleground.dialogues.privacy.retention import key_state
from middleground.dialogues.queries import (
    codes_made,
    has_final_map,
    public_dialogue,
)
from middleground.disclosure.rounding import floor_to_step


def newest_participants(dialogue_id: int | OuterRef) -> QuerySet[StoredMap, int]:
    """The number of participants in the newest published map.

    A live count, compared with the map, would disclose how many took part since.
    """
    maps = StoredMap.objects.filter(dialogue_id=dialogue_id).order_by("-made_at", "-pk")
    return maps.values_list("participants", flat=True)[:1]


@cached_page()
@require_safe
def show_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    page = {
        "dialogue": dialogue,
        "phase": phase,
        "final": phase == "closed" and has_final_map(dialogue),
        "took_part": floor_to_step(
            newest_participants(dialogue.pk).first() or 0, dialogue.minimum_shown
        ),
        "statements": Statement.objects.published().filter(dialogue=dialogue).count(),
        "key": key_state(dialogue),
        "has_codes": bool(codes_made(dialogue)),
        "uncounted": [Participant.Tier(tier).label for tier in dialogue.uncounted_tiers],
    }
    return render(request, "dialogues/dialogue.html", page)
