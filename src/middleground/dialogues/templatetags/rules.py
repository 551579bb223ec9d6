"""The rules of moderation in templates."""

from __future__ import annotations

from django import template

from middleground.dialogues.models.texts.moderation import Reason

register = template.Library()


@register.simple_tag
def reasons_not_shown() -> list[str]:
    """The reasons for which a text is not shown, such as "is not about the question"."""
    return [str(label) for label in Reason.labels]
