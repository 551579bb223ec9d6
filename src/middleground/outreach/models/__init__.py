"""The tables of outreach."""

from middleground.outreach.models.campaign import LONGEST_LABEL, Campaign, CampaignVisits
from middleground.outreach.models.invitation import InvitationRound, SentMark
from middleground.outreach.models.partner import LONGEST_NAME, Partner

__all__ = [
    "LONGEST_LABEL",
    "LONGEST_NAME",
    "Campaign",
    "CampaignVisits",
    "InvitationRound",
    "Partner",
    "SentMark",
]
