"""Which bodies may speak in a dialogue's threads, for staff; what posts said, on a body's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.people.models import Body
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.threads.models import Comment, PostSignature
from middleground.threads.posts.taking_part import (
    admit_body,
    dismiss_body,
    taking_part_otherwise,
)
from middleground.threads.subjects import subject_of

MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What a post said, in the list on its body's page."""

    words: str
    url: str  # empty while what it is about is not public
    signature: PostSignature
    day: date
    question: str


class AdmitForm(forms.Form):
    body = forms.ModelChoiceField(label=gettext_lazy("Body"), queryset=Body.objects.none())


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose_bodies(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a body's posts speak in the dialogue's threads, or no longer."""
    dialogue, staff = any_dialogue(slug), staff_user(request)
    require(request, Action.FACILITATE, dialogue)
    dismissed = request.POST.get("dismiss", "")
    if dismissed.isascii() and dismissed.isdigit():
        body = get_object_or_404(Body, pk=int(dismissed[:18]))
        was = dismiss_body(staff, dialogue, body)
        messages.success(request, _("Saved.") if was else _("Nothing was changed."))
        return redirect("desk_bodies_in", slug=slug)
    form = AdmitForm(request.POST if request.method == "POST" else None)
    bodies = _others(dialogue)
    form.fields["body"].queryset = bodies  # type: ignore[attr-defined]
    if form.is_valid():
        admit_body(staff, dialogue, form.cleaned_data["body"])
        messages.success(request, _("Saved."))
        return redirect("desk_bodies_in", slug=slug)
    page = {
        "form": form,
        "any_other": bodies.exists(),
        "admitted": dialogue.admitted_bodies.select_related("body").order_by("body__name"),
        "with_cases": Body.objects.filter(pk__in=taking_part_otherwise(dialogue)),
    }
    return render(request, "threads/desk/bodies.html", dialogue_frame(request, dialogue) | page)


def _others(dialogue: Dialogue) -> Any:
    admitted = dialogue.admitted_bodies.values("body")
    return Body.objects.existing().exclude(pk__in=admitted)


def on_body(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """On a body's page: what its posts said in threads."""
    placed = Comment.objects.placed().filter(signature__post__body=page["body"])
    said = placed.exclude(dialogue__state=Dialogue.State.DRAFT)
    total = said.count()
    if not total:
        return None
    found = said.with_subjects().with_signatures().select_related("dialogue")
    newest = found.order_by("-received_on", "number")[:MOST_SAID]
    return {"said": [_line(comment) for comment in newest], "said_total": total}


def _line(comment: Comment) -> SaidLine:
    comment.thread.dialogue = comment.dialogue
    subject = subject_of(comment.thread)
    is_shown = comment.status == Comment.Status.APPROVED
    return SaidLine(
        words=comment.text if is_shown else _("A moderator does not show it."),
        url=comment.get_absolute_url() if subject and subject.is_public else "",
        signature=comment.signature,
        day=comment.received_on,
        question=comment.dialogue.question,
    )
