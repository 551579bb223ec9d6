"""Shows Django's pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from middleground.core.languages.reader import reader_language, without_language


def speak_readers_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Take the language out of the address, so that views and URL patterns know nothing of it.

    ``request.path`` keeps it, since forms and links to the same page go there; ``path_info`` is
    the address without it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        reader = reader_language(request.path_info, accepted)
        request.path_info = without_language(request.path_info)
        request.LANGUAGE_CODE = reader.code
        with reader.spoken():
            response = get_response(request)
        if not reader.in_address:
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", reader.code)
        return response

    return middleware
