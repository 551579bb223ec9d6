"""Starting, changing and ending campaigns."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.outreach.campaigns.short_codes import new_short_code
from middleground.outreach.models import LONGEST_LABEL, Campaign, Partner
from middleground.people.models import User

MOST_CAMPAIGNS = 100


class CampaignRefused(Refused):
    """Nothing was stored."""

    refusals = {
        "no_label": RefusalText(
            _("Say in a few words where people will see it. At most %(longest)d letters."), 422
        ),
        "same_label": RefusalText(
            _("A campaign of this dialogue has that name already. Choose another name."), 422
        ),
        "too_many": RefusalText(_("A dialogue can have at most %(most)d campaigns.")),
    }


@transaction.atomic
def add_campaign(
    staff: User, dialogue: Dialogue, label: str, language: str = "", partner: Partner | None = None
) -> Campaign:
    """Give a new campaign its short address. Raises ``CampaignRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.campaigns.count() >= MOST_CAMPAIGNS:
        raise CampaignRefused("too_many", most=MOST_CAMPAIGNS)
    label = _checked(dialogue, label)
    code = new_short_code()
    while Campaign.objects.filter(code=code).exists():
        code = new_short_code()
    campaign = Campaign.objects.create(
        dialogue=dialogue, label=label, language=language, code=code, partner=partner
    )
    log_staff_action(staff, dialogue, Verb.ADD_CAMPAIGN, label=label)
    return campaign


@transaction.atomic
def edit_campaign(staff: User, campaign: Campaign, label: str, language: str = "") -> bool:
    """Change name and language; its address stays. False if nothing was changed.

    Raises ``CampaignRefused``.
    """
    now = Campaign.objects.select_for_update().select_related("dialogue").get(pk=campaign.pk)
    label = _checked(now.dialogue, label, besides=now)
    if (now.label, now.language) == (label, language):
        return False
    Campaign.objects.filter(pk=now.pk).update(label=label, language=language)
    log_staff_action(staff, now.dialogue, Verb.EDIT_CAMPAIGN, before=now.label, label=label)
    return True


@transaction.atomic
def end_campaign(staff: User, campaign: Campaign) -> None:
    """Count it no longer. Its address still leads to the dialogue: it may hang on a wall."""
    if Campaign.objects.filter(pk=campaign.pk, ended=False).update(ended=True):
        log_staff_action(staff, campaign.dialogue, Verb.END_CAMPAIGN, label=campaign.label)


@transaction.atomic
def resume_campaign(staff: User, campaign: Campaign) -> None:
    if Campaign.objects.filter(pk=campaign.pk, ended=True).update(ended=False):
        log_staff_action(staff, campaign.dialogue, Verb.RESUME_CAMPAIGN, label=campaign.label)


def _checked(dialogue: Dialogue, label: str, besides: Campaign | None = None) -> str:
    label = " ".join(label.replace("\0", "").split())
    if not label or len(label) > LONGEST_LABEL:
        raise CampaignRefused("no_label", longest=LONGEST_LABEL)
    same = dialogue.campaigns.filter(label=label).first()
    if same not in (None, besides):
        raise CampaignRefused("same_label")
    return label
