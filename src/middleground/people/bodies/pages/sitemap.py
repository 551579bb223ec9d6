"""The public pages of bodies, for search engines."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from middleground.core.site_files.sitemap import PublicPage
from middleground.people.models import Body


def public_pages() -> Iterator[PublicPage]:
    yield PublicPage(reverse("bodies"))
    for body in Body.objects.order_by("pk"):
        yield PublicPage(body.get_absolute_url())
