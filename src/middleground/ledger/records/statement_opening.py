"""A statement as the log holds it: a salted hash, opened when the statement is published.

Rejected statements are never opened. Deleting the salt makes it impossible for good: short texts
can be guessed, but a guess cannot be tested without the salt's 128 random bits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Label, Nonce, Number, Text
from middleground.ledger.codecs.line_codec import encode
from middleground.ledger.records.entries import SealedStatement


@dataclass(frozen=True, slots=True)
class StatementOpening:
    """The words of a statement, with the salt that hid them."""

    KIND: ClassVar[str] = "statement-opening"
    salt: Nonce
    dialogue: Label
    statement: Number
    text: Text

    def seal(self) -> bytes:
        return hashlib.sha256(encode(self)).digest()

    def sealed(self) -> SealedStatement:
        return SealedStatement(self.dialogue, self.statement, self.seal())
