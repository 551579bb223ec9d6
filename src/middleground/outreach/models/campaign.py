"""Campaigns, and how often their short addresses were opened, in steps."""

from __future__ import annotations

from django.db import models

from middleground.dialogues.models import Dialogue
from middleground.outreach.models.partner import Partner

LONGEST_LABEL = 60


class Campaign(models.Model):
    """One way on which people hear of a dialogue, such as a poster in one place.

    It leads to nobody: what is counted is how often its address was opened.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="campaigns")
    label = models.CharField(max_length=LONGEST_LABEL)
    code = models.CharField(max_length=8, unique=True)
    language = models.CharField(max_length=8, blank=True)  # that of its readers; "" for theirs
    ended = models.BooleanField(default=False)
    # Whose it is, if an organization brings people by it.
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="campaigns")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "label"], name="campaign_label_once"),
        )

    def __str__(self) -> str:
        return self.label


class CampaignVisits(models.Model):
    """How often a campaign's address was opened: a multiple of ``visits.STEP``, and no time.

    A table of its own, so that no page that names campaigns is made anew when somebody comes.
    """

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="visits")
    opened = models.PositiveIntegerField(default=0)
