"""What is stored of forms on paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _("Forms on paper that were printed: how many, in which language, and their layout"),
        Subject.STAFF,
        {
            "ballots_edition": "id dialogue_id number language paper large own_statement sheets"
            " made_on",
            "ballots_printedform": "id edition_id number codes_id digest layout",
        },
        _("As long as the dialogue."),
        _("What was printed. Not who got a form, and not who filled it in."),
        NO_MORE,
    ),
)
