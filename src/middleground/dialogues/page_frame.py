"""Links to dialogue pages, the notice of an example, and the styles of both."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from middleground import pictures
from middleground.core.page.frame import (
    PageLink,
    PagePart,
    Place,
    Visitor,
    add_links,
    add_notice,
    add_parts,
    add_styles,
)
from middleground.core.site_files.sitemap import add_sitemap
from middleground.dialogues.pages.previews import sharing
from middleground.dialogues.pages.sitemap import public_pages
from middleground.people.models import User


def _is_signed_in(visitor: Visitor) -> bool:
    return visitor.is_authenticated


def _is_staff(visitor: Visitor) -> bool:
    """Of the host; officials begin with the first of their own links."""
    return isinstance(visitor, User) and not visitor.is_official


add_links(
    PageLink(Place.SITE, "desk", _("Desk"), order=10, shown=_is_signed_in),
    PageLink(Place.SITE, "you", _("You and your data"), order=20),
    PageLink(Place.DESK, "desk", _("Desk"), order=10, shown=_is_staff),
    PageLink(Place.ABOUT, "what-we-know", _("What we know about you")),
    PageLink(Place.FOOT, "ledger", _("The public log")),
)
add_notice("dialogues/_simulated.html")
add_parts(PagePart("head", "dialogues/_sharing.html", sharing))
add_styles(Path(pictures.__file__).resolve().parent)
add_styles(Path(__file__).resolve().parent / "styles")
add_sitemap("dialogues", public_pages)
