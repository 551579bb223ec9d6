"""Proposed sources for tests, as participants write them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from middleground.dialogues.models import Dialogue
from middleground.evidence.models import ProposedSource
from middleground.evidence.proposals.submit import propose_source
from middleground.texts.sameness import dedup_hash
from support.cast import make_participant

WRITE = "/d/harbour/sources/propose/"
REPORT = {
    "kind": "report",
    "title": "Noise at the quay",
    "authors": "Port Institute",
    "publisher": "Example Press",
    "published": "2021",
    "address": "https://example.org/quay",
    "shows": "Most of the noise comes from generators.",
}
WHOLE = (
    "Noise at the quay · Port Institute · Example Press · 2021 · https://example.org/quay"
    " · Most of the noise comes from generators."
)


def make_proposal(dialogue: Dialogue, token: bytes = b"", **fields: Any) -> ProposedSource:
    """A proposal that waits, by a new participant or the one with the token."""
    return propose_source(dialogue, token or make_participant(dialogue)[0], {**REPORT, **fields})


def make_waiting_row(dialogue: Dialogue) -> ProposedSource:
    """A proposal that waits, whose author is gone: it adds nobody to the dialogue."""
    return ProposedSource.objects.create(
        dialogue=dialogue,
        number=1,
        text=WHOLE,
        parts=REPORT,
        dedup_hash=dedup_hash(WHOLE),
        received_on=timezone.localdate(),
    )
