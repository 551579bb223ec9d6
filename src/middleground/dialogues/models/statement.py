"""Statements, and which of them may be voted on."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.dialogues.models.staff_action import StaffAction, Verb
from middleground.dialogues.models.texts.moderated_text import ModeratedText, ModeratedTextQuerySet
from middleground.texts.moderation import TextState


class StatementQuerySet(ModeratedTextQuerySet["Statement"]):
    def votable(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.APPROVED)

    def waiting(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.PENDING)

    def removed(self) -> StatementQuerySet:
        """Statements removed after the final result (see ``statements/redaction.py``)."""
        acts = StaffAction.objects.filter(statement=models.OuterRef("pk"), verb=Verb.REJECT)
        after = models.Exists(acts.filter(details__after_result=True))
        return self.filter(after, status=Statement.Status.REJECTED)

    def without_corrected(self) -> StatementQuerySet:
        """Without those that their authors corrected, which stand there with other words."""
        return self.exclude(status=Statement.Status.REJECTED, reason="", origin="participant")

    def published(self) -> StatementQuerySet:
        return self.votable() | self.removed()


class Statement(ModeratedText):
    """One short sentence that participants vote on."""

    class Origin(models.TextChoices):
        SEED = "seed", _("from the host")
        PARTICIPANT = "participant", _("from a participant")
        IMPORTED = "imported", pgettext_lazy("statement", "imported")

    origin = models.CharField(max_length=11, choices=Origin.choices, default=Origin.PARTICIPANT)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    # Its author corrected a typing error: this is the text as it is now, and nothing of this one is
    # left but its number (``participation/correcting.py``).
    became = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="corrected_from",
    )

    objects = StatementQuerySet.as_manager()

    class Meta(ModeratedText.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering: ClassVar[list[str]] = ["dialogue", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *ModeratedText.Meta.constraints,
            models.CheckConstraint(
                # An import gives no reason, and an author who corrects it needs none.
                condition=~Q(status="rejected")
                | ~Q(reason="")
                | Q(origin="imported")
                | Q(origin="participant", text=""),
                name="rejection_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | ~Q(merged_into=None), name="merge_has_a_target"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dialogue", "status"], name="statement_by_status"),
        ]

    @property
    def context(self) -> str:
        return self.get_origin_display()

    @property
    def is_by_participant(self) -> bool:
        return self.origin == self.Origin.PARTICIPANT

    def undo(self, state: TextState) -> None:
        self.move_to(state, merged_into=None)

    def get_absolute_url(self) -> str:
        before = _address_before_number(self.dialogue.slug, get_script_prefix())
        return f"{before}{self.number}/"


@lru_cache(maxsize=1_000)
def _address_before_number(slug: str, prefix: str) -> str:  # noqa: ARG001 -- in the cache's key
    """Kept, because pages list thousands of addresses that differ in the number only.

    ``prefix``: what addresses begin with now, which may name a language.
    """
    return reverse("statement", args=[slug, 0]).removesuffix("0/")
