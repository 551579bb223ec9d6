"""Desk pages of campaigns: all of a dialogue, one of them, and the sheet to print."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.page.qr_code import qr_code
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.outreach.campaigns import actions
from middleground.outreach.campaigns.counted import counted_campaigns, picture_of
from middleground.outreach.campaigns.printing import PosterForm, PosterRefused, print_campaign
from middleground.outreach.campaigns.short_codes import campaign_of, short_address
from middleground.outreach.models import LONGEST_LABEL, Campaign
from middleground.outreach.sharing.texts import message_of
from middleground.people.permissions import Action, require, staff_only, staff_user


def _languages() -> list[tuple[str, object]]:
    return [("", gettext_lazy("that of the reader’s browser")), *settings.LANGUAGES]


class CampaignForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Where people see it"),
        max_length=LONGEST_LABEL,
        help_text=gettext_lazy("Such as “poster at the union hall”. The public never sees it."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the page it opens"), choices=_languages, required=False
    )


@form_fields(CampaignForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_campaigns(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaigns with their counts, and the form for a new one."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.add_campaign(staff_user(request), dialogue, **form.cleaned_data)
        except actions.CampaignRefused as refused:
            form.add_error("label", refused.message)
        else:
            messages.success(request, _("The campaign has its address now."))
            return redirect("desk_campaign", slug=slug, campaign=made.code)
    counts = counted_campaigns(dialogue, list(dialogue.campaigns.all()))
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "form": form,
        "counts": counts,
        "picture": picture_of(counts) if counts else None,
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/campaigns.html", page, status=status)


@form_fields(CampaignForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_campaign(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    """One campaign: its code, a text to paste, its name, and its end."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    found = _of(dialogue, campaign)
    form = CampaignForm(
        request.POST if "label" in request.POST else None,
        initial={"label": found.label, "language": found.language},
    )
    done = _changed(request, found, form)
    if done:
        messages.success(request, done)
        return redirect("desk_campaign", slug=slug, campaign=found.code)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "form": form,
        "printing": PosterForm(initial=_to_print(request, found)),
        "campaign": found,
        "count": counted_campaigns(dialogue, [found])[0],
        "qr": qr_code(short_address(found)),
        "message": message_of(dialogue, short_address(found), found.language),
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/campaign.html", page, status=status)


def _changed(request: HttpRequest, campaign: Campaign, form: CampaignForm) -> str:
    """Do what was sent, and say what was done; empty if nothing was."""
    staff, wanted = staff_user(request), request.POST.get("do", "")
    if wanted == "end":
        actions.end_campaign(staff, campaign)
        return _("The campaign has ended. Its address still leads to the dialogue.")
    if wanted == "resume":
        actions.resume_campaign(staff, campaign)
        return _("The campaign counts again.")
    if not form.is_valid():
        return ""
    try:
        changed = actions.edit_campaign(staff, campaign, **form.cleaned_data)
    except actions.CampaignRefused as refused:
        form.add_error("label", refused.message)
        return ""
    return _("Saved.") if changed else _("Nothing was changed.")


@staff_only
@require_safe
def show_qr_file(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    """The QR code as a file, for a designer."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    found = _of(dialogue, campaign)
    drawn = BytesIO()
    segno.make(short_address(found), error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, light="#fff"
    )
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{found.code}.svg"'}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)


@form_fields(PosterForm)
@staff_only
@require_safe
def show_print(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    """A poster, cards or half a page as PDF; back to the campaign if it cannot be printed."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    found = _of(dialogue, campaign)
    found.dialogue = dialogue
    form = PosterForm(request.GET)
    problem = _("Choose what to print, in which language, and on which paper.")
    if form.is_valid():
        try:
            pdf = print_campaign(found, **form.cleaned_data)
        except PosterRefused as refused:
            problem = refused.message
        else:
            name = f"{slug}-{found.code}-{form.cleaned_data['kind']}.pdf"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    messages.error(request, problem)
    back = reverse("desk_campaign", args=[slug, found.code])
    return redirect(f"{back}?{urlencode(_to_print(request, found))}")


def _to_print(request: HttpRequest, campaign: Campaign) -> dict[str, str]:
    """What was chosen, or what is most likely."""
    likely = {
        "kind": "poster",
        "language": campaign.language or campaign.dialogue.language,
        "paper": "letter",
    }
    return {name: request.GET.get(name, usual)[:20] for name, usual in likely.items()}


@staff_only
@require_safe
def show_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """All codes and addresses on paper."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    going_on = dialogue.campaigns.filter(ended=False)
    page = {
        "dialogue": dialogue,
        "campaigns": [_on_sheet(each) for each in going_on],
    }
    return render(request, "outreach/desk/sheet.html", page)


def _on_sheet(campaign: Campaign) -> dict[str, str]:
    address = short_address(campaign)
    return {"label": campaign.label, "address": address, "qr": qr_code(address)}


def _of(dialogue: Dialogue, code: str) -> Campaign:
    found = campaign_of(code)
    if found is None or found.dialogue_id != dialogue.pk:
        raise Http404
    return found
