"""How any picture of a public page becomes two files, ``….svg`` and ``….png``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from middleground.core.page.errors import error_page
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.results.picture_files import (
    PNG_WIDTH,
    Busy,
    NotDrawn,
    PictureFile,
    kept_png,
    language_of_pngs,
    png_of,
    sheet_of,
    tag_of,
)
from middleground.dialogues.results.picture_tags import known_tag, made_and_known

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
    """Not among the kept pages, whose threads are not to wait while it is drawn.

    The server gives what ends in ``.png`` to threads of their own.
    """

    @require_safe
    def show(request: HttpRequest, **values: Any) -> HttpResponseBase:
        return png_answer(
            request,
            lambda: sheet_of(fetch(**values)),
            lambda data: _download(request, data, PNG),
        )

    return show


def png_answer(
    request: HttpRequest,
    make: Callable[[], str],
    answer: Callable[[bytes], HttpResponse],
    width: int = PNG_WIDTH,
) -> HttpResponseBase:
    """The picture as PNG, or that the visitor has it already, or that it cannot be drawn now.

    ``make`` makes the SVG, which the path and the language tell. Whoever has the picture already
    is answered without it, and so is everybody while the PNG is kept.
    """
    try:
        language = language_of_pngs()
    except NotDrawn:
        return _not_now(request)
    key, svg = (request.path, language), ""
    tag = known_tag(key)
    if tag is None:
        with override(language):
            svg, tag = made_and_known(key, make)
    known = get_conditional_response(request, etag=f'"{tag}"')
    if known is not None:
        return known
    data = kept_png(tag, width)
    try:
        if data is None:
            with override(language):
                svg = svg or make()
                tag, data = tag_of(svg), png_of(svg, width)
    except (Busy, NotDrawn):
        return _not_now(request)
    response = answer(data)
    response["ETag"] = f'"{tag}"'
    return response


def _not_now(request: HttpRequest) -> HttpResponse:
    title = _("We cannot draw this picture right now")
    page = error_page(request, 503, title, _("Try again in a moment, or save it as SVG."))
    page["Retry-After"] = "2"
    return page


def _download(request: HttpRequest, data: bytes, kind: str) -> HttpResponse:
    """Always a download: our pages allow no styles inside a document."""
    name = "-".join(request.path_info.removeprefix("/d/").strip("/").split("/"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(data, content_type=kind, headers=headers)
    patch_cache_control(response, no_cache=True)
    return response
