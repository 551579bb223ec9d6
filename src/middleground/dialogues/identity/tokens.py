"""The token in a participant's browser: 128 random bits, also written as twelve words.

The server does not store it.
"""

from __future__ import annotations

import base64
import re
import secrets
from http import HTTPStatus

from django.utils.translation import gettext_lazy
from mnemonic import Mnemonic

from middleground.core.languages.typed import plain
from middleground.core.refusals import RefusalText, Refused

TOKEN_BYTES = 16
# Behind the token in the cookie of whoever asked not to be remembered. It is the same for all.
NOT_REMEMBERED = ".once"
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY

_words = Mnemonic("english")


class PhraseRefused(Refused):
    """The text is not a valid phrase of twelve words."""

    refusals = {
        "word_count": RefusalText(
            gettext_lazy("The phrase has 12 words. You entered %(count)d."), _WRONG
        ),
        "unknown_word": RefusalText(
            gettext_lazy("Word %(position)d, “%(word)s”, is not one of ours. Check its spelling."),
            _WRONG,
        ),
        "order": RefusalText(
            gettext_lazy("Each word is right, but not in this order. Check the order."),
            _WRONG,
        ),
    }


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def write_token(token: bytes) -> str:
    """Encode a token as a cookie value."""
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def read_token(value: str | None) -> bytes | None:
    """The token in a cookie value, or None if it is missing or damaged."""
    value = (value or "").removesuffix(NOT_REMEMBERED)
    if len(value) != 22 or not value.isascii():
        return None
    try:
        token = base64.b64decode(value + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    return token if write_token(token) == value else None


def phrase(token: bytes) -> str:
    """The token as twelve words of the BIP-39 list, to carry it to another device."""
    return str(_words.to_mnemonic(token))


def token_from_phrase(text: str) -> bytes:
    """The token of twelve words. Raises ``PhraseRefused``."""
    # Written or copied phrases may contain punctuation and numbers before the words.
    parts = re.split(r"[\s,.;:]+", plain(text).lower())
    words = [part for part in parts if part and not part.isdecimal()]
    if len(words) != 12:
        raise PhraseRefused("word_count", count=len(words))
    known = set(_words.wordlist)
    for position, word in enumerate(words, start=1):
        if word not in known:
            raise PhraseRefused("unknown_word", position=position, word=word)
    if not _words.check(" ".join(words)):
        raise PhraseRefused("order")
    return bytes(_words.to_entropy(words))
