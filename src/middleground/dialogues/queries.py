"""Reads that are used twice."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from middleground.dialogues.models import Dialogue, DialogueMembership
from middleground.people.models import User
from middleground.people.permissions import Action, may


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


def dialogues_at_desk(user: User) -> QuerySet[Dialogue]:
    """All for whose role is the installation's, otherwise those that they have a role in."""
    if may(user, Action.SEE):
        return Dialogue.objects.all()
    own = DialogueMembership.objects.filter(user=user)
    return Dialogue.objects.filter(pk__in=own.values("dialogue"))
