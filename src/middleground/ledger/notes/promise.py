"""The log's signed promise that a vote's tag will be in its statement's list.

A participant gets it on request, also before the next box is logged. It is a note signed with the
log's own key. It holds no time, so that it does not reveal when its vote was cast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import BadRecord, Hash, Label, Number, Text
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.notes.keys import SigningKey, VerifierKey
from middleground.ledger.notes.note import BadNote, Note, is_signed, read_note, sign_note


class BadPromise(ValueError):
    """The bytes are not a promise that the log's key signed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """When the dialogue closes, the list of the statement will hold the tag.

    A promise can never be parsed as a checkpoint, whose second line is a number, so no signature
    is valid for both.
    """

    KIND: ClassVar[str] = "promise"
    origin: Text
    dialogue: Label
    statement: Number
    tag: Hash


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
