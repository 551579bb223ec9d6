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
                "This sign-in was finished, or was not started in this browser "
                "within ten minutes. Start again. Cookies must be allowed."
            ),
            _FORBIDDEN,
        ),
        "silent": RefusalText(
            _("%(name)s is not responding. Try again in a minute, or sign in with your password."),
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
        "unusable": RefusalText(
            _(
                "%(name)s gave an answer we cannot trust, so nobody was signed "
                "in. If it happens again, tell the host."
            ),
            _BAD_GATEWAY,
        ),
        "email": RefusalText(
            _(
                "%(name)s did not give us a verified e-mail address for you. Ask "
                "whoever runs it to share it with this website."
            ),
            _FORBIDDEN,
        ),
        "domain": RefusalText(
            _("%(name)s may not confirm people with your e-mail address here."),
            _FORBIDDEN,
        ),
        "account": RefusalText(
            _(
                "No official has an open account here with the e-mail address "
                "from %(name)s. Ask the host, who makes them."
            ),
            _FORBIDDEN,
        ),
        "other_body": RefusalText(
            _(
                "Your account also acts for a body that %(name)s cannot speak "
                "for. Sign in with your password."
            ),
            _FORBIDDEN,
        ),
        "other_person": RefusalText(
            _(
                "At %(name)s, this account belongs to somebody else, who may have "
                "had your e-mail address before. If it is yours, ask the host to "
                "reset its password. Then sign in here again."
            ),
            _FORBIDDEN,
        ),
        "too_many": RefusalText(
            ngettext_lazy(
                "Too many failed tries. Wait %(wait)d second and start again.",
                "Too many failed tries. Wait %(wait)d seconds and start again.",
                "wait",
            ),
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    }
