"""“Could the host cheat?”: six questions, what would be noticed, and what would not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page


@cached_page()
@require_safe
def show_could_cheat(request: HttpRequest) -> HttpResponse:
    page = {"witnesses": len(settings.LEDGER_WITNESSES)}
    return render(request, "dialogues/could_the_host_cheat.html", page)
