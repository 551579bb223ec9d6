"""A partner's own page, and the names of partners on a dialogue's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.qr_code import qr_code
from middleground.outreach.campaigns.counted import counted_campaigns
from middleground.outreach.models import Partner
from middleground.outreach.partners.actions import PartnerRefused, consent, partner_of
from middleground.outreach.sharing.texts import message_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_partner(request: HttpRequest, token: str) -> HttpResponse:
    """Their codes, what they brought in steps, and whether they are named. Needs no account."""
    partner = partner_of(token)
    if partner is None or partner.dialogue.phase(timezone.now()) == "draft":
        raise Http404
    if request.method == "POST":
        agreed = request.POST.get("agreed") == "1"
        try:
            consent(partner, request.POST.get("name", ""), agreed=agreed)
        except PartnerRefused:
            messages.error(request, _("The name was changed meanwhile. Please look again."))
        else:
            messages.success(
                request, _("You are named now.") if agreed else _("You are not named.")
            )
        return redirect("partner", token=token)
    dialogue = partner.dialogue
    counts = counted_campaigns(dialogue, list(partner.campaigns.all()))
    page = {
        "dialogue": dialogue,
        "partner": partner,
        "counts": [
            {
                "count": each,
                "qr": qr_code(each.address),
                "message": message_of(dialogue, each.address, each.campaign.language),
            }
            for each in counts
        ],
    }
    return render(request, "outreach/partner.html", page)


def named_partners(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """For the dialogue's page: those who agreed to be named."""
    named = Partner.objects.filter(dialogue=page["dialogue"], consented=True)
    names = sorted(named.values_list("name", flat=True), key=str.casefold)
    return {"partner_names": names} if names else None
