"""Retention page for staff: until when rejected texts and the key are kept, and holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.forms import HoldForm
from middleground.dialogues.models import Dialogue, RetentionHold, Statement
from middleground.dialogues.privacy import retention
from middleground.dialogues.queries import any_dialogue
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_retention(request: HttpRequest, slug: str) -> HttpResponse:
    """All staff of the dialogue may look; facilitators set and lift holds and destroy the key."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    form = HoldForm()
    if request.method == "POST":
        require(request, Action.FACILITATE, dialogue)
        form = HoldForm(request.POST if "hold" in request.POST else None)
        if _done(request, dialogue, form):
            return redirect("desk_retention", slug=slug)
    return _page(request, dialogue, form)


def _done(request: HttpRequest, dialogue: Dialogue, form: HoldForm) -> bool:
    """Do what the form asks. Return False if the form must be shown again."""
    try:
        if "hold" not in request.POST:
            messages.success(request, _lift_or_destroy(request, dialogue))
        elif form.is_valid():
            what, reason = form.cleaned_data["what"], form.cleaned_data["reason"]
            retention.set_hold(staff_user(request), dialogue, what, reason)
            messages.success(request, _("The hold is set. The public sees that there is one."))
        else:
            return False
    except retention.HoldRefused as refused:
        messages.error(request, refused.message)
        return "hold" not in request.POST
    return True


def _lift_or_destroy(request: HttpRequest, dialogue: Dialogue) -> str:
    staff: User = staff_user(request)
    if "destroy" in request.POST:
        retention.destroy_key_at_once(staff, dialogue)
        return _("The key is destroyed.")
    retention.lift_hold(staff, dialogue, request.POST.get("lift", ""))
    return _("The hold is lifted. What is due is deleted within a minute.")


def _page(request: HttpRequest, dialogue: Dialogue, form: HoldForm) -> HttpResponse:
    rejected = dialogue.statements.filter(status=Statement.Status.REJECTED)
    texts = list(rejected.exclude(text="").select_related("appeal"))
    holds = list(dialogue.holds.select_related("set_by", "lifted_by"))
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "key": retention.key_state(dialogue),
        "texts": len(texts),
        "first": min((day for text in texts if (day := text.text_deleted_from)), default=None),
        "texts_gone": rejected.filter(text="").count(),
        "in_force": [hold for hold in holds if hold.lifted_at is None],
        "lifted": [hold for hold in holds if hold.lifted_at is not None],
        "texts_held": any(h.what == RetentionHold.What.TEXTS and not h.lifted_at for h in holds),
    }
    return render(request, "dialogues/desk/retention.html", page)
