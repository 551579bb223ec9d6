"""The doctor names dialogues that have ended and lack their result or their lists in the log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from middleground.config.doctor.ledger import check_ends
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]
NO_RESULT = "“harbour” has ended, and it has no final result."
NO_LISTS = "“harbour” has ended, and its votes are not listed in the public log."


def told(dialogue: Dialogue, **since: float) -> list[tuple[str | None, str]]:
    """What the doctor says so long after the end."""
    assert dialogue.closes_at
    found = check_ends(dialogue.closes_at + timedelta(**since))
    return [(each.id, each.msg) for each in found]


def test_an_end_that_is_overdue_is_named_until_all_is_there(folder: Path) -> None:
    dialogue = make_dialogue()
    make_dialogue("draft", state="draft")
    make_dialogue("later", closes_at=timezone.now() + timedelta(days=365))
    make_dialogue("for-good")
    dialogue.closes_at = timezone.now() - timedelta(minutes=5)
    dialogue.save()
    assert told(dialogue, hours=-1) == told(dialogue, hours=1.9) == []
    assert told(dialogue, hours=2.1) == [("middleground.W075", NO_RESULT)]
    assert told(dialogue, hours=25) == [("middleground.E075", NO_RESULT)]
    finalise(dialogue.pk)
    assert told(dialogue, hours=1.9) == []
    assert told(dialogue, hours=2.1) == [("middleground.W075", NO_LISTS)]
    assert told(dialogue, hours=25) == [("middleground.E075", NO_LISTS)]
    publish_log()
    assert told(dialogue, days=100) == []
    assert folder.is_dir()


def test_an_imported_dialogue_needs_no_lists() -> None:
    dialogue = make_dialogue(imported=True, state="closed", closes_at=timezone.now())
    assert told(dialogue, hours=25) == [("middleground.E075", NO_RESULT)]
    finalise(dialogue.pk)
    assert told(dialogue, days=100) == []


def test_without_a_time_of_its_end_a_dialogue_is_named_as_advice() -> None:
    make_dialogue(state="closed")
    found = [(each.id, each.msg) for each in check_ends(timezone.now())]
    assert found == [("middleground.W075", NO_RESULT)]
