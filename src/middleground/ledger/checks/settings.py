"""The settings of a dialogue as the log tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.records.entries import Settings


def settings_before(folder: Path, log: Log, dialogue: str, place: int) -> dict[str, Any]:
    """The settings that held at this entry. Raises ``BadRecord`` if they cannot be read."""
    documents = [
        record.document
        for index, record in log.of(Settings)
        if record.dialogue == dialogue and index < place
    ]
    if not documents:
        raise BadRecord("they were never logged")
    path = folder / "documents" / documents[-1].hex()
    if not path.is_file():
        raise BadRecord(f"the file is missing, documents/{path.name}")
    return read_json(path.read_bytes())
