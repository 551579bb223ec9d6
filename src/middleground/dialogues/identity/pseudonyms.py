"""What the server makes of a token in one dialogue: the participant's pseudonym.

The database holds 63 bits of HMAC-SHA256(key of the dialogue, token). It is a different number in
every dialogue and cannot be traced back without the key.
"""

from __future__ import annotations

from middleground.dialogues.identity.keys import key_bytes, keyed_hash
from middleground.ledger import tag_of


def pseudonym(dialogue_id: int, token: bytes) -> int:
    """The participant's id in a dialogue: 63 bits, never 0."""
    return int.from_bytes(keyed_hash(dialogue_id, b"participant", token)[:8], "big") >> 1 or 1


def selection_randomness(dialogue_id: int, root: bytes, token: bytes, votes: int) -> float:
    """A number, uniform in [0, 1), by which a participant's next statement is selected.

    It follows from the ``root`` of a published checkpoint, the participant and the number of their
    votes, so that the host cannot repeat the selection until it suits. Without the key nobody can
    foresee it.
    """
    mac = keyed_hash(dialogue_id, b"draw", root + token + votes.to_bytes(4, "big"))
    return (int.from_bytes(mac[:8], "big") >> 11) * 2.0**-53


def vote_tag(dialogue_id: int, label: str, participant: int, number: int) -> bytes:
    """What all leaves of one participant's votes on one statement have in common.

    ``ledger/records/vote_opening.py`` says what it is for.
    """
    return tag_of(key_bytes(dialogue_id), label, participant.to_bytes(8, "big"), number)
