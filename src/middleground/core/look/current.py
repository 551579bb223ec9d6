"""The look of the site now: what staff chose at the desk, and else what the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError

from middleground.core import changes
from middleground.core.look.accent import file_name
from middleground.core.models import SiteLook

_TABLE = SiteLook._meta.db_table
_kept: tuple[int, SiteLook | None] | None = None


@dataclass(frozen=True, slots=True)
class ShownLook:
    """``site_name``: what stands at the head; ``host_name``: who runs the site. Both may be empty.

    ``accent``: "" is the built-in one. ``logo``: without its bytes.
    """

    site_name: str
    host_name: str
    accent: str
    logo: SiteLook | None

    @property
    def sheet(self) -> str:
        """The name of the style sheet of the accent; "" for the built-in one."""
        return file_name("accent", self.accent) if self.accent else ""


def current_look() -> ShownLook:
    stored = _stored() or SiteLook()
    host = stored.host_name or settings.HOST_NAME
    return ShownLook(
        site_name=stored.site_name or host,
        host_name=host,
        accent=stored.accent,
        logo=stored if stored.logo_hash else None,
    )


def _stored() -> SiteLook | None:
    """The one row. It is read again once it was written."""
    global _kept
    with changes.noted_as(SiteLook):
        newest = changes.version([_TABLE])
        if _kept is not None and _kept[0] == newest and changes.are_told([_TABLE]):
            return _kept[1]
        try:
            found = SiteLook.objects.defer("logo").first()
        except (DatabaseError, SynchronousOnlyOperation):
            # Pages that say that the database is away need a look, too, and so do the answers to
            # votes, which come from the event loop, where nothing may be read.
            return _kept[1] if _kept else None
        _kept = newest, found
    return found


def keep_none() -> None:
    """Take it as read that nothing is stored. For tests that count queries."""
    global _kept
    _kept = changes.version([_TABLE]), None
