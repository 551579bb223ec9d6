"""Template filters for texts that somebody wrote. They are built in, so no template loads them."""

from __future__ import annotations

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from middleground.dialogues.models import ModeratedText
from middleground.dialogues.translations.languages import direction_of
from middleground.dialogues.translations.machine.configured import host_of_translations
from middleground.dialogues.translations.shown import ShownText, shown_text
from middleground.texts.language import language_of

register = template.Library()


@register.filter
def lang(text: object) -> SafeString:
    """Return the attribute that tells screen readers the text's language, if it is not the page's.

    It stands right after the attribute before it: ``dir="auto"{{ text|lang }}``.
    """
    pages_own = get_language() or ""
    language = _said(text) or language_of(str(text))
    if language in {"", pages_own, pages_own.partition("-")[0]}:
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def dir_lang(text: object) -> SafeString:
    """Return the attributes that tell the text's direction and, if need be, its language.

    Where its writer said the language, a word in another script at its beginning does not turn the
    text: ``<p {{ statement|shown|dir_lang }}>``.
    """
    direction = direction_of(_said(text)) or "auto"
    return format_html('dir="{}"{}', direction, lang(text))


def _said(text: object) -> str:
    return text.language if isinstance(text, ShownText | ModeratedText) else ""


@register.simple_tag
def translated_at() -> str:
    """The service to which the host sends texts to be translated; empty if there is none."""
    return host_of_translations()


@register.filter
def shown(original: Model, part: str = "") -> ShownText:
    """A text of any kind that is translated, as the reader sees it.

    ``{{ statement|shown }}``, ``{{ dialogue|shown:"question" }}``, ``{{ case|shown:"title" }}``.
    """
    return shown_text(original, part)
