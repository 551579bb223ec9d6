"""The document of a commitment: what the public log names by its hash at each event."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from middleground.answers.models import Commitment, CommitmentEvent


def document_of(commitment: Commitment, events: Iterable[CommitmentEvent]) -> bytes:
    """JSON in one form only."""
    content = content_of(commitment, events)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def content_of(commitment: Commitment, events: Iterable[CommitmentEvent]) -> dict[str, Any]:
    """The commitment with all that happened to it."""
    return {
        "format": "middleground-commitment/1",
        "dialogue": commitment.dialogue.slug,
        "commitment": commitment.number,
        "case": commitment.case.number,
        "events": [
            {
                "number": event.number,
                "kind": event.kind,
                "on": event.on.isoformat(),
                "facts": event.facts,
            }
            for event in events
        ],
    }
