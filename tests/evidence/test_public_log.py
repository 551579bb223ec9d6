"""How sources and claims come into the public log: as they stand, once for each change."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.entered import make_claim, make_source
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.claims import edit_claim, withdraw_claim
from middleground.evidence.actions.public_log import EvidenceLog
from middleground.evidence.actions.sources import withdraw_source
from middleground.ledger import read_entry
from middleground.ledger.records.entries import LoggedEvidence
from middleground.people.models import User
from middleground.publiclog.models import PendingRecord
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def logged(log: EvidenceLog) -> list[tuple[str, int, dict[str, Any]]]:
    """What is logged now: collection, number and document."""
    PendingRecord.objects.all().delete()
    count, found = log.log_changes(), []
    for pending in PendingRecord.objects.order_by("pk"):
        record, document = read_entry(bytes(pending.entry)), bytes(pending.document or b"")
        assert isinstance(record, LoggedEvidence)
        assert record.document == sha256(document).digest()
        found.append((record.collection, record.number, json.loads(document)))
    assert count == len(found)
    return found


def test_each_change_is_logged_once_as_it_stands(dialogue: Dialogue, moderator: User) -> None:
    log = EvidenceLog()
    claim = make_claim(moderator, dialogue, cited_by=(1,))
    first = logged(log)
    assert [(kind, number) for kind, number, _document in first] == [
        ("sources", 1), ("sources", 2), ("claims", 1),
    ]  # fmt: skip
    assert first[0][2]["funding"] == "Example Foundation"
    said = first[2][2]
    assert (said["text"], said["cited_by"]) == ("It got quieter.", [1])
    assert {each["source"] for each in said["passages"]} == {1, 2}
    assert logged(log) == []
    assert logged(EvidenceLog()) == []  # after a restart
    edit_claim(moderator, claim, "It got louder.", in_background=True, cited_by=(), revision=0)
    [(_kind, _number, document)] = logged(EvidenceLog())
    assert (document["text"], document["cited_by"]) == ("It got louder.", [])
    withdraw_source(moderator, dialogue.sources.get(number=2), "It does not exist.")
    withdraw_claim(moderator, claim, "Nobody says so.")
    gone = [document for _kind, _number, document in logged(EvidenceLog())]
    assert [document["withdrawn"] for document in gone] == ["It does not exist.", "Nobody says so."]
    assert not any("title" in document or "text" in document for document in gone)


def test_a_draft_is_logged_once_it_is_public_and_an_import_never(moderator: User) -> None:
    draft = make_dialogue("draft", state="draft")
    make_source(moderator, draft)
    make_source(moderator, make_dialogue("polis", imported=True))
    assert logged(EvidenceLog()) == []
    Dialogue.objects.filter(pk=draft.pk).update(state="open")
    assert [document["dialogue"] for *_, document in logged(EvidenceLog())] == ["draft"]


def test_while_nothing_changes_nothing_is_read(dialogue: Dialogue, moderator: User) -> None:
    log = EvidenceLog()
    assert logged(log) == []
    with CaptureQueriesContext(connection) as captured:
        assert log.log_changes() == 0
    assert len(captured) == 0
