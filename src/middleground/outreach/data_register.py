"""What is stored of outreach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import (
    NO_MORE,
    StoredData,
    StoredElsewhere,
    StoredFile,
    Subject,
    register,
)

register(
    StoredData(
        _("Campaigns of a dialogue: name, short address, language, and whether it has ended"),
        Subject.STAFF,
        {"outreach_campaign": "id dialogue_id label code language ended partner_id"},
        _("As long as the dialogue."),
        _("All of it."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Partner organizations: name, whether they agreed to be named, and a hash of their "
            "page’s address"
        ),
        Subject.STAFF,
        {"outreach_partner": "id dialogue_id number name token consented"},
        _("As long as the dialogue."),
        _("All of it. It opens no page."),
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
    StoredData(
        _(
            "If the host invites you by e-mail: a keyed hash of your address, so that you get it "
            "once. Not the address, and not your code."
        ),
        Subject.YOURS,
        {"outreach_sentmark": "mark round_id claimed"},
        _("Until the host ends the round, and thirty days at most."),
        _("How many got an e-mail. No address, and no way to test one."),
        _("Whether a given address got an e-mail of the round. Not who took part."),
    ),
    StoredData(
        _(
            "Rounds of invitations by e-mail: what they say, how many were sent, refused and came "
            "back, and whether one is being sent now"
        ),
        Subject.STAFF,
        {
            "outreach_invitationround": "id dialogue_id number kind language words per_minute form"
            " begun_on ended total left sent refused uncertain bounced sender stopping beat_at"
            " trouble"
        },
        _("As long as the dialogue."),
        _("All of it."),
        NO_MORE,
    ),
    StoredFile(
        "invitations-*.key",
        True,
        _("The key of a round of invitations by e-mail, until the round ends"),
        _("With the database: whether a given address was written to. Alone, nothing."),
    ),
    StoredElsewhere(
        _("Mail servers, if the host invites by e-mail"),
        _("The host’s and yours see who got which code, and when."),
    ),
)
