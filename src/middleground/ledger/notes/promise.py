"""The log's signed promise to include a leaf by a given time.

A participant gets it at once, because leaves are published later, in shuffled batches. It is a note
signed with the log's own key. All votes of a batch share the time ``by``, so that a promise does
not reveal when its vote was cast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import BadRecord, Hash, Number, Text
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.notes.keys import SigningKey, VerifierKey
from middleground.ledger.notes.note import BadNote, Note, is_signed, read_note, sign_note


class BadPromise(ValueError):
    """The bytes are not a promise that the log's key signed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """``leaf`` is a leaf's hash, ``by`` a time in seconds since 1970.

    A promise can never be parsed as a checkpoint, whose second line is a number, so no signature
    is valid for both.
    """

    KIND: ClassVar[str] = "promise"
    origin: Text
    leaf: Hash
    by: Number


def sign_promise(promise: Promise, key: SigningKey) -> Note:
    return sign_note(encode(promise).decode(), key)


def open_promise(data: bytes, key: VerifierKey) -> Promise:
    """Verify ``key``'s signature and return the promise. Raises ``BadPromise``."""
    try:
        note = read_note(data)
        if not is_signed(note, key):
            raise BadPromise(f"{key.name} did not sign it")
        promise = decode(Promise, note.text.encode())
    except (BadNote, BadRecord) as problem:
        raise BadPromise(str(problem)) from problem
    if promise.origin != key.name:
        raise BadPromise(f"it is of another log, {promise.origin}")
    return promise
