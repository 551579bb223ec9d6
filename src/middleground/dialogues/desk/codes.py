"""Admission page for staff: printed codes, meeting codes, and which tiers count."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.page.qr_code import qr_code
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.identity.admission_codes import grouped
from middleground.dialogues.maps import eligibility_actions
from middleground.dialogues.maps.eligibility import configurable_tiers
from middleground.dialogues.models import CodeBatch, Dialogue, Participant
from middleground.dialogues.participation import admission
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only, staff_user

LONGEST_HOURS = int(admission.LONGEST_MEETING.total_seconds() // 3600)


class PrintForm(forms.Form):
    tier = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            ("invited", gettext_lazy("invited: sent or handed to people you chose")),
            ("in_person", gettext_lazy("in person: handed out at a booth, a counter or a kiosk")),
        ],
        initial="invited",
        widget=forms.RadioSelect,
    )
    size = forms.IntegerField(
        label=pgettext_lazy("codes", "How many"),
        min_value=1,
        max_value=admission.MOST_CODES,
        initial=40,
        help_text=gettext_lazy("Up to eight fit on a page. The number is logged and public."),
    )


class MeetingForm(forms.Form):
    participants = forms.IntegerField(
        label=gettext_lazy("How many people are there"),
        min_value=1,
        max_value=10_000,
        initial=30,
        help_text=gettext_lazy("Nobody else gets in. The number is logged and public."),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("For how many hours"),
        min_value=1,
        max_value=LONGEST_HOURS,
        initial=3,
    )


@form_fields(PrintForm, MeetingForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Make codes. They are shown in this response only."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    wanted = request.POST.get("what", "")
    printing = PrintForm(request.POST if wanted == "print" else None)
    meeting = MeetingForm(request.POST if wanted == "meeting" else None)
    asked = request.POST.get("form", "")[:22] or secrets.token_urlsafe(16)
    try:
        if printing.is_bound and printing.is_valid():
            return _printed(request, dialogue, printing, asked)
        if meeting.is_bound and meeting.is_valid():
            return _on_the_wall(request, dialogue, meeting, asked)
    except admission.CodesRefused as refused:
        level = messages.WARNING if refused.code == "already_made" else messages.ERROR
        messages.add_message(request, level, refused.message)
        return redirect("desk_codes", slug=slug)
    return _codes_page(request, dialogue, printing, meeting)


def _codes_page(
    request: HttpRequest, dialogue: Dialogue, printing: PrintForm, meeting: MeetingForm
) -> HttpResponse:
    page = {
        **dialogue_frame(request, dialogue),
        "printing": printing,
        "meeting": meeting,
        "form_id": secrets.token_urlsafe(16),
        "batches": [_row(batch) for batch in dialogue.code_batches.all()],
        "tiers": _tiers(dialogue),
        "final": has_final_map(dialogue),
        "address": absolute(reverse("code", args=[dialogue.slug])),
    }
    status = 422 if printing.errors or meeting.errors else 200
    return render(request, "dialogues/desk/codes.html", page, status=status)


def _tiers(dialogue: Dialogue) -> list[dict[str, object]]:
    """Every tier that may count, with its rounded number of participants."""
    rows = dialogue.participants.order_by().values_list("tier").annotate(Count("pk"))
    participants, step = dict(rows), dialogue.minimum_shown
    return [
        {
            "tier": tier,
            "label": Participant.Tier(tier).label,
            "participants": floor_to_step(participants.get(tier, 0), step),
            "counts": tier not in dialogue.uncounted_tiers,
        }
        for tier in configurable_tiers(dialogue)
    ]


def _row(batch: CodeBatch) -> dict[str, object]:
    """A batch as a table row. Uses are rounded: watching one code being used shows no change."""
    over = bool(batch.valid_until and batch.valid_until <= timezone.now())
    return {
        "batch": batch,
        "tier": batch.get_tier_display(),
        "used": floor_to_step(batch.used, batch.dialogue.minimum_shown),
        "open": batch.used < batch.size and not over,
        "over": over,
    }


def _printed(request: HttpRequest, dialogue: Dialogue, form: PrintForm, asked: str) -> HttpResponse:
    tier, size = form.cleaned_data["tier"], form.cleaned_data["size"]
    codes = admission.make_codes(staff_user(request), dialogue, tier, size, asked)
    page = {
        **_sheet(dialogue),
        "codes": [{"text": grouped(code), "qr": _qr(dialogue, code)} for code in codes],
    }
    return render(request, "dialogues/desk/code_sheet.html", page)


def _on_the_wall(
    request: HttpRequest, dialogue: Dialogue, form: MeetingForm, asked: str
) -> HttpResponse:
    participants, hours = form.cleaned_data["participants"], form.cleaned_data["hours"]
    code, until = admission.start_meeting(
        staff_user(request), dialogue, participants, timedelta(hours=hours), asked
    )
    page = {
        **_sheet(dialogue),
        "code": grouped(code),
        "qr": _qr(dialogue, code),
        "until": until,
        "participants": participants,
    }
    return render(request, "dialogues/desk/meeting_code.html", page)


def _sheet(dialogue: Dialogue) -> dict[str, object]:
    address = absolute(reverse("code", args=[dialogue.slug]))
    parts = urlsplit(address)
    return {"dialogue": dialogue, "address": f"{parts.netloc}{parts.path}"}


def _qr(dialogue: Dialogue, code: str) -> SafeString:
    """The QR code of a URL whose fragment is the code: browsers never send it to a server."""
    address = absolute(reverse("code", args=[dialogue.slug])) + "#" + code
    return qr_code(address)


@staff_only
@require_POST
def withdraw_codes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    batch = dialogue.code_batches.filter(pk=number).first()
    if batch is None:
        raise Http404
    if admission.withdraw_codes(staff_user(request), batch):
        messages.success(request, _("Its unused codes no longer work."))
    else:
        messages.info(request, _("None of them was left."))
    return redirect("desk_codes", slug=slug)


@staff_only
@require_POST
def choose_tiers(request: HttpRequest, slug: str) -> HttpResponse:
    """Store which tiers count towards findings; it is logged and shown on public pages."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    ticked = set(request.POST.getlist("tier"))
    uncounted = [tier for tier in configurable_tiers(dialogue) if tier not in ticked]
    try:
        changed = eligibility_actions.choose_tiers(staff_user(request), dialogue, uncounted)
    except eligibility_actions.EligibilityRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect("desk_codes", slug=slug)
