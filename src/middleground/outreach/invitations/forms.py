"""The forms of invitations. A list comes as pasted lines or as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from middleground.outreach.invitations.reading import (
    MOST_ADDRESSES,
    Broken,
    ReadAddresses,
    read_addresses,
    text_of,
)
from middleground.outreach.models import InvitationRound
from middleground.outreach.models.invitation import LONGEST_WORDS

SHOWN_LINES = 100
MOST_BYTES = 1_500_000


class ListForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(
            attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
        ),
        help_text=gettext_lazy("One on each line. At most 20,000."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        required=False,
        help_text=gettext_lazy(
            "The first column with an “@” is taken. It is read in memory, never stored."
        ),
    )

    read: ReadAddresses

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        file, text = found.get("file"), found.get("addresses", "")
        if file is not None and file.size > MOST_BYTES:
            self.add_error("file", _("This file is larger than 1.5 MB. Send it in parts."))
            return found
        if file is not None:
            text = f"{text_of(file.read())}\n{text}" if text else text_of(file.read())
        self.read = read_addresses(text)
        if len(self.read.found) > MOST_ADDRESSES:
            self.add_error(None, _("These are more than 20,000 addresses. Send them in parts."))
        elif not self.read.found and not self.errors:
            self.add_error(
                None, _("There is no address in it. Put one on each line, or choose a file.")
            )
        return found


class RoundForm(ListForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What to send"),
        choices=[
            (InvitationRound.Kind.INVITATION, gettext_lazy("An invitation, with a code for each")),
            (
                InvitationRound.Kind.REMINDER,
                gettext_lazy("A reminder without a code, to the whole list again"),
            ),
        ],
        initial=InvitationRound.Kind.INVITATION,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)
    words = forms.CharField(
        label=gettext_lazy("Who sends this, and why to them"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy(
            "The e-mail begins with it, in the language above. Say where you have the addresses "
            "from."
        ),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("E-mails a minute, at most"),
        min_value=1,
        max_value=600,
        initial=60,
        help_text=gettext_lazy("Many mail servers stop whoever sends faster."),
    )

    field_order = ("kind", "language", "words", "addresses", "file", "per_minute")


def broken_lines(read: ReadAddresses) -> list[str]:
    """What is wrong, by the numbers of lines and without their words."""
    told = []
    for fault, text in _FAULTS.items():
        if numbers := [number for number, why in read.broken if why is fault]:
            told.append(f"{text}: {_lines(numbers)}")
    if read.repeated:
        again = _("There already, and taken once")
        told.append(f"{again}: {_lines(read.repeated)}")
    return told


_FAULTS = {
    Broken.NO_ADDRESS: gettext_lazy("No e-mail address"),
    Broken.MISSPELT: gettext_lazy("Not an e-mail address"),
    Broken.TOO_LONG: gettext_lazy("Too long for an e-mail address"),
}


def _lines(numbers: list[int]) -> str:
    text = ngettext("line %(lines)s", "lines %(lines)s", len(numbers))
    more = len(numbers) - SHOWN_LINES
    shown = ", ".join(map(str, numbers[:SHOWN_LINES]))
    return text % {"lines": shown + (_(" and %(n)d more") % {"n": more} if more > 0 else "")}
