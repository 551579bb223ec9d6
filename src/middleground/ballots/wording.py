"""The words that are printed on forms, in the language of the form."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from middleground.paper.form import Wording


def wording_in(language: str, *, large: bool, simulated: bool) -> Wording:
    with translation.override(language):
        return Wording(
            title=_("What do you think?"),
            hosted_by=_("Asked by %(host)s"),
            instructions=_(
                "Mark one circle for each statement. You can leave statements out. Use a pen. "
                "Do not write your name on this form. It does not say who filled it in."
            ),
            example_filled=_("Fill the circle."),
            example_crossed=_("A cross counts too."),
            example_two=_("Two marks: no answer counts. To change one, ask for a new form."),
            agree=pgettext("column of a form", "Agree"),
            disagree=pgettext("column of a form", "Disagree"),
            passed=pgettext("column of a form", "Pass"),
            own_statement=_("What should others vote on? Write one sentence."),
            own_note=_("A moderator reads it first. No names, please."),
            no_name=_("No name, no signature."),
            page=_("Page %(page)s of %(pages)s"),
            sheet=pgettext("before the number of a form", "Form"),
            stub_title=_("Keep this strip"),
            stub_text=_(
                "With this number you can see how your form was counted, and take it back. "
                "Look here:"
            ),
            large_print=_("Large print") if large else "",
            notice=_("An example. The people in it are simulated.") if simulated else "",
        )
