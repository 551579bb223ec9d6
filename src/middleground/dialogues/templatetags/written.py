"""Template filter for texts that somebody wrote. It is built in, so no template loads it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from middleground.texts.language import language_of

register = template.Library()


@register.filter
def lang(text: object) -> SafeString:
    """Return the attribute that tells screen readers the text's language, if it is not the page's.

    It stands right after the attribute before it: ``dir="auto"{{ text|lang }}``.
    """
    language = language_of(str(text))
    pages_own = (get_language() or "").partition("-")[0]
    if language in {"", pages_own}:
        return SafeString("")
    return format_html(' lang="{}"', language)
