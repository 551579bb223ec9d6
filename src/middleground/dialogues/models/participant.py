"""A participant, known by a pseudonym."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.dialogues.models.dialogue import Dialogue


class Participant(models.Model):
    """A participant, known by a pseudonym that differs in every dialogue.

    ``id`` is the pseudonym itself: 63 bits of a keyed hash (see ``pseudonyms.py``), so that row
    order reveals nothing. Do not add a name, address, device or time. ``set_aside_hour`` is null,
    unless the host set the hour aside in which this participant was admitted. ``batch``: in which a
    helper entered what they said; null for all others, and for all once the key is destroyed.
    """

    class Tier(models.TextChoices):
        """How a participant was admitted. UNCONFIRMED: voted, but not yet shown to be human."""

        UNCONFIRMED = "unconfirmed", _("not confirmed")
        OPEN = "open", pgettext_lazy("way of taking part", "open")
        INVITED = "invited", _("invited")
        IN_PERSON = "in_person", _("in person")
        PAPER = "paper", _("on paper")
        HELPED = "helped", _("with a helper")
        IMPORTED = "imported", pgettext_lazy("way of taking part", "imported")

    # Staff decide whether these tiers count; pages list them in this order. Participants who wait
    # to confirm never count.
    CONFIGURABLE_TIERS = (
        Tier.OPEN, Tier.INVITED, Tier.IN_PERSON, Tier.PAPER, Tier.HELPED, Tier.IMPORTED,
    )  # fmt: skip

    # Whoever entered a code themselves stays admitted after deleting their votes.
    ADMITTED_BY_CODE = (Tier.INVITED, Tier.IN_PERSON)

    id = models.BigIntegerField(primary_key=True)
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="participants")
    tier = models.CharField(max_length=11, choices=Tier.choices, default=Tier.OPEN)
    set_aside_hour = models.ForeignKey(
        "dialogues.SetAsideHour",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="participants",
    )
    batch = models.ForeignKey(
        "dialogues.EntryBatch",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="people",
    )

    def __str__(self) -> str:
        return "participant"
