"""The one address of a page, which search engines are to show and others to link to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from middleground.core.languages.reader import without_language
from middleground.core.page_cache.marks import caching_of


def absolute(path: str) -> str:
    """The public address of a page, to be cited, mailed or drawn: it names no language."""
    return settings.ORIGIN + without_language(path)


def absolute_in(path: str) -> str:
    """The public address of a page in the language that its path names, if it names one."""
    return settings.ORIGIN + path


def canonical_address(request: HttpRequest | None) -> str:
    """The page's address by the setting, whatever host it was asked by; empty if it is not public.

    Public pages are those that the page cache may keep. A later page of a list has an address of
    its own, while a filtered list shows no more than the whole one.
    """
    found = request.resolver_match if request else None
    caching = caching_of(found.func) if found else None
    if request is None or caching is None:
        return ""
    page = request.GET.get("page", "") if "page" in caching.query else ""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    return absolute_in(request.path) + (f"?page={number}" if number > 1 else "")
