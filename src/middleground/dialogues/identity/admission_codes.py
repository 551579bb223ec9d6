"""Codes that admit people: how they are made, written, read and told apart without being kept."""

from __future__ import annotations

import secrets

from middleground.dialogues.identity.keys import keyed_hash

# Crockford's: no I, L, O or U, which are read as 1, 1, 0 and V where somebody writes them.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRINTED_LENGTH = 16  # 80 bits: no guessing, ever
MEETING_LENGTH = 8  # 40 bits: short enough for a wall, and over in hours
_LOOKALIKES = str.maketrans("ILOU", "110V")
_BETWEEN = str.maketrans("", "", " -–—.\u00a0\t\r\n")


def new_code(length: int = PRINTED_LENGTH) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """As it is printed: groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse_code(text: str) -> str | None:
    """The code that somebody typed, or None where it cannot be one of ours."""
    code = text.upper().translate(_BETWEEN).translate(_LOOKALIKES)
    if len(code) not in (PRINTED_LENGTH, MEETING_LENGTH) or not set(code) <= set(ALPHABET):
        return None
    return code


def code_hash(dialogue_id: int, code: str) -> str:
    """What is stored in its place: 128 bits of a hash with the dialogue's key."""
    return keyed_hash(dialogue_id, b"code", code.encode())[:16].hex()
