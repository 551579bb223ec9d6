"""Why an answer in a check was not taken."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused


class CheckRefused(Refused):
    """Nothing was stored."""

    refusals = {
        "over": RefusalText(_("This question is over. Nothing was sent.")),
        "not_asked": RefusalText(
            _("This browser is not asked, so nothing was sent. Below it says who is."),
            HTTPStatus.FORBIDDEN,
        ),
        "said_what": RefusalText(_("Choose yes, partly or no."), HTTPStatus.UNPROCESSABLE_ENTITY),
    }
