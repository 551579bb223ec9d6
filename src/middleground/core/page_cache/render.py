"""Render a page with Django for a visitor without cookies."""

from __future__ import annotations

import sys
from http import HTTPStatus
from io import BytesIO
from math import inf
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from middleground.core import changes
from middleground.core.page_cache.marks import FOR_ALL, pieces_of
from middleground.core.page_cache.page import CachedPage, Headers

Django = WSGIHandler
KEPT = (HTTPStatus.OK, HTTPStatus.NO_CONTENT)
_SET_FOR_EACH_BODY = {"content-length", "content-encoding", "etag"}


class PageKey(NamedTuple):
    """What a page is kept under."""

    path: str
    query: str
    fragment: str
    language: str


def render(django: Django, key: PageKey) -> CachedPage | None:
    """Render and compress a page; None if the answer is not the same for all visitors."""
    with changes.reads_noted() as reads:
        # Before anything is read: a change during the rendering makes the page out of date.
        before = changes.all_versions()
        response = django(_environment(key), _ignore)
    try:
        if response.streaming or response.cookies or _is_private(response):
            return None
        return _page(response, reads, before)
    finally:
        response.close()


def _page(response: Any, reads: changes.Reads, before: changes.Versions) -> CachedPage:
    kept = response.status_code in KEPT
    etag = response.headers.get("ETag", "") if response.status_code != HTTPStatus.OK else ""
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return CachedPage(
        status=response.status_code,
        headers=_headers(response),
        pieces=pieces_of(response.content),
        cookies=frozenset(reads.cookies),
        own=getattr(response, "own_parts", None),
        tables=frozenset(reads.tables),
        version=before.of(reads.tables),
        until=reads.until.timestamp() if reads.until else inf,
        kept=kept,
        etag=etag.encode("latin-1"),
    )


def _is_private(response: HttpResponseBase) -> bool:
    directives = response.headers.get("Cache-Control", "").lower().replace(" ", "").split(",")
    return not {"private", "no-store"}.isdisjoint(directives)


def _headers(response: HttpResponseBase) -> Headers:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.items()
        if name.lower() not in _SET_FOR_EACH_BODY
    ]


def _environment(key: PageKey) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of a GET request without cookies."""
    origin = urlsplit(settings.ORIGIN)
    fragment = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": key.fragment} if key.fragment else {}
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path.encode().decode("latin-1"),
        "QUERY_STRING": key.query,
        "SERVER_NAME": origin.hostname or "localhost",
        "SERVER_PORT": str(origin.port or (443 if origin.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": origin.netloc,
        "HTTP_X_FORWARDED_PROTO": origin.scheme,
        "HTTP_ACCEPT_LANGUAGE": key.language,
        **fragment,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        FOR_ALL: True,
    }


def _ignore(*_: Any) -> Any:
    """Django returns the response too, so what it tells the server is not needed."""
