"""Why something cannot happen to a commitment now."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CommitmentRefused(Refused):
    """Nothing was changed."""

    refusals = {
        "made_once": RefusalText(_("A commitment begins only once, with what is promised.")),
        "before_another": RefusalText(
            _("Its history already has something later than that."), _WRONG
        ),
        "over": RefusalText(_("It is already kept or given up.")),
        "nobody_owes_it": RefusalText(_("The body that promised it ended, so nobody owes it now.")),
        "not_the_owner": RefusalText(_("Another post owes this.")),
        "day_passed": RefusalText(_("This day has passed. Choose today or a later day."), _WRONG),
        "too_far": RefusalText(
            ngettext_lazy(
                "Choose a day within the next %(years)d year.",
                "Choose a day within the next %(years)d years.",
                "years",
            ),
            _WRONG,
        ),
        "not_later": RefusalText(
            _("The new day must be later than %(day)s, which was promised."), _WRONG
        ),
        "after_the_end": RefusalText(
            _("A milestone must come on or before the due day, %(day)s."), _WRONG
        ),
        "unknown_milestone": RefusalText(_("Choose one of its milestones."), _WRONG),
        "reached_already": RefusalText(_("This milestone is reached already.")),
        # Of the actions.
        "promises_nothing": RefusalText(
            _(
                "Only an answer that stands and says “will do”, “in part” or “deferred” can "
                "have a commitment."
            )
        ),
        "no_words": RefusalText(_("Say what will be true by that day."), _WRONG),
        "too_many": RefusalText(
            ngettext_lazy(
                "At most %(most)d milestone fits.", "At most %(most)d milestones fit.", "most"
            ),
            _WRONG,
        ),
        "no_reason": RefusalText(_("Say why. The public will see it."), _WRONG),
        "no_proof": RefusalText(_("Say where people can see it, in words or with a link."), _WRONG),
        "not_a_link": RefusalText(_("A link starts with https:// or http://."), _WRONG),
    }
