"""The view that serves the files of the log to readers and mirrors."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language

FOR_EVER = 60 * 60 * 24 * 365
# In bytes; no file of the log has a longer path. For names over 255 bytes the operating system
# raises an error instead of reporting a missing file.
LONGEST_PATH = 200
# In bytes; a longer file is sent as it lies on the disk. A compressed one would be held in
# memory for each who reads it slowly.
LONGEST_COMPRESSED = 250_000


@require_safe
@in_first_language
def serve_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a file of the log, with CORS, so that pages of other sites can verify the log."""
    parts = path.split("/")
    # Refuse absolute paths, parent folders, and half-written files, which begin with a dot.
    if any(not part or part.startswith(".") for part in parts):
        raise Http404
    file = Path(settings.LEDGER).joinpath(*parts)
    if len(path.encode()) > LONGEST_PATH or not file.is_file():
        raise Http404
    if file.stat().st_size > LONGEST_COMPRESSED:
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
    kind = "application/octet-stream" if path.startswith("tile/") else "text/plain; charset=utf-8"
    response = FileResponse(file.open("rb"), content_type=kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if path.startswith(("tile/", "documents/")):
        patch_cache_control(response, public=True, immutable=True, max_age=FOR_EVER)
    else:
        patch_cache_control(response, no_cache=True)
    return response
