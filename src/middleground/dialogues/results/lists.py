"""Lists within a sentence, in patterns that a translator can change (as in CLDR)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext, pgettext


def comma_list(items: Sequence[str]) -> str:
    """ "A, B, C"."""
    return _joined(items, pgettext("list", "%(before)s, %(after)s"))


def and_list(items: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(items) < 2:
        return comma_list(items)
    return gettext("%(before)s and %(last)s") % {
        "before": comma_list(items[:-1]),
        "last": items[-1],
    }


def _joined(items: Sequence[str], pattern: str) -> str:
    text = "".join(items[:1])
    for item in items[1:]:
        text = pattern % {"before": text, "after": item}
    return text
