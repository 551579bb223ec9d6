"""docs/method.md as a page, so that each figure can link to its explanation."""

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


@cached_page()
@require_safe
@conditional_page
def show_method(request: HttpRequest) -> HttpResponse:
    return render(request, "dialogues/method.html", {"text": method_html()})


@cache
def method_html() -> SafeString:
    """The document with an anchor at each heading, without its title, which the page sets."""
    place = next(place for place in _PLACES if place.is_file())
    text = place.read_text(encoding="utf-8")
    html = markdown.render(re.sub(r"\A# .*\n", "", text))
    return mark_safe(_HEADING.sub(_anchored, html))  # noqa: S308 -- sanitised by markdown.render


def _anchored(heading: re.Match[str]) -> str:
    level, words = heading.groups()
    anchor = slugify(re.sub(r"<.*?>", "", words))
    return f'<h{level} id="{anchor}">{words}</h{level}>'
