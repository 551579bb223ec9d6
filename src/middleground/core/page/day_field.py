"""The field in which people choose a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from middleground.core.languages.typed import plain


class DayInput(forms.DateInput):
    """A day as browsers ask for it; without their help it is typed as 2026-05-31."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, in one form only."""

    widget = DayInput

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Write the day as 2026-05-31.")})
        super().__init__(label=label, input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value) if isinstance(value, str) else value)
