"""Deleted data cannot be opened in the public log either, and the log still verifies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.models import Statement, Vote, VoteSeal, WithdrawnTag
from middleground.dialogues.privacy import retention
from middleground.dialogues.privacy.retention import delete_rejected_texts
from middleground.dialogues.sealing.receipts import own_vote
from middleground.dialogues.sealing.records import text_opening_of
from middleground.dialogues.texts.decisions import reject
from middleground.ledger.records.entries import Erasures, SealedText, Settings
from middleground.people.models import User
from middleground.publiclog.publisher import publish_log
from support.cast import carry, make_dialogue, make_participant, make_staff, make_statement
from support.logged import closed, crowd, entries, lists_in, recounted
from support.refused import refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]
LATER = timedelta(days=30)


def test_the_key_waits_until_the_votes_are_listed(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    dialogue = closed(dialogue)
    retention.keep_retention(timezone.now() + LATER)  # the log has not grown all this time
    assert retention.key_state(dialogue).due_at is None
    assert key_file_exists(dialogue.pk)
    with refused(retention.HoldRefused, "result_is_not_final"):
        retention.destroy_key_at_once(User.objects.get(), dialogue)
    publish_log()
    retention.keep_retention(timezone.now() + LATER)
    assert not key_file_exists(dialogue.pk)


def test_the_log_verifies_after_key_and_seals_are_destroyed(folder: Path, client: Client) -> None:
    dialogue = make_dialogue(statements=2)
    participants = crowd(dialogue, 20)
    dialogue = closed(dialogue)
    publish_log()
    carry(client, participants[0].token)
    receipt = "/d/harbour/s/1/receipt/"
    assert client.get(receipt).status_code == 200  # the control
    assert VoteSeal.objects.exists()
    votes = Vote.objects.count()
    before = recounted(folder)
    assert before.holds
    retention.keep_retention(timezone.now() + LATER)
    assert not VoteSeal.objects.exists()
    assert not WithdrawnTag.objects.exists()
    assert Vote.objects.count() == votes
    assert client.get(receipt).status_code == 404
    publish_log()
    assert recounted(folder).holds
    last = entries(folder)[-1]
    assert isinstance(last, Settings)  # it makes the key's destruction public
    assert b"key_destroyed_on" in (folder / "documents" / last.document.hex()).read_bytes()


def test_guesses_cannot_be_tested_on_the_seal_of_a_deleted_text(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    statement = make_statement(dialogue, 3, "Person X lives here.", status="pending")
    publish_log()
    statement.refresh_from_db()
    sealed = [e for e in entries(folder) if isinstance(e, SealedText) and e.number == 3]
    # The control: with the salt a guess can be tested.
    assert [text_opening_of(dialogue, statement).sealed()] == sealed
    Statement.objects.filter(pk=statement.pk).update(
        status="rejected",
        reviewed=True,
        reason="attack",
        rejected_on=timezone.localdate() - timedelta(days=8),
    )
    retention.keep_retention(timezone.now())
    publish_log()
    statement.refresh_from_db()
    assert (statement.text, statement.dedup_hash, statement.salt) == ("", "", None)
    again = [e for e in entries(folder) if isinstance(e, SealedText) and e.number == 3]
    assert again == sealed  # it was not sealed anew
    closed(dialogue)
    publish_log()
    assert [e.texts for e in entries(folder) if isinstance(e, Erasures)] == [1]
    assert recounted(folder).holds


def test_erasures_after_the_close_are_logged(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    _, me = make_participant(dialogue)
    make_statement(dialogue, 3, status="pending", origin="participant", author=me)
    dialogue = closed(dialogue)
    publish_log()
    assert not [e for e in entries(folder) if isinstance(e, Erasures)]
    retention.keep_retention(timezone.now() + LATER)
    publish_log()
    assert [e for e in entries(folder) if isinstance(e, Erasures)] == [Erasures("harbour", 1)]
    assert recounted(folder).holds


def test_the_close_is_logged_though_a_text_with_votes_was_deleted(folder: Path) -> None:
    dialogue = make_dialogue(statements=4)
    who = crowd(dialogue, 20)[0]
    hidden = dialogue.statements.get(number=4)
    publish_log()
    reject(make_staff(), hidden, hidden.state.value, "spam")
    assert own_vote(dialogue, who.token, hidden) is not None  # the control: it has sealed votes
    assert delete_rejected_texts(timezone.now() + timedelta(days=8)) == 1
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    assert sorted(lists_in(folder)) == [1, 2, 3]
