"""QR codes, as SVG within a page."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def qr_code(address: str) -> SafeString:
    """The code of an address of our own; its size is that of a style."""
    picture = segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, title=_("QR code")
    )
    return mark_safe(picture)  # noqa: S308 -- drawn by segno from our own URL
