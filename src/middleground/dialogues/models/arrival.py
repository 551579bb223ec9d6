"""How participants come in: the line in which they wait, and how many came by which way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import Dialogue


class WaitingPlace(models.Model):
    """A place in the installation's one waiting line, until it is used or an hour after its turn.

    ``mark`` is a keyed hash of the participant's token under the dialogue's key, so that reloading
    the page takes no second place. ``turn`` is in seconds since 1970.
    """

    mark = models.CharField(max_length=32, primary_key=True)
    turn = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return "place"


class HourlyAdmission(models.Model):
    """How many were admitted by one way within an hour (since 1970); kept for three days."""

    class Way(models.TextChoices):
        WAITING = "waiting", _("by waiting")
        WORK = "work", _("by a computation")
        CODE = "code", _("by a code")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="hours")
    hour = models.PositiveIntegerField()
    way = models.CharField(max_length=7, choices=Way.choices)
    admitted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "hour", "way"], name="one_count_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.way}"


class SetAsideHour(models.Model):
    """A rule of the host: whoever was admitted by this way in this hour (since 1970) is set aside.

    Those of them whom a server process still knows are marked (``Participant.set_aside_hour``). If
    the rule is deleted they all count again. ``admitted``: how many came, rounded down as shown.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="hours_set_aside")
    hour = models.PositiveIntegerField()
    way = models.CharField(max_length=7, choices=HourlyAdmission.Way.choices)
    admitted = models.PositiveIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "hour", "way"], name="set_aside_hour_once"),
        ]

    def __str__(self) -> str:
        return f"{self.way}"
