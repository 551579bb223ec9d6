"""What participants read where the dialogue's key is missing or another one."""

from __future__ import annotations

from django.utils.translation import gettext as _


def paused_title_and_advice() -> tuple[str, str]:
    return _("Taking part is paused here"), _(
        "On this server the key is missing with which it knows your votes from another person's."
        " What you and others did is stored and counts. Nothing is taken until the host has put the"
        " key back, because it could be counted twice. Please come back later."
    )
