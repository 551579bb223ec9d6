"""Which requests may hold a list of addresses, so that none of their bytes goes to the disk."""

from __future__ import annotations

import re

from middleground.core.languages.reader import without_language

_WITH_LIST = re.compile(r"/desk/[^/]+/outreach/invitations/")


def has_address_list(path: str) -> bool:
    return bool(_WITH_LIST.match(without_language(path)))
