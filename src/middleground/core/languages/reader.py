"""Whose language it is: the code that stands in an address, or the best one for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import get_language, get_language_from_request, override

from middleground.core.languages.offered import STAFF_LANGUAGES

FOR_STAFF = ("/desk/", "/accounts/", "/admin/")
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


def languages_of(path: str) -> list[tuple[str, str]]:
    """Code and own name of each language of the page at ``path``, which names none."""
    if path.startswith(FOR_STAFF):
        return [(code, name) for code, name in settings.LANGUAGES if code in STAFF_LANGUAGES]
    return list(settings.LANGUAGES)


def reader_language(address: str, accepted: str) -> ReaderLanguage:
    """The language for a request, by the path of its address and by its ``Accept-Language``."""
    named, path = split_address(address)
    codes = tuple(code for code, _ in languages_of(path))
    if named in codes:
        return ReaderLanguage(named, in_address=True)
    if len(codes) == 1:
        return first_language()
    return ReaderLanguage(_best_of(accepted[:LONGEST_ACCEPTED], codes))


def reader_of(headers: Mapping[bytes, bytes], path: str = "") -> ReaderLanguage:
    """The language for a request in front of Django, where headers are bytes."""
    return reader_language(path, headers.get(b"accept-language", b"").decode("latin-1"))


@dataclass(frozen=True, slots=True)
class _Preferences:
    """The parts of a request in which Django looks for a language. No cookie is among them."""

    META: dict[str, str]
    COOKIES: dict[str, str]


@lru_cache(maxsize=1_000)
def _best_of(accepted: str, codes: tuple[str, ...]) -> str:
    preferences = _Preferences({"HTTP_ACCEPT_LANGUAGE": accepted}, {})
    best = get_language_from_request(preferences)  # type: ignore[arg-type]
    return best if best in codes else str(settings.LANGUAGE_CODE)
