"""Answers that are owed because a statement reached a threshold of the rules."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models import Dialogue
from middleground.people.models import AppendOnly


class OwedAnswer(AppendOnly):
    """Since when an answer to a statement is owed, why, and until when.

    It stays when the statement is below the threshold again: what was promised holds. ``due_on``
    is as it was computed on that day; a case has a clock of its own, which starts then, too.
    """

    class Why(models.TextChoices):
        MIDDLE_GROUND = "middle ground", _("it lies in the middle ground of all opinion groups")
        AGREED = "agreed", _("many people agree with it")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="owed_answers")
    number = models.PositiveIntegerField()  # the statement's
    why = models.CharField(max_length=13, choices=Why.choices)
    since = models.DateField()
    due_on = models.DateField()

    class Meta:
        ordering = ("dialogue", "number")
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="owed_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.dialogue_id}/{self.number}"
