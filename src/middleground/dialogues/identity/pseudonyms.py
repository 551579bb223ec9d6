"""The participant's pseudonym in one dialogue, computed from their token.

It is 63 bits of HMAC-SHA256(key of the dialogue, token): a different number in every dialogue,
which cannot be linked to the token without the key.
"""

from __future__ import annotations

from middleground.dialogues.identity.keys import keyed_hash


def pseudonym(dialogue_id: int, token: bytes) -> int:
    """The participant's id in a dialogue: 63 bits, never 0."""
    return int.from_bytes(keyed_hash(dialogue_id, b"participant", token)[:8], "big") >> 1 or 1


def selection_randomness(dialogue_id: int, root: bytes, token: bytes, votes: int) -> float:
    """A number, uniform in [0, 1), by which a participant's next statement is selected.

    It is determined by the ``root`` of a published checkpoint, the token and the number of votes,
    so that the host cannot repeat the selection until the outcome suits. Nobody can predict it
    without the key.
    """
    mac = keyed_hash(dialogue_id, b"draw", root + token + votes.to_bytes(4, "big"))
    return (int.from_bytes(mac[:8], "big") >> 11) * 2.0**-53
