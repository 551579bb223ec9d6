"""The document of a commitment: what the public log names by its hash at each event."""

from __future__ import annotations

import json
from collections.abc import Iterable

from middleground.answers.models import Commitment, CommitmentEvent


def document_of(commitment: Commitment, events: Iterable[CommitmentEvent]) -> bytes:
    """The commitment with all that happened to it, as JSON in one form only."""
    content = {
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
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
