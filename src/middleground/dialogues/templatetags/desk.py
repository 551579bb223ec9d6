"""The parts of a dialogue's desk in its templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.template.context import RequestContext

from middleground.core import dates
from middleground.dialogues.desk_tabs import ShownGroup, groups_of
from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.languages import TextLanguage
from middleground.dialogues.translations.originals import label_of

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_groups(context: RequestContext) -> list[ShownGroup]:
    """The parts of the desk for whoever asked for this page."""
    return groups_of(cast("dict[str, Any]", context.flatten()))


@register.filter
def field_names(fields: Iterable[str]) -> str:
    """The names that people read of a dialogue's fields, which the log of staff has as columns."""
    return ", ".join(f"“{_field_name(field)}”" for field in fields)


@register.filter
def logged_day(value: str) -> str:
    """A day that the log of staff holds as "2026-11-03"."""
    return dates.day(date.fromisoformat(value))


@register.filter
def text_label(key: str) -> str:
    """What people call a text that is translated, of which the log of staff has the key."""
    return str(label_of(key))


@register.filter
def language_name(code: str) -> str:
    return TextLanguage(code).name


def _field_name(field: str) -> str:
    try:
        found = Dialogue._meta.get_field(field)
    except FieldDoesNotExist:  # of an earlier version
        return field
    return str(getattr(found, "verbose_name", field))
