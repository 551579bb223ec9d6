"""The bytes of a file as bodies, posts and terms. Pure: no database, no clock."""

from __future__ import annotations

from middleground.people.bodies.importing.files.decoding import decoded
from middleground.people.bodies.importing.files.entries import BodyFile
from middleground.people.bodies.importing.files.popolo import read_popolo
from middleground.people.bodies.importing.files.table import read_table


def read_bodies(data: bytes, name: str) -> BodyFile:
    """Read a CSV table or Popolo JSON, whichever it is. Raises ``UnreadableFile``."""
    text, note = decoded(data)
    file = read_popolo(text) if text.lstrip()[:1] in ("{", "[") else read_table(text, name)
    if note:
        file.notes.insert(0, note)
    return file
