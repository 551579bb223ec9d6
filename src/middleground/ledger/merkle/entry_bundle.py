"""Files of entries, each preceded by its length as two bytes, big-endian (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_ENTRY = 0xFFFF


class BadBundle(ValueError):
    """The bytes are not a sequence of whole entries."""


def write_bundle(entries: Iterable[bytes]) -> bytes:
    """Encode a bundle. Raises ``BadBundle`` for an entry longer than 65,535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise BadBundle(f"an entry has {len(entry)} bytes; {LONGEST_ENTRY} is the most")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def read_bundle(data: bytes) -> list[bytes]:
    """Decode a bundle. Raises ``BadBundle`` if the last entry is truncated."""
    entries, position = [], 0
    while position < len(data):
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        if start > len(data) or position > len(data):
            raise BadBundle("the last entry is cut off")
        entries.append(data[start:position])
    return entries
