"""Why a response is not saved or published."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class ResponseRefused(Refused):
    """Nothing was published, and the draft stays as it was."""

    refusals = {
        "saved_meanwhile": RefusalText(
            _("%(name)s saved another text meanwhile. Both are below. Nothing is lost.")
        ),
        "no_summary": RefusalText(_("Sum up the answer in one sentence."), _WRONG),
        "no_resolution": RefusalText(_("Choose what you will do about it."), _WRONG),
        "no_day": RefusalText(_("Until which day is it deferred?"), _WRONG),
        "no_disposition": RefusalText(
            _("Say what the answer means for each concern. Number %(number)d is missing."),
            _WRONG,
        ),
        "no_words": RefusalText(
            _("Say why number %(number)d is not accepted."),
            _WRONG,
        ),
        "template_left": RefusalText(
            _("“%(words)s” is still there from the template. Replace it."),
            _WRONG,
        ),
        "cited_withdrawn": RefusalText(
            _("Staff withdrew %(what)s meanwhile. Check the sources you cite, then save."),
            _WRONG,
        ),
        "not_reviewed": RefusalText(
            _("A second person must read this version before it is published.")
        ),
        "own_review": RefusalText(_("You wrote it, so somebody else must read it.")),
        "not_the_owner": RefusalText(_("Another body has this case now. Your text is kept.")),
        "no_correction": RefusalText(_("Say what you are correcting, and why."), _WRONG),
        "nothing_changed": RefusalText(_("It says the same as the current answer."), _WRONG),
    }
