"""A proposed source at the desk: staff mend its fields and list it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.moderation_queue import queue_address
from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.texts.decisions import DecisionRefused, decided_already
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.cleaning import clean_source
from middleground.evidence.models import ProposedSource
from middleground.evidence.pages.desk_sources import tell
from middleground.evidence.pages.forms import SourceForm
from middleground.evidence.proposals.listed import listed_alike
from middleground.evidence.proposals.take_up import take_up
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.texts.moderation import TextState


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def take_up_source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    proposal = _proposal(dialogue, number)
    queue = queue_address(kind_of(ProposedSource), dialogue)
    if proposal.state is not TextState.WAITING:
        messages.warning(request, decided_already(proposal).message)
        return redirect(queue)
    given, _problems = clean_source(proposal.parts)
    form = SourceForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        try:
            source = take_up(staff_user(request), proposal, "waiting", form.values())
        except EvidenceRefused as refused:
            tell(form, refused)
        except DecisionRefused as refused:  # a colleague was faster
            messages.warning(request, refused.message)
            return redirect(queue)
        else:
            done = _("Source %(number)d was added.") % {"number": source.number}
            messages.success(request, done)
            return redirect("desk_source", slug=slug, number=source.number)
    page = {
        **dialogue_frame(request, dialogue),
        "proposal": proposal,
        "alike": listed_alike(dialogue, proposal.parts),
        "form": form,
        "queue": queue,
    }
    return render(request, "evidence/desk/take_up.html", page)


def _proposal(dialogue: Dialogue, number: int) -> ProposedSource:
    proposal = ProposedSource.objects.filter(dialogue=dialogue, number=number).first()
    if proposal is None:
        raise Http404
    proposal.dialogue = dialogue
    return proposal
