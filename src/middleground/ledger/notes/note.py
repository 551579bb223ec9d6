"""Signed notes: text with signature lines below it (C2SP signed-note, c2sp.org/signed-note)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from middleground.ledger.notes.keys import (
    NOTE,
    SigningKey,
    VerifierKey,
    is_key_name,
    read_base64,
    write_base64,
)

MOST_SIGNATURES = 64
LONGEST = 1_000_000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """The bytes are not a signed note, or a known key's signature is wrong."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: a key's name and id, and the signature's bytes."""

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"— {self.name} {write_base64(self.key_id + self.data)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signatures. ``text`` ends in a newline, which is signed too."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        return Note(self.text, (*self.signatures, *more))


def read_note(data: bytes) -> Note:
    """Parse text and signatures without verifying them. Raises ``BadNote``."""
    if len(data) > LONGEST:
        raise BadNote("the note is too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadNote("the note is not UTF-8") from problem
    if _CONTROL.search(whole):
        raise BadNote("the note holds a control character")
    head, empty_line, tail = whole.rpartition("\n\n")
    if not empty_line or not tail.endswith("\n"):
        raise BadNote("no empty line stands between the text and whole signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote(f"the note has more than {MOST_SIGNATURES} signatures")
    return Note(head + "\n", tuple(read_signature(line) for line in lines))


def read_signature(line: str) -> Signature:
    """Parse a signature line without its newline. Raises ``BadNote``."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not is_key_name(parts[1]):
        raise BadNote("a signature line is not “— name signature”")
    try:
        data = read_base64(parts[2])
    except ValueError as problem:
        raise BadNote("a signature is not base64") from problem
    if len(data) < 5:
        raise BadNote("a signature is too short")
    return Signature(parts[1], data[:4], data[4:])


def sign_note(text: str, key: SigningKey) -> Note:
    """Sign the text with Ed25519. Raises ``BadNote`` for text that cannot be a note."""
    if key.kind != NOTE:
        raise BadNote("this key signs checkpoints as a witness, not notes")
    public = key.verifier
    signature = Signature(public.name, public.id, key.sign(text.encode()))
    note = Note(text, (signature,))
    if read_note(str(note).encode()) != note:
        raise BadNote("the text does not end in a newline")
    return note


def is_signed(note: Note, key: VerifierKey) -> bool:
    """Whether ``key`` signed the note. Signatures by other keys are ignored.

    Raises ``BadNote`` if a signature names the key and is invalid: the note is a forgery.
    """
    ours = [signature for signature in note.signatures if signature.is_by(key)]
    if not all(key.verifies(note.text.encode(), signature.data) for signature in ours):
        raise BadNote(f"the signature in the name of {key.name} is forged")
    return bool(ours)
