"""Statements, and which of them may be voted on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.moderation import Appeal, Reason
from middleground.dialogues.models.participant import Participant
from middleground.dialogues.models.retention_hold import APPEALED_DAYS, REJECTED_DAYS
from middleground.dialogues.models.staff_action import StaffAction, Verb


class StatementQuerySet(models.QuerySet["Statement"]):
    def votable(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.APPROVED)

    def waiting(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.PENDING)

    def removed(self) -> StatementQuerySet:
        """Those that staff removed after the final result (see ``statements/redaction.py``)."""
        acts = StaffAction.objects.filter(statement=models.OuterRef("pk"), verb=Verb.REJECT)
        after = models.Exists(acts.filter(details__after_result=True))
        return self.filter(after, status=Statement.Status.REJECTED)

    def published(self) -> StatementQuerySet:
        return self.votable() | self.removed()


class Statement(models.Model):
    """One short sentence that others vote on."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("shown")
        REJECTED = "rejected", _("not shown")
        MERGED = "merged", _("merged into another statement")

    class Origin(models.TextChoices):
        SEED = "seed", _("from the host")
        PARTICIPANT = "participant", _("from a participant")
        IMPORTED = "imported", _("imported")

    Reason = Reason

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField(help_text=_("Counts up within the dialogue."))
    text = models.CharField(max_length=1000)
    # The normalised text's hash: the same sentence cannot stand twice in a dialogue.
    dedup_hash = models.CharField(max_length=64, editable=False)
    origin = models.CharField(max_length=11, choices=Origin.choices, default=Origin.PARTICIPANT)
    author = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(max_length=13, choices=Reason.choices, blank=True)
    # Hides the words in the public log, until they are published; nothing before they are sealed.
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    # Staff have looked at it; with moderation afterwards, an approved statement may still wait.
    reviewed = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    received_on = models.DateField(help_text=_("A day, never a time."))
    # From this day on the days are counted after which the text is deleted.
    rejected_on = models.DateField(null=True, blank=True, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering: ClassVar[list[str]] = ["dialogue", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["dialogue", "dedup_hash"],
                condition=Q(status__in=["pending", "approved"]),
                name="statement_text_once",
            ),
            models.CheckConstraint(
                # An import does not tell why.
                condition=~Q(status="rejected") | ~Q(reason="") | Q(origin="imported"),
                name="rejection_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | ~Q(merged_into=None), name="merge_has_a_target"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dialogue", "status"], name="statement_by_status"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("statement", args=[self.dialogue.slug, self.number])

    @property
    def text_deleted(self) -> bool:
        """What is left is the number and what was decided (see ``privacy.retention``)."""
        return not self.text

    @property
    def text_deleted_from(self) -> date | None:
        """The day from which on a rejected text is deleted, unless it is held.

        While its author waits for a second look, the last such day.
        """
        days = APPEALED_DAYS if self.appeal_waits else REJECTED_DAYS
        return self.rejected_on and self.rejected_on + timedelta(days=days)

    @property
    def appeal_waits(self) -> bool:
        appeal: Appeal | None = getattr(self, "appeal", None)
        return appeal is not None and not appeal.is_decided
