"""The settings of a dialogue as the log tells them, and whether its end is overdue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from middleground.ledger.checks.findings import CheckFinding, fails
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.records.entries import ClosedDialogue, Settings

# So long after its close a dialogue's lists and ``closed/v1`` must be in the log.
DELAY = timedelta(days=2)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def check_overdue(folder: Path, log: Log, now: datetime | None) -> list[CheckFinding]:
    """Whether each dialogue that is over by its settings was closed in the log.

    ``now`` is the reader's time; None: nobody can say.
    """
    closed = {record.dialogue for _, record in log.of(ClosedDialogue)}
    started = {record.dialogue for _, record in log.of(Settings)}
    late = []
    for dialogue in sorted(started - closed) if now else ():
        try:
            settings = settings_before(folder, log, dialogue, log.size)
        except BadRecord:
            continue  # left open by ``checks/documents.py``
        end = _end_of(settings)
        if end is not None and now and end < now - DELAY:
            late.append(f"{dialogue}: by its settings it is over, and its votes are not listed.")
    if late:
        sentence = "Dialogues whose votes were not listed within two days of their end:"
        return [fails("overdue", f"{sentence} {len(late)}.", late)]
    return []


def _end_of(settings: dict[str, Any]) -> datetime | None:
    """When the dialogue ended or will end; None if its settings name no end."""
    state, closes, opens = (settings.get(name) for name in ("state", "closes_at", "opens_at"))
    if state == "draft" or (state != "closed" and closes is None):
        return None
    return _time(opens if closes is None else closes)


def _time(value: Any) -> datetime:
    """The time; one of long ago if it cannot be read, so that nobody hides an end so."""
    try:
        known = isinstance(value, str) and _TIME.fullmatch(value)
        return datetime.fromisoformat(value) if known else _LONG_AGO
    except ValueError:
        return _LONG_AGO


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
