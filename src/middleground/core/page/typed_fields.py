"""Fields for what is no sentence, from a keyboard of any language."""

from __future__ import annotations

from typing import Any

from django import forms

from middleground.core.languages.typed import plain


class PlainField(forms.CharField):
    """A list of numbers, a date or another entry in ASCII."""

    def to_python(self, value: Any) -> Any:
        return plain(super().to_python(value) or "")


class MailField(forms.EmailField):
    """An e-mail address: full-width letters and marks of direction do no harm."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value) if isinstance(value, str) else value)
