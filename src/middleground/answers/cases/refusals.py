"""Why something cannot happen to a case now."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CaseRefused(Refused):
    """Nothing was changed."""

    refusals = {
        "opened_once": RefusalText(_("A case begins once, and with its opening.")),
        "before_another": RefusalText(_("Something later is in its history already."), _WRONG),
        "not_waiting": RefusalText(_("It is answered or closed. Reopen it first, and say why.")),
        "waiting_already": RefusalText(_("It waits for an answer already.")),
        "last_concern": RefusalText(
            _("A case needs a concern. Close the case instead, and say why.")
        ),
        "nobody_has_it": RefusalText(_("No body has the case yet. Give it to one first.")),
        "acknowledged_already": RefusalText(_("It is acknowledged already.")),
        "paused_already": RefusalText(_("Its clock is paused already.")),
        "not_paused": RefusalText(_("Its clock is not paused.")),
        "offered_already": RefusalText(
            _("It is offered to another body, which has not said yet whether it takes it.")
        ),
        "offered_to_itself": RefusalText(_("This body has the case already."), _WRONG),
        "not_offered": RefusalText(_("It is not offered to this body, or no longer.")),
        "not_lapsed": RefusalText(_("The other body still has time to say whether it takes it.")),
        "not_the_owner": RefusalText(_("Another body has this case now.")),
        "not_answered": RefusalText(_("There is no answer that could be corrected.")),
        "closed_already": RefusalText(_("It is closed already.")),
        # Of the actions.
        "no_rules": RefusalText(
            _("Say first in what time concerns of this dialogue are answered.")
        ),
        "only_stricter": RefusalText(
            _(
                "People take part under these rules, so they can only become stricter: less time,"
                " more statements that get an answer, the same place and no more days off."
            )
        ),
        "no_case": RefusalText(_("Choose the case."), _WRONG),
        "no_title": RefusalText(_("Give the case a title, in neutral words."), _WRONG),
        "same_as_what": RefusalText(
            _("Enter the number of the other statement that says the same."), _WRONG
        ),
        "no_concern": RefusalText(_("Choose at least one concern."), _WRONG),
        "unknown_concern": RefusalText(
            _("Number %(number)d is no concern of this dialogue, or is no longer shown."), _WRONG
        ),
        "in_a_case": RefusalText(
            _("Number %(number)d is in a case already, so it cannot be set aside.")
        ),
        "owed": RefusalText(
            _(
                "Number %(number)d is owed an answer by the rules of this dialogue. Gather it into"
                " a case."
            )
        ),
        "owed_in_case": RefusalText(
            _("Number %(number)d is owed an answer, so the case cannot be closed without one.")
        ),
        "no_reason": RefusalText(_("Say why. The public sees it."), _WRONG),
        "body_ended": RefusalText(_("%(name)s no longer exists. Choose another."), _WRONG),
        "post_elsewhere": RefusalText(_("This post belongs to another body."), _WRONG),
    }
