"""Sealed votes: what a box of an open dialogue hides, and the tag of a vote in the final list.

The seal is SHA-256 over the opening's lines (``line_codec.encode``). The opening gives the seal;
the seal does not give the opening, because the 384 random bits of the nonces are unknown.

- The *client nonce* comes from the participant's own device. It prevents a host from giving two
  participants the same tag: both devices would have to make the same 128 bits.
- The *server nonce* hides the vote even if a device makes bad random numbers.
- The *salt* is new with each change of the vote.
- The *tag* is SHA-256 of both nonces. It stays when the vote changes, differs on every statement,
  and is known to nobody but host and participant until the list is published.

**Erasure.** When a participant takes a vote back, all three are deleted. Only the tag is kept,
without what tied it to a participant, and stands in the list without an answer. A receipt that the
participant kept also holds the nonces; only the participant can delete it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import NONCE, Label, Nonce, Number, VoteWord
from middleground.ledger.codecs.line_codec import encode

NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class VoteOpening:
    """Everything that a vote's seal hides. ``vote`` is +1, 0 or −1."""

    KIND: ClassVar[str] = "vote-opening"
    client: Nonce
    server: Nonce
    salt: Nonce
    dialogue: Label
    statement: Number
    vote: VoteWord

    def seal(self) -> bytes:
        return hashlib.sha256(encode(self)).digest()

    @property
    def tag(self) -> bytes:
        return tag_of(self.client, self.server)


def tag_of(client: bytes, server: bytes) -> bytes:
    """SHA-256 of the lines of both nonces."""
    lines = f"vote-tag/v1\nclient {NONCE.write(client)}\nserver {NONCE.write(server)}\n"
    return hashlib.sha256(lines.encode()).digest()
