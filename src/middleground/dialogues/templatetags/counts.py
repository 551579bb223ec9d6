"""Published counts in templates, in the words that the pictures use."""

from __future__ import annotations

from django import template

from middleground.dialogues.results import figures

register = template.Library()


@register.filter
def in_steps(count: int, step: int) -> str:
    """ "at least 40", or "fewer than 5"."""
    return figures.counted(count, step)


@register.filter
def participants_in_steps(count: int, step: int) -> str:
    """ "at least 40 people", or "fewer than 5 people"."""
    return figures.counted_participants(count, step)
