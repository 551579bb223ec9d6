"""Why something was not done with sources and claims."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused


class EvidenceRefused(Refused):
    """Sources and claims stay as they were."""

    refusals = {
        "same_source": RefusalText(
            _("This dialogue has the same source already, as number %(number)d.")
        ),
        "changed_meanwhile": RefusalText(
            _(
                "A colleague changed this since you opened the page. Nothing was stored yet, and"
                " what you wrote is still below. Look at what is shown now, then store again if"
                " yours is to replace it."
            )
        ),
        "source_withdrawn": RefusalText(_("Source %(number)d is withdrawn.")),
        "claim_withdrawn": RefusalText(_("This claim is withdrawn. Show it again first.")),
        "no_statement": RefusalText(
            _("There is no statement with the number %(number)d that is shown."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "same_passage": RefusalText(_("The claim has this passage already.")),
    }
