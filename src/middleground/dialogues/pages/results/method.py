"""docs/method.md as two pages: for everyone, with a paragraph for each figure, and in formulas."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.page import markdown
from middleground.core.page_cache.marks import cached_page

_PACKAGE = Path(__file__).resolve().parents[3]
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
    return render(request, "dialogues/method.html", {"text": method_html()})


@cached_page()
@require_safe
@conditional_page
def show_formulas(request: HttpRequest) -> HttpResponse:
    return render(request, "dialogues/method.html", {"text": formulas_html(), "formulas": True})


@cache
def method_html() -> SafeString:
    """The part for everyone, with an anchor at each heading."""
    return _with_anchors(_part(-2))


@cache
def formulas_html() -> SafeString:
    """The part for a statistician, with an anchor at each heading."""
    return _with_anchors(_part(-1))


def _part(place: int) -> str:
    """What stands below one of the document's main headings."""
    document = next(path for path in _PLACES if path.is_file())
    return _PART.split(document.read_text(encoding="utf-8"))[place]


def _with_anchors(text: str) -> SafeString:
    html = markdown.render(_TO_A_FILE.sub(r"\1", _DEEPER.sub("", text)))
    return mark_safe(_HEADING.sub(_anchored, html))  # noqa: S308 -- sanitised by markdown.render


def _anchored(heading: re.Match[str]) -> str:
    level, words = heading.groups()
    anchor = slugify(re.sub(r"<.*?>", "", words))
    return f'<h{level} id="{anchor}">{words}</h{level}>'
