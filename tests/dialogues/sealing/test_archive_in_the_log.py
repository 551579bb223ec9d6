"""A dialogue that is archived after its close: the log tells it, and goes on verifying."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.utils import timezone

from middleground.dialogues.lifecycle.listing import archive_dialogue, unarchive_dialogue
from middleground.ledger.records.entries import ClosedDialogue, Settings
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue, make_staff
from support.logged import closed, crowd, entries, recounted

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]


def test_the_log_tells_the_day_and_still_holds(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    dialogue = closed(dialogue)
    publish_log()
    staff = make_staff()
    archive_dialogue(staff, dialogue)
    archive_dialogue(staff, dialogue)  # a second time does nothing
    unarchive_dialogue(staff, dialogue)
    publish_log()
    found = entries(folder)
    end = next(place for place, each in enumerate(found) if isinstance(each, ClosedDialogue))
    days = [
        json.loads((folder / "documents" / each.document.hex()).read_bytes())["archived_on"]
        for each in found[end:]
        if isinstance(each, Settings)
    ]
    assert days == [timezone.localdate().isoformat(), None]
    report = recounted(folder)
    assert report.holds
    assert {finding.state for finding in report.findings} <= {"holds", "open"}
