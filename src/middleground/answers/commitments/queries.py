"""Reads of commitments that several pages, files and notices use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import Commitment, CommitmentStatus
from middleground.dialogues.models import Dialogue
from middleground.people.models import Body


class CommitmentStanding(models.TextChoices):
    """How a commitment stands on a day, in the order in which pages list them."""

    OVERDUE = "overdue", _("late")
    NEXT = "next", _("to come")
    NOBODYS = "nobodys", _("owed by nobody")
    KEPT = "kept", _("kept")
    GIVEN_UP = "given up", _("given up")


def standing_of(commitment: Commitment, today: date) -> CommitmentStanding:
    if commitment.status == CommitmentStatus.KEPT:
        return CommitmentStanding.KEPT
    if commitment.status == CommitmentStatus.GIVEN_UP:
        return CommitmentStanding.GIVEN_UP
    if commitment.body_id is None:
        return CommitmentStanding.NOBODYS
    return CommitmentStanding.OVERDUE if commitment.due_on < today else CommitmentStanding.NEXT


def commitments_due(on: date) -> QuerySet[Commitment]:
    """What somebody owes by this very day, in dialogues that are public; by number."""
    due = Commitment.objects.open().public().filter(due_on=on).exclude(body=None)
    return due.select_related("dialogue", "case", "body", "post").order_by("pk")


def commitments_in(dialogue: Dialogue) -> QuerySet[Commitment]:
    """All of a dialogue, by due day."""
    found = Commitment.objects.filter(dialogue=dialogue).select_related("body", "post", "case")
    return found.order_by("due_on", "number")


def commitments_of(body: Body) -> QuerySet[Commitment]:
    """What a body promised or owes in dialogues that are public, by due day."""
    found = Commitment.objects.public().filter(body=body)
    return found.select_related("dialogue", "post").order_by("due_on", "pk")


@dataclass(frozen=True, slots=True)
class CommitmentCount:
    """How many were promised, and how they stand."""

    total: int
    kept: int
    to_come: int
    late: int
    given_up: int
    nobodys: int


def count_of(commitments: Iterable[Commitment], today: date) -> CommitmentCount:
    found = [standing_of(each, today) for each in commitments]
    return CommitmentCount(
        total=len(found),
        kept=found.count(CommitmentStanding.KEPT),
        to_come=found.count(CommitmentStanding.NEXT),
        late=found.count(CommitmentStanding.OVERDUE),
        given_up=found.count(CommitmentStanding.GIVEN_UP),
        nobodys=found.count(CommitmentStanding.NOBODYS),
    )
