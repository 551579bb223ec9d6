"""Verify the log in the browser, and download the tools to verify it elsewhere.

The tools have stable URLs, so that auditors can save, read and compare them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue, EntryBatch
from middleground.dialogues.queries import listed_dialogues

_PACKAGE = Path(__file__).resolve().parents[3]
TOOLS = {
    "verify.mjs": (_PACKAGE / "ledger" / "verify.mjs", "text/javascript; charset=utf-8"),
    "witness.py": (_PACKAGE / "witness.py", "text/plain; charset=utf-8"),
}


@cached_page()
@require_safe
def show_verifier(request: HttpRequest) -> HttpResponse:
    hashes = [(name, hashlib.sha256(_tool(name)).hexdigest()) for name in TOOLS]
    page = {"tools": hashes, "origin": settings.ORIGIN, "with_entries": _with_entries()}
    return render(request, "dialogues/ledger_verify.html", page)


def _with_entries() -> list[Dialogue]:
    """Dialogues in which helpers enter answers, and numbers still lead to them."""
    listed = listed_dialogues().filter(key_destroyed_on=None)
    return list(listed.filter(Exists(EntryBatch.objects.filter(dialogue=OuterRef("pk")))))


@cached_page()
@require_safe
def show_tool(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """Send one of the tools. Other sites may fetch it, to compare it with a saved copy."""
    if name not in TOOLS:
        raise Http404
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    response = HttpResponse(_tool(name), content_type=TOOLS[name][1], headers=headers)
    patch_cache_control(response, no_cache=True)
    return response


@cache
def _tool(name: str) -> bytes:
    return TOOLS[name][0].read_bytes()
