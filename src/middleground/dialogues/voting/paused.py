"""What participants read where the dialogue's key is missing or another one."""

from __future__ import annotations

from django.utils.translation import gettext as _


def paused_title_and_advice() -> tuple[str, str]:
    return _("Taking part is paused here"), _(
        "This server is missing the key that tells your votes from other "
        "people’s. What you and others did is stored and counts. We take no "
        "votes until the host puts the key back, because they could be counted "
        "twice. Please come back later."
    )
