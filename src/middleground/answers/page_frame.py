"""What this app shows on pages of others: the inbox, the tab at the desk, styles."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from middleground.core.page.frame import (
    PageLink,
    PagePart,
    Place,
    Visitor,
    add_links,
    add_parts,
    add_styles,
)
from middleground.people.models import User


def _is_official(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and visitor.is_official


add_links(PageLink(Place.DESK, "inbox", _("Inbox"), order=5, shown=_is_official))
add_parts(PagePart("desk-tabs", "answers/desk/_tab.html", order=20))
add_styles(Path(__file__).resolve().parent / "styles")
