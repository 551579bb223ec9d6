"""A vote as the log holds it: sealed, so that the log alone tells neither who nor what.

The seal is SHA-256 over the opening's lines (``lines.encode``): client nonce, server nonce,
dialogue, statement, tag and vote. Whoever has the opening can find the leaf; whoever has the leaf
cannot find the opening, because 256 random bits are missing.

- The *client nonce* is made by the participant's own device. A host who gave one leaf to two
  participants, as the receipt of both, would need both devices to make the same 128 bits.
- The *server nonce* hides the vote even if a device makes bad random numbers.
- The *tag* is HMAC-SHA256(dialogue key, participant, statement). It shows that two leaves are the
  same person's on the same statement, so that the last one counts; it links nobody's votes across
  statements. When the dialogue's key is destroyed nobody can compute tags any more.

**Erasure.** The log is append-only, so a leaf stays for ever. When a participant deletes a vote,
its two nonces are deleted. What is left is a hash with 256 unknown bits before it: no one can open
it, the host included, and no guess at its content can be tested. The number of such leaves is
logged. A participant who kept a receipt holds the nonces too; deleting it is theirs to do.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import (
    LABEL,
    NUMBER,
    Hash,
    Label,
    Nonce,
    Number,
    VoteWord,
)
from middleground.ledger.codecs.line_codec import encode
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.records.entries import SealedVote

NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class VoteOpening:
    """Everything that a vote's leaf hides. ``vote`` is +1, 0 or −1."""

    KIND: ClassVar[str] = "vote-opening"
    client: Nonce
    server: Nonce
    dialogue: Label
    statement: Number
    tag: Hash
    vote: VoteWord

    def seal(self) -> bytes:
        return hashlib.sha256(encode(self)).digest()

    def entry(self) -> bytes:
        """The log entry in which this vote is sealed."""
        return encode(SealedVote(self.dialogue, self.seal()))

    def leaf(self) -> bytes:
        """The entry's Merkle leaf hash."""
        return leaf_hash(self.entry())


def tag_of(dialogue_key: bytes, dialogue: str, participant: bytes, statement: int) -> bytes:
    """HMAC-SHA256(key, lines of dialogue, participant and statement).

    The same for every vote of one participant on one statement; without the key it tells nothing.
    """
    lines = (
        f"vote-tag/v1\ndialogue {LABEL.write(dialogue)}\nparticipant {participant.hex()}\n"
        f"statement {NUMBER.write(statement)}\n"
    )
    return hmac.digest(dialogue_key, lines.encode(), "sha256")
