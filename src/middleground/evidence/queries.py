"""Reads that are used in more than one place."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404

from middleground.dialogues.models import Dialogue
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
