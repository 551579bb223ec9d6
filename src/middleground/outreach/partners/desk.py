"""Desk pages of partners: all of a dialogue, and one with its codes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.outreach.campaigns.actions import CampaignRefused, add_campaign
from middleground.outreach.campaigns.counted import counted_campaigns
from middleground.outreach.campaigns.desk import CampaignForm
from middleground.outreach.models import LONGEST_NAME, Partner
from middleground.outreach.partners import actions
from middleground.people.permissions import Action, require, staff_only, staff_user


class PartnerForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the organization"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As it is shown if they agree. They see it on their page first."),
    )


@form_fields(PartnerForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_partners(request: HttpRequest, slug: str) -> HttpResponse:
    """The partners, and the form for a new one, whose address is shown in this answer only."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made, token = actions.add_partner(
                staff_user(request), dialogue, form.cleaned_data["name"]
            )
        except actions.PartnerRefused as refused:
            form.add_error("name", refused.message)
        else:
            return _address_page(request, dialogue, made, token)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "form": form,
        "partners": dialogue.partners.all(),
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/partners.html", page, status=status)


@form_fields(PartnerForm, CampaignForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_one_partner(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One partner: its codes, a further code, its name, another address, and its end."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    partner = dialogue.partners.filter(number=number).first()
    if partner is None:
        raise Http404
    partner.dialogue = dialogue
    wanted = request.POST.get("do", "")
    if wanted == "renew":
        token = actions.renew_address(staff_user(request), partner)
        return _address_page(request, dialogue, partner, token)
    naming = PartnerForm(
        request.POST if wanted == "rename" else None, initial={"name": partner.name}
    )
    coding = CampaignForm(request.POST if wanted == "add" else None)
    done = _changed(request, partner, naming, coding)
    if done:
        messages.success(request, done)
        return redirect("desk_partner", slug=slug, number=number)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "partner": partner,
        "naming": naming,
        "coding": coding,
        "counts": counted_campaigns(dialogue, list(partner.campaigns.all())),
    }
    status = 422 if naming.errors or coding.errors else 200
    return render(request, "outreach/desk/partner.html", page, status=status)


def _changed(
    request: HttpRequest, partner: Partner, naming: PartnerForm, coding: CampaignForm
) -> str:
    """Do what was sent, and say what was done; empty if nothing was."""
    staff = staff_user(request)
    if request.POST.get("do") == "close":
        actions.close_page(staff, partner)
        return _("The page is closed, and the partner is not named.")
    try:
        if naming.is_bound and naming.is_valid():
            changed = actions.rename_partner(staff, partner, naming.cleaned_data["name"])
            again = _("Saved. They have to agree to this name before it is shown.")
            return again if changed else _("Nothing was changed.")
        if coding.is_bound and coding.is_valid():
            add_campaign(staff, partner.dialogue, **coding.cleaned_data, partner=partner)
            return _("The campaign has its address now. It stands on their page.")
    except (actions.PartnerRefused, CampaignRefused) as refused:
        form, name = (naming, "name") if naming.is_bound else (coding, "label")
        form.add_error(name, refused.message)
    return ""


def _address_page(
    request: HttpRequest, dialogue: Dialogue, partner: Partner, token: str
) -> HttpResponse:
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "partner": partner,
        "address": absolute(reverse("partner", args=[token])),
    }
    return render(request, "outreach/desk/partner_address.html", page)
