"""The reader's language for routes in front of Django, by Django's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import get_language_from_request


@dataclass(frozen=True, slots=True)
class _Preferences:
    """The parts of a request that Django reads to find the reader's language."""

    COOKIES: dict[str, str]
    META: dict[str, str]


def language_of(cookie: bytes, accept_language: bytes) -> str:
    """The language for these headers. With a single language, reads nothing."""
    if len(settings.LANGUAGES) == 1:
        return str(settings.LANGUAGE_CODE)
    cookies = parse_cookie(cookie.decode("latin-1"))
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return _language(chosen[:20], accept_language[:500].decode("latin-1"))


@lru_cache(maxsize=1_000)
def _language(chosen: str, accepted: str) -> str:
    cookies = {settings.LANGUAGE_COOKIE_NAME: chosen} if chosen else {}
    preferences = _Preferences(cookies, {"HTTP_ACCEPT_LANGUAGE": accepted})
    return get_language_from_request(preferences)  # type: ignore[arg-type]
