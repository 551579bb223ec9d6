"""A host's own reasons in the public log: told with the settings, named by decisions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.checking import check_with, failing
from middleground.dialogues.lifecycle.actions import edit_dialogue
from middleground.dialogues.models import Dialogue
from middleground.dialogues.texts.decisions import reject
from middleground.dialogues.texts.own_reasons import add_reason, retire_reason
from middleground.ledger.records.entries import Moderation, Settings, TextModeration
from middleground.people.models import User
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import publish_log
from support.cast import make_comment, make_dialogue, make_staff, make_statement
from support.logged import entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


@pytest.fixture
def staff() -> User:
    return make_staff()


@pytest.fixture
def dialogue(staff: User) -> Dialogue:
    """A statement and a comment were not shown for a reason that is retired by now."""
    dialogue = make_dialogue(statements=1)
    add_reason(staff, dialogue, "names a shop", "Leave its name out.")
    sent = make_statement(dialogue, 2, status="pending", origin="participant")
    comment = make_comment(dialogue.statements.get(number=1), "At Smith’s.")
    reject(staff, sent, sent.state.value, "own-1")
    reject(staff, comment, comment.state.value, "own-1")
    retire_reason(staff, dialogue, "own-1")
    dialogue.refresh_from_db()
    return dialogue


def test_they_are_told_before_they_are_named(folder: Path, dialogue: Dialogue) -> None:
    publish_log()
    found = [each for each in entries(folder) if not type(each).__name__.startswith("Sealed")]
    told, statement, comment, retired = found[:4]
    assert isinstance(told, Settings)
    assert isinstance(retired, Settings)
    assert statement == Moderation("harbour", 2, "reject", "own-1")
    assert isinstance(comment, TextModeration)
    assert (comment.collection, comment.reason) == ("comments", "own-1")
    reason = {"code": "own-1", "explanation": "Leave its name out.", "label": "names a shop"}
    for record, is_retired in ((told, False), (retired, True)):
        document = json.loads((folder / "documents" / record.document.hex()).read_bytes())
        assert document["own_reasons"] == [{**reason, "retired": is_retired}]
    report = check_with(folder, signing_key().verifier)
    assert failing(report) == {}
    (finding,) = [each for each in report.findings if each.subject == "reason"]
    assert finding.sentence == "Decisions for reasons of the host's own that it told: 2."


def test_whoever_words_one_anew_in_the_database_is_found(
    folder: Path, dialogue: Dialogue, staff: User
) -> None:
    """The control for the one before: both verifiers say that the words are others."""
    dialogue.own_reasons[0]["label"] = "names a person"
    dialogue.save(update_fields=["own_reasons"])
    edit_dialogue(staff, dialogue, {"host_name": "Port City and its unions"})
    publish_log()
    found = failing(check_with(folder, signing_key().verifier))
    assert set(found) == {"reason"}
    (line,) = found["reason"].details
    assert line.endswith("tells own-1 in other words, or no more.")
