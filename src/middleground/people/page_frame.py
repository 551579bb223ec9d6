"""Navigation links to bodies, staff and account pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.page.frame import PageLink, Place, Visitor, add_links, add_notice
from middleground.core.site_files.sitemap import add_sitemap
from middleground.people.bodies.pages.sitemap import public_pages
from middleground.people.models import User
from middleground.people.permissions import Action, may


def _manages_staff(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and may(visitor, Action.MANAGE_STAFF)


def _sets_look(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and may(visitor, Action.SET_LOOK)


def _manages_bodies(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and may(visitor, Action.MANAGE_BODIES)


def _is_official(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and visitor.is_official


def _administers(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and visitor.is_staff


def _is_signed_in(visitor: Visitor) -> bool:
    return visitor.is_authenticated


add_links(
    PageLink(Place.FOOT, "bodies", _("Who answers"), order=40),
    PageLink(Place.DESK, "my_posts", _("Your posts"), order=20, shown=_is_official),
    PageLink(Place.DESK, "desk_bodies", _("Bodies"), order=50, shown=_manages_bodies),
    PageLink(Place.DESK, "staff", _("Staff"), order=60, shown=_manages_staff),
    PageLink(Place.DESK, "desk_look", _("Look"), order=65, shown=_sets_look),
    PageLink(Place.DESK, "admin:index", _("Administration"), order=70, shown=_administers),
    PageLink(Place.DESK, "mfa_index", _("Your account"), order=80, shown=_is_signed_in),
    PageLink(Place.DESK, "account_logout", _("Sign out"), order=90, shown=_is_signed_in),
)
add_notice("people/bodies/_simulated.html")
add_sitemap("people", public_pages)
