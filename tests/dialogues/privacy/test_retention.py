"""Data is deleted by itself, a hold delays this, and a missed deletion is done later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.exchange import polis
from middleground.dialogues.identity import keys as key_files
from middleground.dialogues.identity.keys import KeyDestroyed, destroy_key_file, key_file_exists
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.lifecycle import actions as dialogue_actions
from middleground.dialogues.maps import publish
from middleground.dialogues.models import (
    Dialogue,
    DialogueLog,
    Participant,
    StaffAction,
    Statement,
    StoredMap,
)
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.privacy import retention
from middleground.dialogues.texts import decisions
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, Refusal, store_votes
from middleground.publiclog.publisher import publish_log
from support.cast import (
    carry,
    make_dialogue,
    make_participant,
    make_staff,
    make_statement,
    make_vote,
)
from support.reading import words
from support.refused import refused
from support.serving.asgi_client import voter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TEXT = "My neighbour at number 12 is to blame."


def close(dialogue: Dialogue, days_ago: float) -> None:
    """Close the dialogue with a final map of ``days_ago`` and with its votes opened in the log."""
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now() - timedelta(days=days_ago), final=True,
        participants=9, data={},
    )  # fmt: skip
    DialogueLog.objects.create(dialogue=dialogue, closed=True)
    dialogue.refresh_from_db()


def reject(statement: Statement, days_ago: int) -> None:
    Statement.objects.filter(pk=statement.pk).update(
        status="rejected",
        reviewed=True,
        reason="attack",
        rejected_on=timezone.localdate() - timedelta(days_ago),
    )


def text_of(statement: Statement) -> tuple[str, str]:
    statement.refresh_from_db()
    return statement.text, statement.dedup_hash


# Texts


@pytest.mark.parametrize(("days", "there"), [(6, True), (7, False), (400, False)])
def test_a_rejected_text_is_deleted_after_seven_days(days: int, there: bool) -> None:
    dialogue = make_dialogue(statements=0)
    statement = make_statement(dialogue, 1, TEXT)
    reject(statement, days)
    retention.keep_retention(timezone.now())
    assert (text_of(statement) != ("", "")) is there
    assert (statement.number, statement.status, statement.reason) == (1, "rejected", "attack")
    assert statement.text_deleted is not there
    logged = list(StaffAction.objects.values_list("verb", "staff", "details"))
    assert logged == ([] if there else [("delete_texts", None, {"count": 1})])


def test_taking_a_rejection_back_stops_the_deletion() -> None:
    staff, dialogue = make_staff(), make_dialogue(statements=0)
    statement = make_statement(dialogue, 1, TEXT, status="pending")
    decisions.reject(staff, statement, "waiting", "attack")
    statement.refresh_from_db()
    assert statement.rejected_on == timezone.localdate()
    decisions.take_back(staff, statement, "rejected")
    statement.refresh_from_db()
    assert statement.rejected_on is None
    retention.keep_retention(timezone.now() + timedelta(days=30))
    assert text_of(statement)[0] == TEXT


def test_waiting_and_shown_texts_are_kept() -> None:
    dialogue = make_dialogue(statements=2)
    make_statement(dialogue, 3, status="pending")
    retention.keep_retention(timezone.now() + timedelta(days=400))
    assert not Statement.objects.filter(text="").exists()


def test_a_statement_without_its_text_cannot_be_shown_again() -> None:
    staff, dialogue = make_staff(), make_dialogue(statements=0)
    for number in (1, 2):
        reject(make_statement(dialogue, number), 8)
    retention.keep_retention(timezone.now())
    assert Statement.objects.filter(text="", dedup_hash="").count() == 2
    with refused(decisions.DecisionRefused, "text_deleted"):
        decisions.take_back(staff, Statement.objects.get(number=1), "rejected")


def test_the_author_reads_when_the_text_is_deleted(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    token, me = make_participant(dialogue)
    statement = make_statement(dialogue, 4, TEXT, author=me)
    reject(statement, 3)
    carry(client, token)
    page = words(client, "/d/harbour/mine/")
    assert TEXT in page
    assert "Its text is deleted on" in page
    reject(statement, 8)
    retention.keep_retention(timezone.now())
    page = words(client, "/d/harbour/mine/")
    assert TEXT not in page
    assert "Statement 4. Its text is deleted. not shown A moderator decided this" in page


def test_a_hold_keeps_the_text_until_it_is_lifted() -> None:
    staff, dialogue, other = make_staff(), make_dialogue(statements=0), make_dialogue("other", 0)
    held, not_held = make_statement(dialogue, 1, TEXT), make_statement(other, 1, TEXT)
    for statement in (held, not_held):
        reject(statement, 8)
    retention.set_hold(staff, dialogue, "texts", "Court order 7")
    retention.keep_retention(timezone.now())
    assert (text_of(held)[0], text_of(not_held)[0]) == (TEXT, "")
    retention.lift_hold(staff, dialogue, "texts")
    retention.keep_retention(timezone.now())
    assert text_of(held)[0] == ""


def test_deleting_own_votes_deletes_unseen_texts() -> None:
    dialogue = make_dialogue(statements=1)
    shown = dialogue.statements.get()
    token, me = make_participant(dialogue)
    _, other = make_participant(dialogue)
    kinds: dict[str, dict[str, Any]] = {
        "rejected": {"status": "rejected", "reason": "spam"},
        "merged": {"status": "merged", "merged_into": shown},
        "merged, voted": {"status": "merged", "merged_into": shown},
        "shown": {"status": "approved"},
    }
    for number, fields in enumerate(kinds.values(), start=2):
        make_statement(dialogue, number, author=me, **fields)
    make_vote(other, Statement.objects.get(number=4), 1)
    delete_own_votes(dialogue, token, texts_too=True)
    left = dict(zip(kinds, Statement.objects.order_by("number")[1:], strict=True))
    assert [name for name, s in left.items() if s.text_deleted] == ["rejected", "merged"]
    assert {s.author for s in left.values()} == {None}


def test_importing_again_does_not_restore_a_deleted_text() -> None:
    from middleground.engine import Votes
    from middleground.polis import PolisExport, PolisStatement

    item = PolisStatement(id=0, text=TEXT, author=None, status="rejected", created=None)
    export = PolisExport("Trees?", "", "", (item,), Votes([], [], []))
    dialogue = polis.import_conversation(export, "trees").dialogue
    statement = dialogue.statements.get()
    assert statement.rejected_on == timezone.localdate()
    retention.keep_retention(timezone.now() + timedelta(days=8))
    assert text_of(statement) == ("", "")
    again = polis.import_conversation(export, "trees")
    assert (again.statements, text_of(statement)) == (0, ("", ""))
    assert polis.export_conversation(dialogue).statements[0].text == "(text deleted)"


# The key


def test_the_key_is_destroyed_fourteen_days_after_the_final_map(keys: Path) -> None:
    dialogue = make_dialogue()
    token, _ = make_participant(dialogue)
    file = keys / f"dialogue-{dialogue.pk}.key"
    retention.keep_retention(timezone.now() + timedelta(days=400))  # never while it is open
    close(dialogue, 13.9)
    retention.keep_retention(timezone.now())
    assert file.exists()
    StoredMap.objects.update(made_at=timezone.now() - timedelta(days=14))
    retention.keep_retention(timezone.now())
    assert not file.exists()
    dialogue.refresh_from_db()
    assert dialogue.key_destroyed_on == timezone.localdate()
    with pytest.raises(KeyDestroyed):
        pseudonym(dialogue.pk, token)
    assert list(keys.glob("*.key")) == []  # asking for a pseudonym made no key


def test_the_key_is_overwritten_before_it_is_unlinked(keys: Path) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    file, other_name = keys / f"dialogue-{dialogue.pk}.key", keys / "same-blocks"
    secret = file.read_bytes()
    other_name.hardlink_to(file)  # a second name, to read the blocks later
    destroy_key_file(dialogue.pk)
    assert not file.exists()
    assert len(other_name.read_bytes()) == len(secret)
    assert other_name.read_bytes() != secret
    # The control: unlinking alone leaves the secret in its blocks.
    control = keys / "control"
    control.write_bytes(secret)
    second = keys / "control-blocks"
    second.hardlink_to(control)
    control.unlink()
    assert second.read_bytes() == secret


def test_destroying_the_key_deletes_authors_and_waiting_texts() -> None:
    dialogue = make_dialogue(statements=1)
    _, me = make_participant(dialogue)
    make_statement(dialogue, 2, author=me)
    make_statement(dialogue, 3, author=me, status="pending", origin="participant")
    make_statement(dialogue, 4, status="pending")  # a statement of the host
    make_vote(me, dialogue.statements.get(number=1), 1)
    close(dialogue, 20)
    assert retention.destroy_key(dialogue)
    left = list(dialogue.statements.values_list("number", "author"))
    assert left == [(1, None), (2, None), (4, None)]
    assert Participant.objects.count() == 1  # counted votes are kept
    assert not retention.destroy_key(dialogue)
    assert list(StaffAction.objects.values_list("verb", flat=True)) == ["destroy_key"]


def test_a_hold_delays_the_destruction_until_it_is_lifted(keys: Path) -> None:
    staff, dialogue = make_staff(), make_dialogue()
    make_participant(dialogue)
    close(dialogue, 20)
    retention.set_hold(staff, dialogue, "key", "Court order 7")
    retention.keep_retention(timezone.now())
    assert key_file_exists(dialogue.pk)
    retention.lift_hold(staff, dialogue, "key")
    retention.keep_retention(timezone.now())
    assert not key_file_exists(dialogue.pk)
    with refused(retention.HoldRefused, "key_is_destroyed"):
        retention.set_hold(staff, dialogue, "key", "Too late")


def test_a_destruction_interrupted_by_a_power_cut_is_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    close(dialogue, 20)

    def cut(_: int) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(key_files, "destroy_key_file", cut)
        with pytest.raises(OSError):  # noqa: PT011
            retention.keep_retention(timezone.now())
    assert key_file_exists(dialogue.pk)
    retention.keep_retention(timezone.now())
    assert not key_file_exists(dialogue.pk)


def test_a_key_restored_from_a_backup_is_destroyed_again(keys: Path) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    file = keys / f"dialogue-{dialogue.pk}.key"
    secret = file.read_bytes()
    close(dialogue, 20)
    retention.keep_retention(timezone.now())
    file.write_bytes(secret)
    retention.keep_retention(timezone.now())
    assert not file.exists()


def test_a_database_backup_without_its_key_opens_nothing() -> None:
    dialogue, me = make_dialogue(), voter()
    statement = dialogue.statements.get(number=1)
    mark = proof(dialogue.pk, me.token, statement.pk, dealt=True)
    destroy_key_file(dialogue.pk)  # the backup does not record this
    ballot = Ballot("harbour", me.token, 1, 1, mark)
    (outcome,) = store_votes([ballot], StatementPools(), timezone.now())
    assert outcome is Refusal.NOT_OPEN
    retention.keep_retention(timezone.now())
    dialogue.refresh_from_db()
    assert dialogue.phase(timezone.now()) == "closed"
    assert dialogue.key_destroyed_on == timezone.localdate()
    obstacle = dialogue_actions.obstacle_to_reopening(dialogue)
    assert obstacle is not None
    assert obstacle.message.startswith("The key is destroyed")


def test_a_draft_with_a_destroyed_key_cannot_open() -> None:
    dialogue = make_dialogue(state="draft")
    destroy_key_file(dialogue.pk)
    retention.keep_retention(timezone.now())
    dialogue.refresh_from_db()
    assert dialogue.key_destroyed_on is None
    (missing,) = dialogue_actions.missing_to_open(dialogue, timezone.now())
    assert missing.message.startswith("Use another keys folder")


def test_an_imported_dialogue_keeps_its_key() -> None:
    dialogue = make_dialogue(imported=True)
    make_participant(dialogue)
    close(dialogue, 400)
    retention.keep_retention(timezone.now())
    assert key_file_exists(dialogue.pk)


PATHS = (
    "",
    "mine/",
    "mine/delete/",
    "take-part/",
    "write/",
    "s/1/",
    "moderation/",
    "map/",
    "results/",
    "code/",
    "confirm/",
)


def test_every_page_works_after_the_key_is_destroyed(
    client: Client, keys: Path, folder: Path
) -> None:
    dialogue = make_dialogue()
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(number=1), 1)
    carry(client, token)
    assert "1 vote" in words(client, "/you/")  # the control: before, the cookie leads to it
    Dialogue.objects.update(state="closed")
    publish.finalise(dialogue.pk)
    publish_log()
    retention.keep_retention(timezone.now() + timedelta(days=15))
    answers = {path: client.get(f"/d/harbour/{path}", follow=True).status_code for path in PATHS}
    assert answers == dict.fromkeys(PATHS, 200)
    assert "Nobody can tell any more which votes were yours" in words(client, "/d/harbour/mine/")
    page = words(client, "/you/")
    assert "1 vote" not in page
    assert "Nobody can tell any more if you took part in these" in page
    assert "Nobody can tell any more whose a vote was" in words(client, "/what-we-know/")
    assert client.post("/d/harbour/mine/delete/").status_code == 302
    assert client.post("/d/harbour/code/", {"code": "0" * 16}).status_code == 422
    assert client.get("/d/harbour/s/1/receipt/").status_code == 404
    assert list(keys.glob("dialogue-*.key")) == []


def test_key_days_can_only_shrink_once_there_are_participants() -> None:
    staff, dialogue = make_staff(), make_dialogue()
    dialogue_actions.edit_dialogue(staff, dialogue, {"key_days": 30})
    make_participant(dialogue)
    dialogue.refresh_from_db()
    with refused(dialogue_actions.LifecycleRefused, "key_days_only_shrink"):
        dialogue_actions.edit_dialogue(staff, dialogue, {"key_days": 31})
    dialogue_actions.edit_dialogue(staff, dialogue, {"key_days": 1})
