"""The HTML by which other sites show a dialogue or one of its pictures in a frame."""

from __future__ import annotations

from django.utils.html import format_html

from middleground.core.site_files.canonical import absolute

# Pixels. What does not fit, such as long words on a phone, scrolls within the frame.
CHART_HEIGHT, STATEMENT_HEIGHT = 720, 600


def frame_snippet(path: str, title: str, height: int = CHART_HEIGHT) -> str:
    """A plain str, so that a template escapes it again."""
    snippet = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
        ' referrerpolicy="no-referrer"></iframe>',
        absolute(path),
        title,
        height,
    )
    return "".join(snippet)
