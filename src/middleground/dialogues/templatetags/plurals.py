"""What a page tells its writers while they type, in every plural form of its language."""

from __future__ import annotations

import json
from functools import lru_cache

from django import template
from django.utils.translation import get_language, ngettext

register = template.Library()

# Below 100 a number has its own form. Above, the last two digits decide it in every language.
_PERIOD = 100


@register.simple_tag
def character_forms() -> str:
    """The sentences of the counter as JSON, for ``write.js``.

    ``form`` has a digit for each number up to 199, the place of its sentence in ``left`` and
    ``over``. So the browser needs no rules for plurals, and follows those of the catalogue.
    """
    return forms_in(get_language() or "")


@lru_cache(maxsize=32)
def forms_in(language: str) -> str:  # noqa: ARG001
    told: dict[tuple[str, str], int] = {}
    form = ""
    for n in range(2 * _PERIOD):
        left = ngettext("%(n)s character left", "%(n)s characters left", n)
        over = ngettext("%(n)s character too long", "%(n)s characters too long", n)
        form += str(told.setdefault((left, over), len(told)))
    lefts, overs = zip(*told, strict=True)
    return json.dumps({"form": form, "left": lefts, "over": overs}, ensure_ascii=False)
