"""Places of a template that the writer replaces, in square brackets: "[who, by when…]"."""

from __future__ import annotations

import re

_PLACE = re.compile(r"\[[^\[\]]{1,80}…\]")


def place_left(*texts: str) -> str:
    """The first place that nobody has replaced yet, or an empty string."""
    found = _PLACE.search("\n".join(texts))
    return found.group() if found else ""
