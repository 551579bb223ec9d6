"""Admission codes: generating, formatting, parsing and hashing them."""

from __future__ import annotations

import secrets

from middleground.core.languages.typed import plain
from middleground.dialogues.identity.keys import keyed_hash

# Crockford's Base32: no I, L, O or U. Where somebody types them, they are read as 1, 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRINTED_LENGTH = 16  # 80 bits: cannot be guessed
MEETING_LENGTH = 8  # 40 bits: short enough to read from a wall, and valid for hours only
_LOOKALIKES = str.maketrans("ILOU", "110V")
_BETWEEN = str.maketrans("", "", " -.\t\r\n")


def new_code(length: int = PRINTED_LENGTH) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """The code as printed, in groups of four characters."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse_code(text: str) -> str | None:
    """The code in a typed text, or None if it has the wrong length or characters."""
    code = plain(text).upper().translate(_BETWEEN).translate(_LOOKALIKES)
    if len(code) not in (PRINTED_LENGTH, MEETING_LENGTH) or not set(code) <= set(ALPHABET):
        return None
    return code


def code_hash(dialogue_id: int, code: str) -> str:
    """The hash stored instead of the code: 128 bits, keyed with the dialogue's key."""
    return keyed_hash(dialogue_id, b"code", code.encode())[:16].hex()
