"""What browsers keep for us, as facts (see ``register``): every cookie that any page ever sets."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.identity.pseudonyms import COOKIE
from middleground.dialogues.privacy.register_files import Text


@dataclass(frozen=True, slots=True)
class HeldCookie:
    name: str
    what: Text
    how_long: Text


COOKIES = (
    HeldCookie(
        COOKIE,
        _(
            "A random number, from the page on which you vote or enter a code, or from your first"
            " statement. It leads you back to your votes."
        ),
        _("Four hundred days, or until you press “Forget me here”."),
    ),
    HeldCookie(
        settings.CSRF_COOKIE_NAME,
        _(
            "Another random number, from pages with a form. It shows that a form was sent from our"
            " page and not from another site. It leads to nothing, and we store it nowhere."
        ),
        _("Until you close the browser, or press “Forget me here”."),
    ),
    HeldCookie(
        settings.SESSION_COOKIE_NAME,
        _("Of staff alone, from sign-in on: which session is theirs."),
        _("Until they sign out or close the browser, at most twelve hours."),
    ),
    HeldCookie(
        CookieStorage.cookie_name,
        _("Of staff alone: what their next page is to tell them, such as that something is saved."),
        _("Until that page is shown."),
    ),
)
