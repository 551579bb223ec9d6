"""Sealed votes: from the log alone, neither the participant nor the answer can be read.

The seal is SHA-256 over the opening's lines (``line_codec.encode``): client nonce, server nonce,
dialogue, statement, tag and vote. The opening gives the leaf; the leaf does not give the opening,
because the 256 random bits of the nonces are unknown.

- The *client nonce* comes from the participant's own device. It prevents a host from giving two
  participants the same leaf as a receipt: both devices would have to make the same 128 bits.
- The *server nonce* hides the vote even if a device makes bad random numbers.
- The *tag* is HMAC-SHA256(dialogue key, participant, statement). Two leaves with one tag are votes
  of one participant on one statement, of which the last counts; tags link no votes across
  statements. Once the dialogue's key is destroyed, nobody can compute tags any more.

**Erasure.** The log is append-only, so a leaf stays for ever. When a participant deletes a vote,
its two nonces are deleted. The hash that remains depends on 256 unknown bits: nobody, not even the
host, can open it or test a guess at its content. The number of such leaves is logged. A receipt
that the participant kept also holds the nonces; only the participant can delete it.
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

    It is the same for all votes of one participant on one statement. Without the key it is
    indistinguishable from random bytes.
    """
    lines = (
        f"vote-tag/v1\ndialogue {LABEL.write(dialogue)}\nparticipant {participant.hex()}\n"
        f"statement {NUMBER.write(statement)}\n"
    )
    return hmac.digest(dialogue_key, lines.encode(), "sha256")
