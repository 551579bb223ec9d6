"""Someone who takes part, known by a pseudonym."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import Dialogue


class Participant(models.Model):
    """Someone who takes part, known by a pseudonym that differs in every dialogue.

    ``id`` is the pseudonym itself: 63 bits of a keyed hash (see ``pseudonyms.py``), so that row
    order tells nothing. There is no name, address, device or time here, and there shall be none.
    """

    class Tier(models.TextChoices):
        """How they were admitted. Who waits has voted, but not shown yet to be no program."""

        WAITING = "waiting", _("not confirmed")
        OPEN = "open", _("open")
        INVITED = "invited", _("invited")
        IN_PERSON = "in_person", _("in person")
        IMPORTED = "imported", _("imported")

    # Of these staff decide whether they count, in the order in which pages name them. Who waits
    # to confirm never counts.
    CONFIGURABLE_TIERS = (Tier.OPEN, Tier.INVITED, Tier.IN_PERSON, Tier.IMPORTED)

    id = models.BigIntegerField(primary_key=True)
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="participants")
    tier = models.CharField(max_length=9, choices=Tier.choices, default=Tier.OPEN)

    def __str__(self) -> str:
        return "participant"
