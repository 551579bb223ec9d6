"""How participants come in: the line they wait in, who came by which way, what helpers enter."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.participant import Participant


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


class EntryBatch(models.Model):
    """Entries that belong together: of one helper, by one channel, at one place.

    It has room for ``most`` people, of whom ``participants`` are entered. Place and organization
    are public, the helper's account is not. A batch that is set aside does not count as a whole.
    """

    class Channel(models.TextChoices):
        TELEPHONE = "telephone", _("by telephone")
        DOORSTEP = "doorstep", _("at the door")
        TABLE = "table", _("at a table or counter")
        PAPER = "paper", _("on paper")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="entry_batches")
    number = models.PositiveIntegerField(help_text=_("Counts up within the dialogue."))
    channel = models.CharField(max_length=9, choices=Channel.choices)
    place = models.CharField(max_length=120)
    organization = models.CharField(max_length=120)
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    most = models.PositiveIntegerField()
    participants = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    is_set_aside = models.BooleanField(default=False)
    opened_on = models.DateField(help_text=_("A day, never a time."))

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="entry_batch_number"),
            models.CheckConstraint(
                condition=Q(participants__lte=F("most")), name="entry_batch_is_not_over_full"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.channel}"

    @property
    def tier(self) -> str:
        """The tier of everybody in it."""
        on_paper = self.channel == self.Channel.PAPER
        return Participant.Tier.PAPER if on_paper else Participant.Tier.HELPED
