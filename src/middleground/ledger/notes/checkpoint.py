"""A log's size and root, signed: C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from middleground.ledger.merkle.hashing import EMPTY_ROOT, HASH_BYTES
from middleground.ledger.notes.keys import SigningKey, VerifierKey, read_base64, write_base64
from middleground.ledger.notes.note import BadNote, Note, is_signed, read_note, sign_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadCheckpoint(ValueError):
    """The text is not a checkpoint, or not signed by the log; the message says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Three lines: the log's name, how many leaves it has, and their Merkle root.

    Extension lines are refused: tlog-checkpoint advises against them, nobody could audit them, and
    this project's logs write none.
    """

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{write_base64(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Parse a note's text. Raises ``BadCheckpoint``."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadCheckpoint("a checkpoint has three lines: name, size and root")
    if not _SIZE.fullmatch(lines[1]):
        raise BadCheckpoint("the size is not a plain number")
    try:
        root = read_base64(lines[2])
    except ValueError as problem:
        raise BadCheckpoint("the root is not base64") from problem
    size = int(lines[1])
    if len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        raise BadCheckpoint("the root is not a hash of a tree of that size")
    return Checkpoint(lines[0], size, root)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """Sign a checkpoint. Raises ``BadCheckpoint`` unless the key has the log's name."""
    if key.name != checkpoint.origin:
        raise BadCheckpoint("the key's name is not the log's")
    return sign_note(str(checkpoint), key)


def open_checkpoint(data: bytes, key: VerifierKey) -> tuple[Checkpoint, Note]:
    """Verify ``key``'s signature; return checkpoint and note. Raises ``BadCheckpoint``."""
    try:
        note = read_note(data)
        if not is_signed(note, key):
            raise BadCheckpoint(f"{key.name} did not sign it")
    except BadNote as problem:
        raise BadCheckpoint(str(problem)) from problem
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise BadCheckpoint(f"it is of another log, {checkpoint.origin}")
    return checkpoint, note
