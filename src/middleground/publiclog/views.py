"""The files of the log, as a web server gives them to readers and mirrors."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

FOR_EVER = 60 * 60 * 24 * 365
# In bytes; no file of the log has a longer path. Beyond 255 bytes in a name, the system does not
# say that the file is missing, but fails.
LONGEST_PATH = 200


@require_safe
def serve_file(request: HttpRequest, path: str) -> HttpResponseBase:  # noqa: ARG001
    """One of the log's files. Other sites may read it: a reader need not trust this one's page."""
    parts = path.split("/")
    # Neither absolute nor upwards, and no file that is only half written.
    if any(not part or part.startswith(".") for part in parts):
        raise Http404
    file = Path(settings.LEDGER).joinpath(*parts)
    if len(path.encode()) > LONGEST_PATH or not file.is_file():
        raise Http404
    kind = "application/octet-stream" if path.startswith("tile/") else "text/plain; charset=utf-8"
    response = FileResponse(file.open("rb"), content_type=kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if path.startswith(("tile/", "documents/")):
        patch_cache_control(response, public=True, immutable=True, max_age=FOR_EVER)
    else:
        patch_cache_control(response, no_cache=True)
    return response
