"""The token that a participant's browser carries: 128 random bits, or twelve words.

Nothing of it is stored on the server.
"""

from __future__ import annotations

import base64
import re
import secrets

from mnemonic import Mnemonic

TOKEN_BYTES = 16

_words = Mnemonic("english")


class BadPhrase(ValueError):
    """The twelve words are not a phrase of ours; the message says why."""


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def write_token(token: bytes) -> str:
    """A token as the cookie's value."""
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def read_token(value: str | None) -> bytes | None:
    """The token in a cookie's value, or None where there is none or it is damaged."""
    if not value or len(value) != 22 or not value.isascii():
        return None
    try:
        token = base64.b64decode(value + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    return token if write_token(token) == value else None


def phrase(token: bytes) -> str:
    """Twelve words that carry the token to another device (the BIP-39 word list)."""
    return str(_words.to_mnemonic(token))


def token_from_phrase(text: str) -> bytes:
    """The token of twelve words. Raises ``BadPhrase``."""
    # A phrase that was written down or copied has signs between the words and numbers before them.
    parts = re.split(r"[\s,.;:]+", text.lower())
    words = [part for part in parts if part and not part.isdecimal()]
    if len(words) != 12:
        raise BadPhrase(f"The phrase has 12 words; these are {len(words)}.")
    known = set(_words.wordlist)
    for position, word in enumerate(words, start=1):
        if word not in known:
            raise BadPhrase(f"Word {position}, “{word}”, is not one of ours. Check its spelling.")
    if not _words.check(" ".join(words)):
        raise BadPhrase("The words are right one by one, but not together. Check their order.")
    return bytes(_words.to_entropy(words))
