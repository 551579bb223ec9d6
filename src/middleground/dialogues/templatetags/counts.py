"""Published counts in templates, in the words that the pictures use."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from middleground.dialogues.results import figures

register = template.Library()

Rows = Iterable[tuple[str, int]]


@register.filter
def in_steps(count: int, step: int) -> str:
    """ "at least 40", or "fewer than 5"."""
    return figures.counted(count, step)


@register.filter
def participants_in_steps(count: int, step: int) -> str:
    """ "at least 40 people", or "fewer than 5 people"."""
    return figures.counted_participants(count, step)


@register.filter
def often(rows: Rows) -> list[tuple[str, int]]:
    """The rows whose count, rounded down to a step, is not 0."""
    return [row for row in rows if row[1]]


@register.filter
def seldom(rows: Rows) -> list[tuple[str, int]]:
    """The rows whose count is below the step."""
    return [row for row in rows if not row[1]]
