"""The registry of the kinds of entries, and the part of unknown kinds that can still be read.

The kinds that the checks interpret are in ``entries.py``. Apps register their own kinds in
``log_kinds.py``, which imports no Django, so that the verifier can load it without a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from middleground.ledger.codecs.field_codecs import HASH, LABEL, BadRecord
from middleground.ledger.codecs.line_codec import Record, codecs_of, decode, encode, kind_of

LoggedRecord = Record
T = TypeVar("T", bound=LoggedRecord)

_KIND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}/v[1-9][0-9]{0,8}")
_kinds: dict[str, type[Any]] = {}


class UnknownKind(BadRecord):
    """The entry is of a kind, or of a version, that nobody registered."""


@dataclass(frozen=True, slots=True)
class UnknownEntry:
    """The fields of an entry of an unknown kind that can be read by their names.

    ``kind`` is the name without the version.
    """

    kind: str
    dialogue: str | None
    document: bytes | None


def register(kind: type[T]) -> type[T]:
    """Decorator that registers a dataclass as a kind of entry.

    Raises ``ValueError`` if the name is taken, and ``TypeError`` for a field without a codec.
    """
    name = f"{kind.KIND}/v1"
    if name in _kinds:
        raise ValueError(f"two kinds of entries are called {name}")
    codecs_of(kind)
    _kinds[name] = kind
    return kind


def registered() -> dict[str, type[Any]]:
    return dict(_kinds)


def write_entry(record: LoggedRecord) -> bytes:
    """Return the log entry of a record. Raises ``BadRecord``."""
    if type(record) is not _kinds.get(f"{record.KIND}/v1"):
        raise UnknownKind(f"{record.KIND} is no registered kind of entry")
    return encode(record)


def read_entry(entry: bytes) -> Any:
    """Return the record of a log entry. Raises ``BadRecord`` or its subclass ``UnknownKind``."""
    kind = _kinds.get(kind_of(entry))
    if kind is None:
        raise UnknownKind("the entry is of an unknown kind")
    return decode(kind, entry)


def read_unknown(entry: bytes) -> UnknownEntry | None:
    """Read an entry of an unknown kind; None if it does not have the general form of entries.

    The rule is in docs/ledger.md ("Kinds that a verifier does not know"): old verifiers copy and
    compare the documents of new kinds, and check nothing else in these entries.
    """
    try:
        kind, *lines = entry.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    if not _KIND.fullmatch(kind) or not lines or lines.pop() != "":
        return None
    fields: dict[str, str] = {}
    for line in lines:
        name, space, value = line.partition(" ")
        if not space or not _reads(LABEL.read, name) or name in fields:
            return None
        fields[name] = value
    dialogue, document = fields.get("dialogue", ""), fields.get("document", "")
    return UnknownEntry(
        kind.rpartition("/")[0],
        dialogue if _reads(LABEL.read, dialogue) else None,
        HASH.read(document) if _reads(HASH.read, document) else None,
    )


def _reads(read: Any, text: str) -> bool:
    try:
        read(text)
    except BadRecord:
        return False
    return True
