"""Concerns: whatever was raised in a dialogue and asks for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models import Dialogue, Statement

if TYPE_CHECKING:
    from middleground.answers.models.case import Case


class SetAside(models.TextChoices):
    """Why a concern is in no case. The public sees it."""

    SAME = "same", _("says the same as another")
    NOTHING_ASKED = "nothing asked", _("an opinion that asks nothing of anyone: noted")
    NOBODYS_DUTY = "nobody's duty", _("outside the duties of every body")


class Concern(models.Model):
    """A concern that somebody has looked at: it is in one or more cases, or set aside.

    Each shown statement is a concern; one without a row here is open, and is listed so.
    ``number`` is the statement's, and stays when its row is deleted.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="concerns")
    number = models.PositiveIntegerField()
    statement = models.OneToOneField(Statement, models.SET_NULL, null=True, related_name="concern")
    set_aside = models.CharField(max_length=13, choices=SetAside.choices, blank=True)
    same_as = models.ForeignKey(Statement, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    set_aside_on = models.DateField(null=True)

    cases: models.ManyToManyField[Case, Case] = models.ManyToManyField(
        "Case", through="CaseConcern", related_name="concerns"
    )

    class Meta:
        ordering = ("dialogue", "number")
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="concern_once"),
            models.CheckConstraint(
                condition=Q(set_aside="", set_aside_on=None)
                | (~Q(set_aside="") & Q(set_aside_on__isnull=False)),
                name="set_aside_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dialogue_id}/{self.number}"
