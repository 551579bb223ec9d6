"""``/.well-known/security.txt`` (RFC 9116): to whom a weakness is reported."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.changes import note_until
from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute

PATH = ".well-known/security.txt"
DAYS_VALID = 90  # from each day on: old copies expire, and the file itself never does


@cached_page()
@require_safe
@in_first_language
def show_security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    note_until(today + timedelta(days=1))
    expires = today + timedelta(days=DAYS_VALID)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {absolute('/' + PATH)}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
