"""By which mark an address is known to have been written to, without its being stored.

Each round has a key of its own, a file apart from the database. The marks alone give no address
and cannot be tried against a list; with the key a list can be tried. Both are destroyed when the
round ends.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from middleground.core.keyfiles import destroy, read_or_create
from middleground.outreach.models import InvitationRound, SentMark


class NoRoundKey(Exception):
    """The round's key is missing, while there are marks: nobody could tell who was written to."""


def key_of(round_: InvitationRound) -> bytes:
    """Raises ``NoRoundKey``."""
    path = _path(round_.pk)
    if not path.exists() and SentMark.objects.filter(round=round_).exists():
        raise NoRoundKey(str(path))
    return read_or_create(path, lambda: secrets.token_bytes(32))


def mark_in(key: bytes, address: str) -> str:
    mac = HMAC(key, SHA256())
    mac.update(address.casefold().encode())
    return mac.finalize()[:16].hex()


def destroy_marks(round_: InvitationRound) -> None:
    """First the key, so that no moment has marks that can be tried once this has begun."""
    destroy(_path(round_.pk))
    SentMark.objects.filter(round=round_).delete()


def _path(round_id: int) -> Path:
    return Path(settings.KEYS) / f"invitations-{round_id}.key"
