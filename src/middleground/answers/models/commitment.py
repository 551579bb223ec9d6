"""Commitments: what a body promised to do by a day, and what happened to each."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from middleground.answers.models.case import Case
from middleground.dialogues.models import Dialogue
from middleground.people.models import AppendOnly, Body, Post

WHAT_LETTERS = 200


class CommitmentStatus(models.TextChoices):
    """Where a commitment stands. Whether it is late is a matter of the day."""

    OPEN = "open", _("to come")
    KEPT = "kept", _("kept")
    GIVEN_UP = "given up", _("given up")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def open(self) -> Self:
        """Those that are still owed."""
        return self.filter(status=CommitmentStatus.OPEN)

    def public(self) -> Self:
        return self.exclude(dialogue__state=Dialogue.State.DRAFT)


class Commitment(models.Model):
    """Something a body promised by a day, in the answer to a case.

    All but dialogue, number and case is computed from its events (see ``commitments/story.py``),
    and is kept here so that lists need not read them.
    """

    dialogue = models.ForeignKey(Dialogue, models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="commitments")
    what = models.CharField(max_length=WHAT_LETTERS)
    status = models.CharField(
        max_length=8, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN
    )
    # Who owes it; without a body it is nobody's, since that one ended.
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="commitments")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="commitments")
    made_on = models.DateField()
    held_since = models.DateField()  # by this body
    first_due_on = models.DateField()  # as it was promised
    due_on = models.DateField()  # after all slips
    slips = models.PositiveIntegerField(default=0)  # of the due day
    ended_on = models.DateField(null=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("dialogue", "number")
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="commitment_number_once"),
        )
        indexes = (
            models.Index(fields=["body", "status", "due_on"], name="commitment_by_body"),
            models.Index(fields=["status", "due_on"], name="commitment_by_due_day"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"

    def get_absolute_url(self) -> str:
        return reverse("commitment", args=[self.dialogue.slug, self.number])


class CommitmentEvent(AppendOnly):
    """One thing that happened to a commitment.

    ``facts`` has the values of its sentence as they were then (see ``commitments/sentences.py``);
    ``document`` is the SHA-256 of the file that tells the commitment up to this event, which the
    public log names.
    """

    class Kind(models.TextChoices):
        MADE = "made"
        REACHED = "reached"  # a milestone
        SLIPPED = "slipped"  # the due day, or a milestone's day
        KEPT = "kept"
        GIVEN_UP = "given up"
        INHERITED = "inherited"  # its body or post ended, and another owes it
        ABANDONED = "abandoned"  # its body ended, and nobody owes it

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    on = models.DateField()
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    document = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("commitment", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["commitment", "number"], name="commitment_event_number_once"
            ),
        )

    @property
    def what(self) -> str:
        """The milestone that it is about; else the whole commitment."""
        return self.facts.get("step") or self.commitment.what


# In these the body says that something promised is done.
SAY_DONE = (CommitmentEvent.Kind.REACHED, CommitmentEvent.Kind.KEPT)
