"""Contributions of apps to pages that are not theirs: links, notices, styles, parts of a page.

An app has ``page_frame.py`` at its root and calls the functions below there. The frame
(``templates/base.html``) shows all contributions and names no app. Pages of a lower app have named
places (``{% page_parts "…" %}``), which upper apps fill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:  # this module is imported before Django's models are loaded
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

Visitor: TypeAlias = "AbstractBaseUser | AnonymousUser"


class Place(Enum):
    """The place of a link."""

    SITE = "site"  # at the top of public pages
    DESK = "desk"  # at the top of pages for staff
    ABOUT = "about"  # in the sentences at the foot
    FOOT = "foot"  # in the last line


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to the URL pattern called ``name``.

    Links of one place are sorted by ``order``, ascending. ``shown`` may hide the link from visitors
    who do not need it; it is no access control.
    """

    place: Place
    name: str
    text: str | Promise
    order: int = 50
    shown: Callable[[Visitor], bool] = lambda _visitor: True

    def address(self) -> str:
        return reverse(self.name)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A template that a page of a lower app includes at a place.

    ``values`` gets the page's context and returns what the template needs beside it, or None where
    there is nothing to show. Parts of one place are sorted by ``order``, ascending.
    """

    place: str
    template: str
    values: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] = lambda _page: {}
    order: int = 50


_links: list[PageLink] = []
_parts: list[PagePart] = []
_notices: list[str] = []
_style_folders: list[Path] = [Path(__file__).resolve().parents[1] / "styles"]


def add_links(*links: PageLink) -> None:
    _links.extend(links)


def add_parts(*parts: PagePart) -> None:
    _parts.extend(parts)


def add_notice(template: str) -> None:
    """Show a template at the top of every page; it can use the page's context."""
    _notices.append(template)


def add_styles(folder: Path) -> None:
    """Add the folder's ``*.css`` to the style sheet, sorted by name."""
    _style_folders.append(folder)


def page_links(visitor: Visitor, place: Place) -> list[PageLink]:
    """Return the links at this place for this visitor."""
    _find()
    shown = [link for link in _links if link.place is place and link.shown(visitor)]
    return sorted(shown, key=lambda link: link.order)


def page_parts(place: str) -> list[PagePart]:
    """Return the parts at this place."""
    _find()
    return sorted((part for part in _parts if part.place == place), key=lambda part: part.order)


def page_notices() -> tuple[str, ...]:
    _find()
    return tuple(_notices)


def style_folders() -> tuple[Path, ...]:
    """Return the frame's own folder, then those of apps in the order of ``INSTALLED_APPS``."""
    _find()
    return tuple(_style_folders)


@cache  # searching for modules that do not exist is slower than a page
def _find() -> None:
    autodiscover_modules("page_frame")
