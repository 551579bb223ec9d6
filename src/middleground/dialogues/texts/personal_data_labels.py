"""Labels of the kinds of personal data that a text may contain."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from middleground.texts.personal_data import Kind

LABELS: dict[Kind, Promise] = {
    Kind.PHONE: _("a phone number"),
    Kind.EMAIL: _("an e-mail address"),
    Kind.ADDRESS: _("a street address"),
    Kind.PLATE: _("a license plate"),
    Kind.HANDLE: _("an account on a social network"),
    Kind.NUMBER: _("a number that identifies someone"),
    Kind.BIRTH: _("a date of birth"),
    Kind.PERSON: _("someone whom others could recognize"),
}


def label_of(kind: Kind) -> str:
    """The kind's label in the active language."""
    return str(LABELS[kind])
