"""The parts of a dialogue's desk in its templates."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.template.context import RequestContext

from middleground.dialogues.desk_tabs import ShownGroup, groups_of

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_groups(context: RequestContext) -> list[ShownGroup]:
    """The parts of the desk for whoever asked for this page."""
    return groups_of(cast("dict[str, Any]", context.flatten()))
