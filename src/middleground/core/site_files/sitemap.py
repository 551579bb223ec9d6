"""``/sitemap.xml``: the public pages that search engines should know, from all apps.

An app calls ``add_sitemap`` in its ``page_frame.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.languages.reader import languages_of
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute_in

MOST_PAGES = 8_000  # of one app, so that the whole stays below the 50,000 of the format
# So many of an app name their other languages here, so that it stays below 50 MB, too. Each page
# names its own in its head.
MOST_IN_LANGUAGES = 1_000


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A public page and the day since which it is as it is; None if nobody knows."""

    path: str
    changed_on: date | None = None


PublicPages = Callable[[], Iterable[PublicPage]]
_pages: dict[str, PublicPages] = {}


def add_sitemap(app: str, pages: PublicPages) -> None:
    """Add an app's public pages, the most important first. Drafts are never among them."""
    _pages[app] = pages


class _AppPages(Sitemap[PublicPage]):
    limit = MOST_PAGES

    def __init__(self, pages: PublicPages) -> None:
        self._of_the_app = pages

    def items(self) -> list[PublicPage]:
        return list(self._of_the_app())

    def location(self, item: PublicPage) -> str:
        return item.path

    def lastmod(self, item: PublicPage) -> date | None:
        return item.changed_on

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        urls = super().get_urls(*args, **kwargs)
        for url in urls[:MOST_IN_LANGUAGES]:
            url["alternates"] = _alternates(url["item"].path)
        return urls

    def get_protocol(self, protocol: str | None = None) -> str:  # noqa: ARG002
        """By the setting, whatever address was asked."""
        return urlsplit(settings.ORIGIN).scheme

    def get_domain(self, site: Any = None) -> str:  # noqa: ARG002
        return urlsplit(settings.ORIGIN).netloc


def _alternates(path: str) -> list[dict[str, str]]:
    """The page in each language, and by the browser's; none if there is one only."""
    languages = languages_of(path)
    if len(languages) < 2:
        return []
    in_each = [(code, f"/{code}{path}") for code, _name in languages]
    return [
        {"lang_code": code, "location": absolute_in(place)}
        for code, place in [*in_each, ("x-default", path)]
    ]


@cached_page()
@require_safe
@in_first_language
def show_sitemap(request: HttpRequest) -> HttpResponseBase:
    return sitemap(request, {app: _AppPages(pages) for app, pages in _found().items()})


@cache
def _found() -> dict[str, PublicPages]:
    autodiscover_modules("page_frame")
    return _pages
