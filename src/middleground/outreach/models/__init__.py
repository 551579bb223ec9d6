"""The tables of outreach."""

from middleground.outreach.models.campaign import LONGEST_LABEL, Campaign, CampaignVisits
from middleground.outreach.models.invitation import InvitationRound, SentMark

__all__ = ["LONGEST_LABEL", "Campaign", "CampaignVisits", "InvitationRound", "SentMark"]
