"""The site's one style sheet: every part of it, in order, at an address that names its content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

PACKAGE = Path(__file__).resolve().parent.parent
PARTS = ("core/styles", "pictures", "dialogues/styles", "people/styles")


@cache
def stylesheet() -> tuple[bytes, str]:
    """The text and its hash."""
    files = [file for part in PARTS for file in sorted((PACKAGE / part).glob("*.css"))]
    text = b"\n".join(file.read_bytes() for file in files)
    return text, hashlib.sha256(text).hexdigest()[:12]


def stylesheet_address() -> str:
    return reverse("stylesheet", args=[stylesheet()[1]])


def serve_stylesheet(request: HttpRequest, version: str) -> HttpResponse:  # noqa: ARG001
    text, current = stylesheet()
    if version != current:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers=headers)
