"""Whose language it is: the code that stands in an address, or the best one for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import get_language, get_language_from_request, override

LONGEST_ACCEPTED = 500  # characters of Accept-Language that are read


@dataclass(frozen=True, slots=True)
class ReaderLanguage:
    """A language code, and whether addresses on the page name it.

    Whatever is kept of a page with links is kept under both.
    """

    code: str
    in_address: bool = False

    @property
    def prefix(self) -> str:
        """What the paths of links begin with."""
        return f"/{self.code}/" if self.in_address else "/"

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Show texts in this language, and let ``reverse`` give addresses with its prefix."""
        before = get_script_prefix()
        set_script_prefix(self.prefix)
        try:
            with override(self.code):
                yield
        finally:
            set_script_prefix(before)


def language_spoken() -> ReaderLanguage:
    """The one in which texts are shown now."""
    return ReaderLanguage(get_language() or settings.LANGUAGE_CODE, get_script_prefix() != "/")


def first_language() -> ReaderLanguage:
    """The one of what is logged, signed or mailed, whoever caused it."""
    return ReaderLanguage(settings.LANGUAGE_CODE)


def split_address(path: str) -> tuple[str, str]:
    """Return the language that the path names, or an empty string, and the path without it."""
    first, _, rest = path[1:].partition("/")
    if any(first == code for code, _ in settings.LANGUAGES):
        return first, f"/{rest}"
    return "", path


def without_language(path: str) -> str:
    """The path as URL patterns know it."""
    return split_address(path)[1]


def reader_language(named: str, accepted: str) -> ReaderLanguage:
    """The language for a request, by the one in its address and by its ``Accept-Language``."""
    if named:
        return ReaderLanguage(named, in_address=True)
    return ReaderLanguage(_best(accepted[:LONGEST_ACCEPTED]))


def reader_of(headers: Mapping[bytes, bytes], path: str = "") -> ReaderLanguage:
    """The language for a request in front of Django, where headers are bytes."""
    accepted = headers.get(b"accept-language", b"").decode("latin-1")
    return reader_language(split_address(path)[0], accepted)


def _best(accepted: str) -> str:
    if len(settings.LANGUAGES) == 1:
        return str(settings.LANGUAGE_CODE)
    return _best_of(accepted, tuple(code for code, _ in settings.LANGUAGES))


@dataclass(frozen=True, slots=True)
class _Preferences:
    """The parts of a request in which Django looks for a language. No cookie is among them."""

    META: dict[str, str]
    COOKIES: dict[str, str]


@lru_cache(maxsize=1_000)
def _best_of(accepted: str, codes: tuple[str, ...]) -> str:  # noqa: ARG001 -- in the cache's key
    preferences = _Preferences({"HTTP_ACCEPT_LANGUAGE": accepted}, {})
    return get_language_from_request(preferences)  # type: ignore[arg-type]
