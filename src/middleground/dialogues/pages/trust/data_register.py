"""“What we know about you”: the register of stored data as a public page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.core.stored_data import StoredData, Subject, data_register
from middleground.dialogues.models import Dialogue
from middleground.dialogues.privacy.retention import key_states
from middleground.dialogues.translations.machine.configured import host_of_translations


@cached_page()
@require_safe
def show_what_we_know(request: HttpRequest) -> HttpResponse:
    """Show the register, the same for every visitor: the cookie is not read."""
    public = Dialogue.objects.exclude(state=Dialogue.State.DRAFT).filter(imported=False)
    dialogues = list(public.order_by("-id"))
    states = key_states(dialogues)
    register = data_register()
    page = {
        "yours": _alike([entry for entry in register.data if entry.subject is Subject.YOURS]),
        "others": _alike([entry for entry in register.data if entry.subject is not Subject.YOURS]),
        "cookies": register.cookies,
        "files": register.files,
        "never": register.not_stored,
        "elsewhere": register.elsewhere,
        "translated_at": host_of_translations(),
        "keys": [(dialogue, states[dialogue.pk]) for dialogue in dialogues],
    }
    return render(request, "dialogues/what_we_know.html", page)


def _alike(entries: list[StoredData]) -> list[list[StoredData]]:
    """The entries, grouped where all their texts but the title are the same: read once, not often.

    A group stands where its first entry stood.
    """
    groups: dict[tuple[str, ...], list[StoredData]] = {}
    for entry in entries:
        told = str(entry.how_long), str(entry.without_keys), str(entry.with_keys)
        groups.setdefault(told, []).append(entry)
    return list(groups.values())
