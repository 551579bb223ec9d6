"""Why an answer in a check was not taken."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.texts.submission import DECEPTIVE

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CheckRefused(Refused):
    """Nothing was stored."""

    refusals = {
        "over": RefusalText(_("This question is over. Nothing was sent.")),
        "not_asked": RefusalText(
            _("This browser is not asked, so nothing was sent. See below who is asked."),
            HTTPStatus.FORBIDDEN,
        ),
        "no_words": RefusalText(_("You have not written anything yet."), _WRONG),
        "deceptive": DECEPTIVE,
        "too_long": RefusalText(
            ngettext_lazy(
                "It has %(length)d character. The limit is %(limit)d. Please shorten it.",
                "It has %(length)d characters. The limit is %(limit)d. Please shorten it.",
                "length",
            ),
            _WRONG,
        ),
        "refused_before": RefusalText(
            _(
                "A moderator did not show this sentence, so nothing was sent. "
                "Write it differently or ask for a second look."
            )
        ),
        "said_what": RefusalText(_("Choose yes, partly or no."), _WRONG),
    }
