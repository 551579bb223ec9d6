"""Why something was not done with sources and claims."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused


class EvidenceRefused(Refused):
    """Sources and claims stay as they were."""

    refusals = {
        "same_source": RefusalText(
            _("This dialogue already has this source, as number %(number)d.")
        ),
        "changed_meanwhile": RefusalText(
            _(
                "A colleague changed this meanwhile. Your text is below and not saved yet. "
                "Look at the new version, then save if yours should replace it."
            )
        ),
        "source_withdrawn": RefusalText(_("Source %(number)d is withdrawn.")),
        "claim_withdrawn": RefusalText(_("This claim is withdrawn. Show it again first.")),
        "no_statement": RefusalText(
            _("No shown statement has the number %(number)d."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "same_passage": RefusalText(_("The claim already has this passage.")),
    }
