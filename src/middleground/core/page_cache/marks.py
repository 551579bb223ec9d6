"""How a view says that its page may be kept, and what of it differs by person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import SafeString, mark_safe

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# From the values of some visitors' cookies to the parts of the page by name for each of them, one
# after the other; None if the visitor gets the page that everyone gets. What can be done for all at
# once is done for the first.
OwnParts = Callable[[Sequence[str]], Iterable[Mapping[str, str] | None]]


@dataclass(frozen=True, slots=True)
class Caching:
    """What of a request, beside path and language, a page depends on.

    ``query`` are the parameters that the view reads; all others are ignored. ``fragment`` is the id
    of the element of which htmx may ask for the new content alone.
    """

    query: tuple[str, ...] = ()
    fragment: str = ""


def cached_page(*, query: tuple[str, ...] = (), fragment: str = "") -> Callable[[View], View]:
    """Let the page cache keep the pages of this view.

    The view renders for a visitor without cookies. Where it reads a cookie or the time, that must
    be noted (``changes.note_cookie``, ``note_until``); what it reads from the database is noted by
    itself.
    """

    def mark(view: View) -> View:
        view.caching = Caching(query, fragment)  # type: ignore[attr-defined]
        return view

    return mark


def set_own_parts(response: HttpResponseBase, cookie: str, parts: OwnParts) -> None:
    """Let visitors with this cookie get the kept page with their own parts filled in."""
    response.own_parts = cookie, parts  # type: ignore[attr-defined]


def is_rendered_for_all(request: HttpRequest | None) -> bool:
    """Whether the page is rendered to be kept, so that own parts are to be marked."""
    return request is not None and FOR_ALL in request.META


def mark_own_part(name: str, html: str) -> SafeString:
    """Mark the place of an own part, around what visitors without one see there."""
    return mark_safe(f"<!--[{name}-->{html}<!--{name}]-->")  # noqa: S308 -- rendered by a template


FOR_ALL = "middleground.for_all"  # in the WSGI environment of a page that is rendered to be kept
_OWN_PART = re.compile(rb"<!--\[([a-z-]+)-->(.*?)<!--\1\]-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PagePiece:
    """A piece of a page. ``name`` is that of an own part, or empty for what is the same for all."""

    name: str
    html: bytes


def pieces_of(html: bytes) -> tuple[PagePiece, ...]:
    """Cut a rendered page at its own parts."""
    parts = _OWN_PART.split(html)
    pieces = [PagePiece("", parts[0])]
    for name, everyones, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [PagePiece(name.decode(), everyones), PagePiece("", after)]
    return tuple(pieces)


def caching_of(view: Any) -> Caching | None:
    return getattr(view, "caching", None)
