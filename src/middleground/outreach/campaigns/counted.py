"""What is shown of openings: in steps of the dialogue's minimum, as words, bars and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from middleground.dialogues.models import Dialogue
from middleground.dialogues.results.figures import counted
from middleground.disclosure.rounding import floor_to_step
from middleground.outreach.campaigns.short_codes import short_address
from middleground.outreach.models import Campaign, CampaignVisits
from middleground.pictures.charts.channels import (
    ChannelCount,
    ChannelWords,
    channel_bars,
    channel_table,
)
from middleground.pictures.tables import Table


@dataclass(frozen=True, slots=True)
class CountedCampaign:
    """A campaign, its address, and how often that was opened: a number in steps, and in words."""

    campaign: Campaign
    address: str
    opened: int
    told: str


@dataclass(frozen=True, slots=True)
class CampaignPicture:
    svg: SafeString
    table: Table


def counted_campaigns(dialogue: Dialogue, campaigns: Sequence[Campaign]) -> list[CountedCampaign]:
    """In the order given. One query."""
    step = dialogue.minimum_shown
    rows = CampaignVisits.objects.filter(campaign__in=campaigns)
    stored = dict(rows.values_list("campaign_id", "opened"))
    shown = [floor_to_step(stored.get(each.pk, 0), step) for each in campaigns]
    return [
        CountedCampaign(each, short_address(each), opened, counted(opened, step))
        for each, opened in zip(campaigns, shown, strict=True)
    ]


def picture_of(counts: Sequence[CountedCampaign]) -> CampaignPicture:
    """Bars with the most opened first."""
    ordered = sorted(counts, key=lambda each: -each.opened)
    channels = [ChannelCount(each.campaign.label, each.opened, each.told) for each in ordered]
    words = ChannelWords(
        _("How often each short address was opened"),
        _("One bar for each campaign."),
        _("Campaign"),
        _("Opened"),
    )
    svg = channel_bars(channels, words)
    return CampaignPicture(
        mark_safe(svg),  # noqa: S308 -- drawn by us, with each text escaped
        channel_table(channels, words),
    )
