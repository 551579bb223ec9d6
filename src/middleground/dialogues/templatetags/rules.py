"""The rules of moderation in templates."""

from __future__ import annotations

from django import template

from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.moderation import Reason
from middleground.dialogues.models.texts.own_reason import OwnReason, own_reasons_in_use

register = template.Library()


@register.simple_tag
def reasons_not_shown() -> list[str]:
    """The reasons for which a text is not shown, such as "is not about the question"."""
    return [str(label) for label in Reason.labels]


@register.simple_tag
def own_reasons_not_shown(dialogue: Dialogue) -> list[OwnReason]:
    """The host's own reasons that moderators can choose now."""
    return own_reasons_in_use(dialogue)
