"""What apps add to the frame of every page: links, notices, parts of the style sheet.

An app writes ``page_frame.py`` at its root and calls the functions below there. The frame
(``templates/base.html``) shows what it finds and names no app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:  # the server reads this module before Django's models are there
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

Visitor: TypeAlias = "AbstractBaseUser | AnonymousUser"


class Place(Enum):
    """Where a link stands."""

    SITE = "site"  # at the top of public pages
    DESK = "desk"  # at the top of pages for staff
    ABOUT = "about"  # in the sentences at the foot
    FOOT = "foot"  # in the last line


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to the page that ``name`` names among the addresses.

    ``order``: links of one place stand by it, the smallest first. ``shown`` may hide the link from
    somebody who has no use for it; it protects nothing.
    """

    place: Place
    name: str
    text: str | Promise
    order: int = 50
    shown: Callable[[Visitor], bool] = lambda _visitor: True

    def address(self) -> str:
        return reverse(self.name)


_links: list[PageLink] = []
_notices: list[str] = []
_style_folders: list[Path] = [Path(__file__).resolve().parents[1] / "styles"]


def add_links(*links: PageLink) -> None:
    _links.extend(links)


def add_notice(template: str) -> None:
    """Show a template above the head of every page; it decides by the page's context."""
    _notices.append(template)


def add_styles(folder: Path) -> None:
    """Join the folder's ``*.css`` to the one style sheet, sorted by name."""
    _style_folders.append(folder)


def page_links(visitor: Visitor, place: Place) -> list[PageLink]:
    """The links that stand there for this visitor."""
    _find()
    shown = [link for link in _links if link.place is place and link.shown(visitor)]
    return sorted(shown, key=lambda link: link.order)


def page_notices() -> tuple[str, ...]:
    _find()
    return tuple(_notices)


def style_folders() -> tuple[Path, ...]:
    """The frame's own folder, then those of the apps in the order of ``INSTALLED_APPS``."""
    _find()
    return tuple(_style_folders)


@cache  # looking for modules that are not there takes longer than a page
def _find() -> None:
    autodiscover_modules("page_frame")
