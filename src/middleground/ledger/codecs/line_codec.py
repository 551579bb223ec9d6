"""The canonical encoding of dataclasses as lines of text: each record has exactly one encoding.

The first line is kind and version, such as ``moderation/v1``; each further line is a field, as
name, space, value, in the order of declaration. JSON is unsuitable: two JSON texts can mean the
same, and parsers can read one text differently. The lines can be read by eye and hashed with
``sha256sum``.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Annotated, Any, ClassVar, Protocol, TypeVar, get_args, get_origin, get_type_hints

from middleground.ledger.codecs.field_codecs import BadRecord, Codec


class Record(Protocol):
    """A frozen dataclass whose fields are declared with the names of ``field_codecs.py``."""

    KIND: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound=Record)


def encode(record: Record) -> bytes:
    """Return the record's bytes. Raises ``BadRecord`` for a value that cannot be written."""
    lines = [f"{record.KIND}/v1\n"]
    for name, codec in codecs_of(type(record)).items():
        lines.append(f"{name} {codec.write(getattr(record, name))}\n")
    return "".join(lines).encode()


def decode(cls: type[T], data: bytes) -> T:
    """Return the record of the bytes. Raises ``BadRecord`` unless ``encode`` gives them again."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as problem:
        raise BadRecord("the record is not UTF-8") from problem
    codecs = codecs_of(cls)
    if lines[0] != f"{cls.KIND}/v1" or lines[-1] != "" or len(lines) != len(codecs) + 2:
        raise BadRecord(f"this is not a record of kind {cls.KIND}/v1 with its lines")
    values = {}
    for line, (name, codec) in zip(lines[1:-1], codecs.items(), strict=True):
        if not line.startswith(f"{name} "):
            raise BadRecord(f"{name} is not where it belongs")
        values[name] = codec.read(line[len(name) + 1 :])
    return cls(**values)


def kind_of(data: bytes) -> str:
    """Return the first line; empty if the bytes have no complete line."""
    return data.partition(b"\n")[0].decode("utf-8", "replace") if b"\n" in data else ""


@cache
def codecs_of(cls: type[Record]) -> dict[str, Codec]:
    hints = get_type_hints(cls, include_extras=True)
    found = {}
    for field in fields(cls):
        hint = hints[field.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{cls.__name__}.{field.name} has no form")
        found[field.name] = get_args(hint)[1]
    return found
