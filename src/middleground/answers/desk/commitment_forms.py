"""Forms for commitments. A wrong entry keeps what was typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.answers.commitments.story import CommitmentState
from middleground.answers.desk.forms import ReasonForm
from middleground.answers.models.commitment import WHAT_LETTERS
from middleground.core import dates
from middleground.core.languages.typed import plain_signs
from middleground.core.page.day_field import DayField

STEP_LETTERS = 120
_STEP = re.compile(r"(\d{4}-\d{2}-\d{2})[\s:,;-]+(\S.*)", re.ASCII)


class PromiseForm(forms.Form):
    """What is promised, by when, and the steps on the way."""

    what = forms.CharField(
        label=gettext_lazy("What will be so"),
        max_length=WHAT_LETTERS,
        help_text=gettext_lazy("One sentence that people can check."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due = DayField(label=gettext_lazy("By which day"))
    milestones = forms.CharField(
        label=gettext_lazy("Milestones"),
        required=False,
        help_text=gettext_lazy(
            "One per line: the day, then the step, such as 2026-06-30 Bids are in."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_milestones(self) -> list[tuple[date, str]]:
        lines = [line.strip() for line in self.cleaned_data["milestones"].splitlines()]
        return [_step(number, line) for number, line in enumerate(lines, start=1) if line]


def _step(number: int, line: str) -> tuple[date, str]:
    """The day and the words of a line."""
    found = _STEP.fullmatch(plain_signs(line))
    try:
        day = date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise forms.ValidationError(
            _("Line %(n)d: write the day as 2026-06-30, a space, then what will be true.")
            % {"n": number}
        )
    words = line[found.start(2) :]
    if len(words) > STEP_LETTERS:
        raise forms.ValidationError(
            _("Line %(n)d: %(most)d letters at most.") % {"n": number, "most": STEP_LETTERS}
        )
    return day, words


class ProofForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What people can see"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    link = forms.URLField(
        label=gettext_lazy("Link to it"), required=False, max_length=300, assume_scheme="https"
    )


class ReachForm(ProofForm):
    milestone = forms.TypedChoiceField(label=gettext_lazy("Which milestone"), coerce=int)
    field_order = ("milestone", "words", "link")

    def __init__(self, *args: Any, state: CommitmentState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, [("", _("Choose…")), *open_milestones(state)])


class SlipForm(ReasonForm):
    milestone = forms.TypedChoiceField(
        label=gettext_lazy("What slips"), required=False, coerce=int, empty_value=None
    )
    to = DayField(label=gettext_lazy("To which day"))
    field_order = ("milestone", "to", "reason")

    def __init__(self, *args: Any, state: CommitmentState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = _("the due day, %(day)s") % {"day": dates.day(state.due_on)}
        _choices(self, [("", whole), *open_milestones(state)])


def open_milestones(state: CommitmentState) -> list[tuple[str, str]]:
    """Those that are not reached yet, as choices."""
    return [
        (str(step.number), f"{step.what} ({dates.day(step.due_on)})")
        for step in state.milestones
        if step.reached_on is None
    ]


def _choices(form: forms.Form, choices: list[tuple[str, str]]) -> None:
    field = form.fields["milestone"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
