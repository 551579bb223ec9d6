"""The short addresses of campaigns: typed from a poster, read out on the radio."""

from __future__ import annotations

import secrets

from django.urls import reverse

from middleground.core.languages.typed import plain
from middleground.core.site_files.canonical import absolute
from middleground.outreach.models import Campaign

# No vowel, so that no code is a word, and no letter that looks like another one or a digit.
ALPHABET = "bcdfghjkmnpqrstvwxz"
LENGTH = 7  # 9 × 10⁸ codes


def new_short_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def campaign_of(code: str) -> Campaign | None:
    """The campaign with this code, however it was typed."""
    typed = plain(code).strip().lower()
    if len(typed) != LENGTH:
        return None
    return Campaign.objects.select_related("dialogue").filter(code=typed).first()


def short_address(campaign: Campaign) -> str:
    """The address to print. It names no language: whoever opens it gets the campaign's."""
    return absolute(reverse("go", args=[campaign.code]))
