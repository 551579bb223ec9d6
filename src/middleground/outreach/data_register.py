"""What is stored of outreach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _("Campaigns of a dialogue: name, short address, language, and whether it has ended"),
        Subject.STAFF,
        {"outreach_campaign": "id dialogue_id label code language ended"},
        _("As long as the dialogue."),
        _("All of it."),
        NO_MORE,
    ),
    StoredData(
        _("How often a short address was opened, in steps of ten, and never when or by whom"),
        Subject.STAFF,
        {"outreach_campaignvisits": "id campaign_id opened"},
        _("As long as the dialogue."),
        _("All of it. Nothing ties it to anybody who takes part."),
        NO_MORE,
    ),
)
