"""What the log holds: one dataclass for each kind of entry.

Labels and hashes only. A long or public document (settings, a map, a response) is logged by the
SHA-256 of its bytes, and its file is published as ``documents/<hash>``. What belongs to a person (a
vote, a statement's words) is logged sealed, see ``vote_opening.py`` and ``statement_opening.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from middleground.ledger.codecs.field_codecs import BadRecord, Day, Hash, Label, Number, Text
from middleground.ledger.codecs.line_codec import decode, encode, kind_of


@dataclass(frozen=True, slots=True)
class SealedVote:
    """A vote; ``seal`` hides who and what (``leaf.VoteOpening.seal``)."""

    KIND: ClassVar[str] = "vote"
    dialogue: Label
    seal: Hash


@dataclass(frozen=True, slots=True)
class Settings:
    """A dialogue's settings as they are from here on: ``document`` is the hash of their file."""

    KIND: ClassVar[str] = "settings"
    dialogue: Label
    document: Hash


@dataclass(frozen=True, slots=True)
class SealedStatement:
    """A statement; ``seal`` hides its words until its salt is published."""

    KIND: ClassVar[str] = "statement"
    dialogue: Label
    statement: Number
    seal: Hash


@dataclass(frozen=True, slots=True)
class Moderation:
    """What staff decided about a statement, and the code of the reason ("none" without one)."""

    KIND: ClassVar[str] = "moderation"
    dialogue: Label
    statement: Number
    action: Label
    reason: Label


@dataclass(frozen=True, slots=True)
class Merge:
    """A statement is dealt no more because another says the same. No vote moves."""

    KIND: ClassVar[str] = "merge"
    dialogue: Label
    statement: Number
    into: Number


@dataclass(frozen=True, slots=True)
class Invitations:
    """How many codes were made for a tier; never which."""

    KIND: ClassVar[str] = "invitations"
    dialogue: Label
    tier: Label
    count: Number


@dataclass(frozen=True, slots=True)
class Erasures:
    """How many votes and statements were made unopenable since the last such record."""

    KIND: ClassVar[str] = "erasures"
    dialogue: Label
    votes: Number
    statements: Number


@dataclass(frozen=True, slots=True)
class PublishedMap:
    """A published opinion map and everything needed to compute it again.

    ``document`` is the map file's hash, ``votes`` the hash of the sealed vote matrix, ``options``
    the engine's options in one line.
    """

    KIND: ClassVar[str] = "map"
    dialogue: Label
    document: Hash
    votes: Hash
    engine: Label
    seed: Number
    options: Text


@dataclass(frozen=True, slots=True)
class Response:
    """A body's answer to a case, in the version of this hash."""

    KIND: ClassVar[str] = "response"
    dialogue: Label
    case: Number
    version: Number
    body: Label
    document: Hash


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something a body promised by a day; a later version of the same number replaces it."""

    KIND: ClassVar[str] = "commitment"
    dialogue: Label
    number: Number
    version: Number
    body: Label
    due: Day
    document: Hash


LoggedRecord = (
    SealedVote
    | Settings
    | SealedStatement
    | Moderation
    | Merge
    | Invitations
    | Erasures
    | PublishedMap
    | Response
    | Commitment
)

KINDS: dict[str, Any] = {f"{kind.KIND}/v1": kind for kind in LoggedRecord.__args__}


class UnknownKind(BadRecord):
    """The entry is of a kind, or of a version, that this program does not know."""


def write_entry(record: LoggedRecord) -> bytes:
    """The log entry of a record. Raises ``BadRecord``."""
    return encode(record)


def read_entry(entry: bytes) -> LoggedRecord:
    """The record of a log entry. Raises ``BadRecord``, or ``UnknownKind``, which is one."""
    kind = KINDS.get(kind_of(entry))
    if kind is None:
        raise UnknownKind("the entry is of an unknown kind")
    record: LoggedRecord = decode(kind, entry)
    return record
