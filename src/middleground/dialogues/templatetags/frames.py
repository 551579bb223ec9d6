"""The snippet beside a picture."""

from __future__ import annotations

from django import template

from middleground.dialogues.results.citing import frames
from middleground.dialogues.results.figures import Figure

register = template.Library()


@register.filter
def frame_snippet(figure: Figure) -> str:
    height = frames.STATEMENT_HEIGHT if figure.key == "rates" else frames.CHART_HEIGHT
    return frames.frame_snippet(figure.frame, figure.caption, height)
