"""Template filters for texts that somebody wrote. They are built in, so no template loads them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.translations.shown import ShownText, shown_part, shown_statement
from middleground.texts.language import language_of

register = template.Library()


@register.filter
def lang(text: object) -> SafeString:
    """Return the attribute that tells screen readers the text's language, if it is not the page's.

    It stands right after the attribute before it: ``dir="auto"{{ text|lang }}``.
    """
    pages_own = get_language() or ""
    if isinstance(text, ShownText) and text.language:
        language = text.language
    else:
        language = language_of(str(text))
    if language in {"", pages_own, pages_own.partition("-")[0]}:
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def shown(owner: Dialogue | Statement, part: str = "") -> ShownText:
    """A statement's words, or a part of the host's texts, as the reader sees them.

    ``{{ statement|shown }}``, ``{{ dialogue|shown:"question" }}``.
    """
    if isinstance(owner, Dialogue):
        return shown_part(owner, part)
    return shown_statement(owner)
