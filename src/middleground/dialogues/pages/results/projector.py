"""The dialogue on the wall of a meeting: how to take part, and what the newest map says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.page.qr_code import qr_code
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.maps.schedule import trouble_of_map
from middleground.dialogues.pages.results.opinion_map import map_state
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.results.summary import summary

# What the code on the wall opens, by the phase of the dialogue.
_LEADS_TO = {"open": "start", "scheduled": "dialogue", "closed": "results"}


@cached_page(fragment="wall")
@require_safe
@conditional_page
def show_on_wall(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one screen without controls, the same for everyone.

    An open page renews itself, as that of the map does, when a newer map or a phase comes.
    """
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    published = newest_map(dialogue)
    trouble = trouble_of_map(dialogue, phase)
    page = {
        "dialogue": dialogue,
        "phase": phase,
        "published": published,
        "map_trouble": trouble,
        "shown": map_state(published.pk if published else 0, phase, trouble),
        "qr": qr_code(absolute(reverse(_LEADS_TO[phase], args=[slug]))),
        "address": absolute(dialogue.get_absolute_url()).partition("://")[2],
    }
    if published and published.facts.status != "too_little":
        page |= {
            "facts": published.facts,
            "summary": summary(published),
            "statements_picture": figures.statements_figure(published),
            "note_on_ranges": figures.note_on_ranges(published),
            **figures.numbers_of_participants(published),
        }
    is_part = request.headers.get("HX-Target") == "wall"
    template = "dialogues/_wall.html" if is_part else "dialogues/wall.html"
    response = render(request, template, page)
    patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Cookie", "HX-Target"])
    return response
