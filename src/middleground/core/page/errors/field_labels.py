"""What a form held, told with the labels of its fields and in the words of its choices.

A form is given back on pages that know only what was sent. A view that names its fields with
``form_fields`` has them told as its own page tells them; otherwise the names are made readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from middleground.core.languages.reader import without_language

View = TypeVar("View", bound=Callable[..., Any])
Fields = Mapping[str, forms.Field]
_MOST_SHOWN = 20  # characters; marks that the server has made are longer


def form_fields(*used: type[forms.BaseForm], **fields: forms.Field) -> Callable[[View], View]:
    """Say by which forms and other fields the view is sent something."""

    def mark(view: View) -> View:
        found: dict[str, forms.Field] = {}
        for form in used:
            found |= form.base_fields  # type: ignore[attr-defined]
        view.form_fields = found | fields  # type: ignore[attr-defined]
        return view

    return mark


def fields_at(address: str) -> Fields:
    """The fields that the view at the address named; empty if it named none."""
    with suppress(Resolver404):
        found: Fields = getattr(
            resolve(without_language(urlsplit(address).path)).func, "form_fields", {}
        )
        return found
    return {}


def label_of(name: str, fields: Fields) -> str:
    """The field's label, or its name as words: ``votes_before-2`` is “Votes before 2”."""
    base, number = _base_and_number(name, fields)
    if base in fields and fields[base].label:
        return f"{fields[base].label} {number}".strip()
    words = re.sub(r"[^\w]+|_+", " ", name).strip()
    return words[:1].upper() + words[1:]


def may_be_typed(name: str, fields: Fields) -> bool:
    """Whether the field can hold a text: it is one of texts, or the view did not name it."""
    field = fields.get(_base_and_number(name, fields)[0])
    return field is None or (isinstance(field, forms.CharField) and not hasattr(field, "choices"))


def is_told(name: str, value: str, fields: Fields) -> bool:
    """Whether what was chosen is told to people; marks that the page itself sends are not."""
    return bool(value.strip()) and (
        _base_and_number(name, fields)[0] in fields if fields else len(value) < _MOST_SHOWN
    )


def in_words(name: str, value: str, fields: Fields) -> str:
    """The value as the page tells it; ``approve:39`` is the choice “Approve” for 39."""
    field = fields.get(_base_and_number(name, fields)[0])
    if isinstance(field, forms.BooleanField):
        return _("yes")
    choice, _colon, rest = value.partition(":")
    for key, text in getattr(field, "choices", ()):
        if str(key) in {value, choice}:
            return f"{text} {rest}".strip() if str(key) != value else str(text)
    return value


def _base_and_number(name: str, fields: Fields) -> tuple[str, str]:
    """``reason-39`` is the field ``reason`` of the text 39, unless it is a field of its own."""
    base, _hyphen, number = name.rpartition("-")
    return (base, number) if name not in fields and base and number.isdigit() else (name, "")
