"""How any picture of a public page becomes two files, ``….svg`` and ``….png``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core.page.errors import error_page
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.results.picture_files import (
    PNG_WIDTH,
    Busy,
    NotDrawn,
    PictureFile,
    png_of,
    sheet_of,
    tag_of,
)

SVG, PNG = "image/svg+xml; charset=utf-8", "image/png"

# Takes the variables of the address; raises Http404 if there is no such picture.
Fetch = Callable[..., PictureFile]


def picture_paths(route: str, fetch: Fetch, name: str) -> list[URLPattern]:
    """The two addresses of a picture; ``figures.file_of(name, …)`` gives what they share."""
    return [
        path(f"{route}.svg", _svg_view(fetch), name=f"{name}-svg"),
        path(f"{route}.png", _png_view(fetch), name=f"{name}-png"),
    ]


def _svg_view(fetch: Fetch) -> Callable[..., HttpResponseBase]:
    @cached_page()
    @require_safe
    def show(request: HttpRequest, **values: Any) -> HttpResponse:
        return _download(request, sheet_of(fetch(**values)).encode(), SVG)

    return show


def _png_view(fetch: Fetch) -> Callable[..., HttpResponseBase]:
    """Not among the kept pages, whose threads are not to wait while it is drawn."""

    @require_safe
    def show(request: HttpRequest, **values: Any) -> HttpResponseBase:
        svg = sheet_of(fetch(**values))
        return png_answer(request, svg, lambda data: _download(request, data, PNG))

    return show


def png_answer(
    request: HttpRequest,
    svg: str,
    answer: Callable[[bytes], HttpResponse],
    width: int = PNG_WIDTH,
) -> HttpResponseBase:
    """The picture as PNG, or that the visitor has it already, or that it cannot be drawn now."""
    etag = f'"{tag_of(svg)}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    try:
        response = answer(png_of(svg, width))
    except (Busy, NotDrawn):
        title = _("This picture cannot be drawn right now")
        page = error_page(request, 503, title, _("Try again in a moment, or save it as SVG."))
        page["Retry-After"] = "2"
        return page
    response["ETag"] = etag
    return response


def _download(request: HttpRequest, data: bytes, kind: str) -> HttpResponse:
    """Always a download: our pages allow no styles inside a document."""
    name = "-".join(request.path.removeprefix("/d/").strip("/").split("/"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(data, content_type=kind, headers=headers)
    patch_cache_control(response, no_cache=True)
    return response
