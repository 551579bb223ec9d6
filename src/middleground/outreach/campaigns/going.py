"""The short address of a campaign: it leads to the dialogue, and is counted."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from middleground.core.languages.reader import ReaderLanguage, language_spoken
from middleground.outreach.campaigns.short_codes import campaign_of
from middleground.outreach.campaigns.visits import is_somebody, openings
from middleground.outreach.models import Campaign


@require_safe
@never_cache
def go(request: HttpRequest, campaign: str) -> HttpResponse:
    """Redirect without a cookie and without a trace in the next address."""
    found = campaign_of(campaign)
    if found is None or found.dialogue.phase(timezone.now()) == "draft":
        raise Http404
    if not found.ended and is_somebody(str(request.method), request.headers):
        openings.add(found.pk)
    with _language_of(found).spoken():
        return redirect(found.dialogue.get_absolute_url())


def _language_of(campaign: Campaign) -> ReaderLanguage:
    """The reader's own, too, if the site offers the campaign's no longer."""
    is_offered = any(code == campaign.language for code, _name in settings.LANGUAGES)
    return ReaderLanguage(campaign.language, in_address=True) if is_offered else language_spoken()
