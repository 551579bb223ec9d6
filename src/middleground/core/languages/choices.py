"""The page's addresses in all languages, for readers to choose and for search engines."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language_info

from middleground.core.languages.reader import language_spoken, languages_of


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language by its own name, and the path of the page in it."""

    code: str
    name: str
    path: str
    chosen: bool
    right_to_left: bool


def language_choices(request: HttpRequest | None) -> list[LanguageChoice]:
    """The languages of the page; none if there is one only, or no request to show in another."""
    languages = languages_of(request.path_info) if request else []
    if not request or len(languages) < 2:
        return []
    query = request.META.get("QUERY_STRING", "")
    page = request.path_info + (f"?{query}" if query else "")
    spoken = language_spoken().code
    return [
        LanguageChoice(code, name, f"/{code}{page}", code == spoken, _is_right_to_left(code))
        for code, name in languages
    ]


def _is_right_to_left(code: str) -> bool:
    return bool(get_language_info(code)["bidi"])
