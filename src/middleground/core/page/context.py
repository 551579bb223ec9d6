"""Template context of all pages: the name and the look of the site, and whom to ask."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from middleground.core.look.current import ShownLook, current_look


def installation(request: HttpRequest | None = None) -> dict[str, str | ShownLook]:  # noqa: ARG001
    look = current_look()
    return {
        "site_name": look.site_name,
        "host_name": look.host_name,
        "contact": settings.CONTACT,
        "look": look,
    }
