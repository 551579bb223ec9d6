"""Addresses at rest: encrypted with a key that is a file outside the database.

The language of the e-mails stands in the same sealed record, since it may tell where somebody
comes from.

From the one key come four, each for one use: to encrypt, to know an address again, and to make the
link in a follower's mails. So the database alone gives no address, and nothing that could be tried
against a list of addresses. Database and key together give every address with its case.

The key is made once. With another one all addresses would be lost and nobody would notice; so
while there is a follower, a key that is missing or another one is never made anew and never used.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from middleground.core.keyfiles import read_or_create
from middleground.core.languages.reader import ReaderLanguage, first_language
from middleground.notices.models import Follower

NAME = "notices.key"
LONGEST = 254  # letters of an address, RFC 5321
_ROOM, _NONCE, _MARK = 272, 12, 16  # bytes; all addresses are filled up to the same length


class NoKey(Exception):
    """The key is missing in the folder, or is not the one that the addresses have."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where e-mails go, and the code of the language that was chosen for them; "" for none."""

    address: str
    chosen: str

    @property
    def language(self) -> ReaderLanguage:
        """The first language, too, if the site offers the chosen one no longer."""
        is_offered = any(code == self.chosen for code, _name in settings.LANGUAGES)
        return ReaderLanguage(self.chosen) if is_offered else first_language()


def seal(address: str, case_id: int, language: str = "") -> bytes:
    """Encrypt an address, and the language of its e-mails, for its case. Raises ``NoKey``."""
    nonce = secrets.token_bytes(_NONCE)
    filled = f"{address}\0{language}".encode().ljust(_ROOM, b"\0")
    return nonce + _cipher().encrypt(nonce, filled, _bound_to(case_id))


def recipient_of(follower: Follower) -> Recipient:
    """Address and language of a follower. Raises ``NoKey``."""
    sealed = bytes(follower.sealed)
    try:
        filled = _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(follower.case_id))
    except InvalidTag:
        raise NoKey(f"{_path()} is not the key of the addresses") from None
    address, _end, language = filled.rstrip(b"\0").decode().partition("\0")
    return Recipient(address, language)


def mark_of(address: str, case_id: int) -> bytes:
    """By which the address is known again, for this case only. Raises ``NoKey``."""
    return _keyed(b"mark", f"{case_id} {address.casefold()}".encode())[:_MARK]


def token_of(follower: Follower) -> str:
    """The secret end of the link in the mails to a follower. Raises ``NoKey``."""
    number = follower.pk.to_bytes(8, "big")
    return urlsafe_b64encode(number + _keyed(b"link", number)[:_MARK]).decode()


def follower_of(token: str) -> Follower | None:
    """Whose link it is; None for one that leads to nobody, or no longer."""
    try:
        data = urlsafe_b64decode(token.encode("ascii"))
        if len(data) != 8 + _MARK or not bytes_eq(_keyed(b"link", data[:8])[:_MARK], data[8:]):
            return None
    except (ValueError, NoKey):
        return None
    number = int.from_bytes(data[:8], "big")
    found = Follower.objects.filter(pk=number) if number < 2**63 else Follower.objects.none()
    return found.select_related("case__dialogue").first()


def check_key() -> None:
    """Raise ``NoKey`` if the addresses that are stored cannot be read."""
    first = Follower.objects.order_by("pk").first()
    if first is not None:
        recipient_of(first)


def _cipher() -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_keyed(b"seal", b""))


def _bound_to(case_id: int) -> bytes:
    return f"case {case_id}".encode()


def _keyed(use: bytes, message: bytes) -> bytes:
    mac = HMAC(_key(), SHA256())
    mac.update(use + b"\0" + message)
    return mac.finalize()


def _key() -> bytes:
    path = _path()
    if not path.exists() and Follower.objects.exists():
        raise NoKey(f"{path} is missing")
    return read_or_create(path, lambda: secrets.token_bytes(32))


def _path() -> Path:
    return Path(settings.KEYS) / NAME
