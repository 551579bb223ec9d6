"""The number that somebody without a browser keeps, and the participant that belongs to it.

It stands on the stub of a paper form, or a helper tells it by telephone: 16 characters of the same
alphabet as admission codes. Whoever has it can see what was entered for them.
"""

from __future__ import annotations

from middleground.dialogues.identity.keys import keyed_hash
from middleground.dialogues.identity.tokens import TOKEN_BYTES


def stub_token(dialogue_id: int, number: str) -> bytes:
    """The token of the person with this number, whose pseudonym follows from it as from a cookie's.

    It is computed with the dialogue's key, so that nobody can make a cookie of a number, and vote
    as that person. Raises ``KeyDestroyed`` or ``WrongKey``.
    """
    return keyed_hash(dialogue_id, b"stub", number.encode())[:TOKEN_BYTES]
