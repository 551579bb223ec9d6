"""Numbers and addresses in a line that runs from right to left, where there is no ``<bdi>``."""

from __future__ import annotations

import re

from django.utils.translation import get_language_bidi

_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"


def isolated(text: str, what: str = r".+") -> str:
    """Keep what matches the pattern in its own order: "10–14" would be shown as "14–10".

    For plain text and pictures. In a language that runs from left to right the text stays as it is.
    """
    if not get_language_bidi():
        return text
    return re.sub(what, lambda found: f"{_LEFT_TO_RIGHT}{found[0]}{_END}", text)
