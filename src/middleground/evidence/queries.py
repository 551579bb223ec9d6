"""Reads that are used in more than one place."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F
from django.http import Http404
from django.urls import reverse

from middleground.core.site_files.sitemap import PublicPage
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import listed_dialogues
from middleground.evidence.models import Claim, Source


def source_at_desk(dialogue: Dialogue, number: int) -> Source:
    """A source, also a withdrawn one; raises Http404."""
    source = dialogue.sources.filter(number=number).first()
    if source is None:
        raise Http404
    source.dialogue = dialogue
    return source


def claim_at_desk(dialogue: Dialogue, number: int) -> Claim:
    """A claim, also a withdrawn one; raises Http404."""
    claim = dialogue.claims.filter(number=number).first()
    if claim is None:
        raise Http404
    claim.dialogue = dialogue
    return claim


def dead_addresses(dialogue: Dialogue) -> list[Source]:
    """The listed sources whose address does not answer, the longest silent first."""
    listed = dialogue.sources.filter(withdrawn="", address_state__address=F("address"))
    dead = listed.exclude(address_state__dead_since=None).select_related("address_state")
    return list(dead.order_by("address_state__dead_since", "number"))


def public_pages() -> Iterator[PublicPage]:
    """The public pages of claims and sources, for search engines."""
    listed = listed_dialogues()
    for dialogue in listed.filter(sources__isnull=False).distinct().order_by("-pk"):
        yield PublicPage(reverse("sources", args=[dialogue.slug]))
    for model in (Claim, Source):
        shown = model.objects.filter(dialogue__in=listed, withdrawn="")
        for each in shown.select_related("dialogue").order_by("-pk"):
            yield PublicPage(each.get_absolute_url(), each.added_on)
