"""docs/method.md as two pages: for everyone, with a paragraph for each figure, and in formulas.

The first is translated (``dialogues/method/``); a test compares the translations with the original.
The second is in English in every language.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import to_locale
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.languages.offered import FIRST
from middleground.core.languages.reader import language_spoken
from middleground.core.page import markdown
from middleground.core.page_cache.marks import cached_page

_PACKAGE = Path(__file__).resolve().parents[3]
_TRANSLATED = _PACKAGE / "dialogues" / "method"
# The wheel contains a copy beside the code; a checkout has only the one in docs.
_PLACES = (_PACKAGE / "dialogues" / "method.md", _PACKAGE.parents[1] / "docs" / "method.md")
_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>")
_PART = re.compile(r"^# .*\n", re.MULTILINE)
_DEEPER = re.compile(r"^#(?=#)", re.MULTILINE)
_TO_A_FILE = re.compile(r"\[([^]]*)\]\((?!#)[^)]*\)")  # of the repository, not of the site


@cached_page()
@require_safe
@conditional_page
def show_method(request: HttpRequest) -> HttpResponse:
    language = language_spoken().code
    in_english = not translation_of_method(language).is_file()
    page = {"text": method_html(language), "in_english": in_english}
    return render(request, "dialogues/method.html", page)


@cached_page()
@require_safe
@conditional_page
def show_formulas(request: HttpRequest) -> HttpResponse:
    page = {"text": formulas_html(), "formulas": True, "in_english": True}
    return render(request, "dialogues/method.html", page)


@cache
def method_html(language: str = FIRST) -> SafeString:
    """The part for everyone, with an anchor at each heading: the same one in each language."""
    original = _part(-2)
    translated = translation_of_method(language)
    if not translated.is_file():
        return _with_anchors(original, _headings(original))
    _, _, text = translated.read_text(encoding="utf-8").partition("\n\n")  # after the first comment
    return _with_anchors(text, _headings(original))


def translation_of_method(language: str) -> Path:
    return _TRANSLATED / f"{to_locale(language)}.md"


@cache
def formulas_html() -> SafeString:
    """The part for a statistician, with an anchor at each heading."""
    original = _part(-1)
    return _with_anchors(original, _headings(original))


def _part(place: int) -> str:
    """What stands below one of the document's main headings."""
    document = next(path for path in _PLACES if path.is_file())
    return _PART.split(document.read_text(encoding="utf-8"))[place]


def _rendered(text: str) -> str:
    return markdown.render(_TO_A_FILE.sub(r"\1", _DEEPER.sub("", text)))


def _headings(text: str) -> list[str]:
    return [words for _, words in _HEADING.findall(_rendered(text))]


def _with_anchors(text: str, names: list[str]) -> SafeString:
    """Give each heading the anchor that ``names`` has for it, in their order."""
    anchors = (slugify(re.sub(r"<.*?>", "", name)) for name in names)

    def anchored(heading: re.Match[str]) -> str:
        level, words = heading.groups()
        return f'<h{level} id="{next(anchors)}">{words}</h{level}>'

    return mark_safe(_HEADING.sub(anchored, _rendered(text)))  # noqa: S308 -- markdown sanitises it
