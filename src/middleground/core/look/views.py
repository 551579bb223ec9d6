"""The logo and the accent's style sheet, at addresses that hold a hash and so never change."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from middleground.core.look.accent import file_called
from middleground.core.models import SiteLook
from middleground.core.page_cache.marks import cached_page

FOR_EVER = 31_536_000  # a year, in seconds
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@cached_page()
@require_safe
def show_logo(request: HttpRequest, digest: str) -> HttpResponse:  # noqa: ARG001
    look = SiteLook.objects.filter(logo_hash=digest).first()
    if look is None or look.logo is None:
        raise Http404
    return _kept_for_ever(HttpResponse(bytes(look.logo), content_type="image/png"))


@cached_page()
@require_safe
def show_sheet(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """Made from its own name, so that a page that is a little old still finds its own."""
    rules = file_called(name)
    if rules is None:
        raise Http404
    return _kept_for_ever(HttpResponse(rules, content_type="text/css; charset=utf-8"))


def _kept_for_ever(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, immutable=True, max_age=FOR_EVER)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
