"""Why something cannot happen to a case now."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CaseRefused(Refused):
    """Nothing was changed."""

    refusals = {
        "opened_once": RefusalText(_("A case begins only once, when it is opened.")),
        "before_another": RefusalText(
            _("Its history already has something later than that."), _WRONG
        ),
        "not_waiting": RefusalText(_("It is answered or closed. Reopen it first and say why.")),
        "waiting_already": RefusalText(_("It is already waiting for an answer.")),
        "last_concern": RefusalText(_("A case needs a concern. Close the case instead.")),
        "nobody_has_it": RefusalText(_("No body has this case yet. Give it to one first.")),
        "acknowledged_already": RefusalText(_("It is acknowledged already.")),
        "paused_already": RefusalText(_("Its clock is paused already.")),
        "not_paused": RefusalText(_("Its clock is not paused.")),
        "offered_already": RefusalText(
            _("Another body was asked to take it and has not replied yet.")
        ),
        "offered_to_itself": RefusalText(_("This body already has the case."), _WRONG),
        "not_offered": RefusalText(_("This body was not asked to take it, or no longer is.")),
        "not_lapsed": RefusalText(_("The other body still has time to reply.")),
        "not_the_owner": RefusalText(_("Another body has this case now.")),
        "not_answered": RefusalText(_("There is no answer to correct.")),
        "closed_already": RefusalText(_("It is closed already.")),
        # Of the actions.
        "no_rules": RefusalText(_("First say how quickly concerns are answered.")),
        "only_stricter": RefusalText(
            _(
                "People take part under these rules, so you can only make them stricter: less "
                "time, more answers, the same place, no extra days off."
            )
        ),
        "no_case": RefusalText(_("Choose the case."), _WRONG),
        "no_title": RefusalText(_("Give the case a neutral title."), _WRONG),
        "same_as_what": RefusalText(
            _("Enter the number of the statement that says the same."), _WRONG
        ),
        "no_concern": RefusalText(_("Choose at least one concern."), _WRONG),
        "unknown_concern": RefusalText(
            _("Number %(number)d is not a concern of this dialogue, or is no longer shown."), _WRONG
        ),
        "in_a_case": RefusalText(
            _("Number %(number)d is already in a case, so you cannot set it aside.")
        ),
        "owed": RefusalText(
            _("The rules promise number %(number)d an answer. Put it into a case.")
        ),
        "owed_in_case": RefusalText(
            _("Number %(number)d is owed an answer. The case cannot close without one.")
        ),
        "no_reason": RefusalText(_("Say why. The public will see it."), _WRONG),
        "body_ended": RefusalText(_("%(name)s no longer exists. Choose another."), _WRONG),
        "post_elsewhere": RefusalText(_("This post belongs to a different body."), _WRONG),
    }
