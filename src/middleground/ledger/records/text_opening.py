"""Sealed texts: the log holds a salted hash, which is opened when the text is shown.

All texts by participants have this form. A text is identified by a number in a *collection* of its
dialogue, such as statement 12 or, later, comment 7; so a new kind of text needs no new check.
Rejected texts are never opened. Once the salt is deleted, nobody can open the text: a short text
can be guessed, but no guess can be tested without the 128 random bits of the salt.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Label, Nonce, Number, Text
from middleground.ledger.codecs.line_codec import encode
from middleground.ledger.records.entries import SealedText


@dataclass(frozen=True, slots=True)
class TextOpening:
    """The words of a text, with the salt that hid them."""

    KIND: ClassVar[str] = "text-opening"
    salt: Nonce
    dialogue: Label
    collection: Label
    number: Number
    text: Text

    def seal(self) -> bytes:
        return hashlib.sha256(encode(self)).digest()

    def sealed(self) -> SealedText:
        return SealedText(self.dialogue, self.collection, self.number, self.seal())
