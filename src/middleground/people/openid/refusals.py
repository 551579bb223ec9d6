"""Why a sign-in through a service was not taken."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused

_FORBIDDEN, _BAD_GATEWAY = HTTPStatus.FORBIDDEN, HTTPStatus.BAD_GATEWAY


class SignInRefused(Refused):
    """Nobody was signed in, and nothing was stored."""

    refusals = {
        "cancelled": RefusalText(
            _("%(name)s says that you did not sign in there. You can try again."), _FORBIDDEN
        ),
        "stale": RefusalText(
            _(
                "This sign-in was not begun in this browser within the last ten minutes, or it was"
                " finished before. Begin again. Cookies must be allowed."
            ),
            _FORBIDDEN,
        ),
        "silent": RefusalText(
            _(
                "%(name)s does not answer at the moment, so it cannot tell who you are. Try again"
                " in a minute, or sign in with your password."
            ),
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
        "unusable": RefusalText(
            _(
                "%(name)s answered something that cannot be relied on, so nobody was signed in. If"
                " it happens again, tell the host."
            ),
            _BAD_GATEWAY,
        ),
        "email": RefusalText(
            _(
                "%(name)s did not tell an e-mail address that it has verified. Ask whoever runs it"
                " to let this website know your verified address."
            ),
            _FORBIDDEN,
        ),
        "domain": RefusalText(
            _("Your e-mail address is none of those for which %(name)s may speak here."),
            _FORBIDDEN,
        ),
        "account": RefusalText(
            _(
                "No official has an open account here with the e-mail address that %(name)s told."
                " The host makes the accounts of officials: ask there."
            ),
            _FORBIDDEN,
        ),
        "other_body": RefusalText(
            _(
                "Your account also acts for a body for which %(name)s cannot speak. Sign in with"
                " your password."
            ),
            _FORBIDDEN,
        ),
        "other_person": RefusalText(
            _(
                "This account belongs to somebody else at %(name)s, who may have had your e-mail"
                " address before you. If it is yours, ask the host to reset its password; then sign"
                " in here again."
            ),
            _FORBIDDEN,
        ),
        "too_many": RefusalText(
            ngettext_lazy(
                "Too many tries failed. Wait %(wait)d second and begin again.",
                "Too many tries failed. Wait %(wait)d seconds and begin again.",
                "wait",
            ),
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    }
