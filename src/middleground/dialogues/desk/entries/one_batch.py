"""Page of one batch: begin with the next person, close it, set it aside."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.refusals import Refused
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.entries.at_hand import PersonAtHand, person_at_hand
from middleground.dialogues.desk.entries.batches import batches_of, people_told
from middleground.dialogues.identity.admission_codes import PRINTED_LENGTH, parse_code
from middleground.dialogues.models import Dialogue, EntryBatch
from middleground.dialogues.participation.entries import batches
from middleground.dialogues.participation.entries.people import EntryRefused, begin_person
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.people.permissions import Action, require, staff_only, staff_user

_SENT = {
    "do": forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            ("begin", gettext_lazy("Begin with a person")),
            ("close", gettext_lazy("Close the batch")),
            ("reopen", gettext_lazy("Reopen the batch")),
            ("aside", gettext_lazy("Set it aside")),
            ("again", gettext_lazy("Count it again")),
        ],
    ),
    "code": forms.CharField(label=gettext_lazy("Code from a letter")),
}
_DONE = {
    "close": (batches.close_batch, gettext_lazy("The batch is closed.")),
    "reopen": (batches.reopen_batch, gettext_lazy("The batch is open again.")),
    "aside": (batches.set_batch_aside, gettext_lazy("Nobody in this batch counts any more.")),
    "again": (batches.count_batch_again, gettext_lazy("Everybody in this batch counts again.")),
}


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_batch(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.ENTER, dialogue)
    batch = batch_of(request, dialogue, number)
    if request.method != "POST":
        return _page(request, dialogue, batch)
    what = request.POST.get("do", "")
    if what in {"aside", "again", "reopen"}:
        require(request, Action.FACILITATE, dialogue)
    try:
        if what == "begin":
            return _begin(batch, request.POST.get("code", ""))
        if what in _DONE:
            act, done = _DONE[what]
            changed = act(staff_user(request), batch)
            messages.success(request, done if changed else _("Nothing was changed."))
    except Refused as refused:
        return _page(request, dialogue, batch, refused.message, refused.status)
    return redirect("desk_batch", slug=slug, number=number)


def batch_of(request: HttpRequest, dialogue: Dialogue, number: int) -> EntryBatch:
    """The batch, if the account may see it. Raises ``Http404``."""
    batch = batches_of(dialogue, staff_user(request)).filter(number=number).first()
    if batch is None:
        raise Http404
    batch.dialogue = dialogue
    return batch


def _begin(batch: EntryBatch, typed: str) -> HttpResponse:
    """Raises ``EntryRefused``."""
    code = parse_code(typed) if typed.strip() else ""
    if code is None or len(code) not in (0, PRINTED_LENGTH):
        raise EntryRefused("misspelt")
    person = PersonAtHand(begin_person(batch, code), batch.dialogue.language)
    response = redirect("desk_entry", slug=batch.dialogue.slug, number=batch.number)
    person.keep(response, batch)
    return response


def _page(
    request: HttpRequest, dialogue: Dialogue, batch: EntryBatch, error: str = "", status: int = 200
) -> HttpResponse:
    batch.refresh_from_db()
    batch.dialogue = dialogue
    page = {
        **dialogue_frame(request, dialogue),
        "batch": batch,
        "final": has_final_map(dialogue),
        "error": error,
        "typed": request.POST.get("code", ""),
        "on_paper": batch.channel == EntryBatch.Channel.PAPER,
        "at_hand": person_at_hand(request, batch),
        "told": people_told(batch),
        "left": batch.most - batch.participants,
    }
    return render(request, "dialogues/desk/entries/batch.html", page, status=status)
