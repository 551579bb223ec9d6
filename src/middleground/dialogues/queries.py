"""Reads that are used twice."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from middleground.dialogues.models import Dialogue


def public_dialogue(slug: str) -> Dialogue:
    """A dialogue that the public may see; a draft is as unknown as none."""
    dialogue = Dialogue.objects.filter(slug=slug).first()
    if dialogue is None or dialogue.phase(timezone.now()) == "draft":
        raise Http404
    return dialogue


def any_dialogue(slug: str) -> Dialogue:
    """A dialogue in whatever state, for staff."""
    dialogue = Dialogue.objects.filter(slug=slug).first()
    if dialogue is None:
        raise Http404
    return dialogue
