"""Other records of the log, and how the log continues after failures."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.lifecycle.actions import edit_dialogue
from middleground.dialogues.log_kinds import Merge
from middleground.dialogues.maps.publish import refresh_map
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.texts import appeals
from middleground.dialogues.texts.decisions import approve, reject, take_back
from middleground.ledger import Diverged
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.entries import LoggedMap, Moderation, Settings
from middleground.publiclog.models import LogEntry, LogState
from middleground.publiclog.publisher import publish_log, why_stuck
from support.camps import publish_after_newcomers
from support.cast import make_dialogue, make_staff
from support.logged import boxes_in, closed, crowd, entries, recounted
from support.serving.asgi_client import voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


# Other records


def test_staff_decisions_are_logged_except_for_drafts(folder: Path) -> None:
    staff = make_staff()
    make_dialogue(slug="secret", state="draft", statements=2)
    dialogue = make_dialogue(statements=2)
    edit_dialogue(staff, dialogue, {"host_name": "Port City and its unions"})
    sent = submit_statement(dialogue, voter().token, "The ferry should run at night.")
    approve(staff, sent, sent.state.value)
    sent = submit_statement(dialogue, voter().token, "Buy cheap watches.")
    reject(staff, sent, sent.state.value, "spam")
    sent = submit_statement(dialogue, voter().token, "Statement number two.")
    merge(staff, sent, sent.state.value, dialogue.statements.get(number=2))
    publish_log()
    found = entries(folder)
    assert Moderation("harbour", 3, "approve", "none") in found
    assert Moderation("harbour", 4, "reject", "spam") in found
    assert Moderation("harbour", 5, "merge", "none") in found
    assert Merge("harbour", 5, 2) in found
    (settings_record,) = [entry for entry in found if isinstance(entry, Settings)]
    document = (folder / "documents" / settings_record.document.hex()).read_bytes()
    assert hashlib.sha256(document).digest() == settings_record.document
    assert b"Port City and its unions" in document
    assert b"secret" not in b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert recounted(folder).holds


def test_an_appeal_reverses_a_rejection_in_the_log_as_a_moderator_does(
    folder: Path,
) -> None:
    dialogue, me, other = make_dialogue(statements=1), voter(), voter()
    first, second = make_staff(), make_staff(email="other@example.org")
    decided = []
    for author, text in ((me, "The ferry should run at night."), (other, "Buy cheap watches.")):
        sent = submit_statement(dialogue, author.token, text)
        rejected = reject(first, sent, sent.state.value, "off_topic")
        author_id = pseudonym(dialogue.pk, author.token)
        appeals.submit_appeal(dialogue, author_id, sent.number, "It belongs to it.")
        decided.append(rejected)
    appeals.change_decision(second, decided[0])
    appeals.let_stand(second, decided[1], "spam")
    sent = submit_statement(dialogue, voter().token, "Lights on the quay should be dimmed.")
    sent = reject(first, sent, sent.state.value, "off_topic")
    sent = take_back(first, sent, sent.state.value)
    approve(first, sent, sent.state.value)
    publish_log()
    assert [entry for entry in entries(folder) if isinstance(entry, Moderation)] == [
        Moderation("harbour", 2, "reject", "off_topic"),
        Moderation("harbour", 3, "reject", "off_topic"),
        Moderation("harbour", 2, "take_back", "none"),
        Moderation("harbour", 2, "approve", "none"),
        Moderation("harbour", 4, "reject", "off_topic"),
        Moderation("harbour", 4, "take_back", "none"),
        Moderation("harbour", 4, "approve", "none"),
    ]
    texts = (folder / "texts/harbour/statements").read_text()
    assert ("The ferry" in texts, "watches" in texts) == (True, False)
    # The files do not tell that anybody appealed, nor do they hold an appeal's words.
    assert files_with(folder, b"appeal") == files_with(folder, b"It belongs to it.") == []
    assert recounted(folder).holds


def test_texts_are_published_only_while_shown(folder: Path) -> None:
    dialogue, staff = make_dialogue(statements=1), make_staff()
    sent = submit_statement(dialogue, voter().token, "The ferry should run at night.")
    publish_log()
    words = folder / "texts/harbour/statements"
    assert "The ferry" not in words.read_text()
    approve(staff, sent, sent.state.value)
    publish_log()
    assert "The ferry should run at night." in words.read_text()
    sent.refresh_from_db()
    reject(staff, sent, sent.state.value, "off_topic")
    publish_log()
    assert "The ferry" not in words.read_text()
    assert recounted(folder).holds


def test_a_draft_or_a_dialogue_without_shown_statements_has_no_file_of_texts(folder: Path) -> None:
    dialogue, file = make_dialogue(statements=1), folder / "texts/harbour/statements"
    for state, there in (("open", True), ("draft", False), ("open", True)):
        Dialogue.objects.filter(pk=dialogue.pk).update(state=state)
        publish_log()
        assert file.exists() == there
    statement = dialogue.statements.get()
    reject(make_staff(), statement, statement.state.value, "spam")
    publish_log()
    assert not file.exists()


@pytest.mark.parametrize(("imported", "settings_logged"), [(True, 0), (False, 1)])
def test_an_imported_dialogue_is_not_logged(
    folder: Path, imported: bool, settings_logged: int
) -> None:
    dialogue = make_dialogue(statements=1, imported=imported)
    edit_dialogue(make_staff(), dialogue, {"host_name": "Port City and its unions"})
    publish_log()
    logged = entries(folder) if (folder / "checkpoint").exists() else []
    assert sum(isinstance(entry, Settings) for entry in logged) == settings_logged


def test_each_published_map_is_logged_with_its_options(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    crowd(dialogue, 25)
    first = refresh_map(dialogue.pk)
    crowd(dialogue, 10)
    second = publish_after_newcomers(dialogue)
    publish_log()
    maps = [entry for entry in entries(folder) if isinstance(entry, LoggedMap)]
    assert first is not None
    assert second is not None
    assert [each.votes.hex() for each in maps] == [first.votes_seal, second.votes_seal]
    files = [(folder / "documents" / each.document.hex()).is_file() for each in maps]
    assert files == [False, True]
    report = recounted(folder)
    assert report.holds
    assert [f.details for f in report.findings if f.subject == "replaced"] == [
        (f"map of harbour, entry {index}: documents/{maps[0].document.hex()}.",)
        for index in [entries(folder).index(maps[0])]
    ]
    assert [f for f in report.findings if (f.subject, f.state) == ("document", "open")] == []


def test_a_rejected_text_is_in_no_file_of_the_log(folder: Path) -> None:
    """Map documents stay, named by their hash, so they identify statements by number alone."""
    dialogue = make_dialogue(statements=2)
    Statement.objects.filter(dialogue=dialogue, number=2).update(text="They live at 12 Elm Road.")
    crowd(dialogue, 25)
    assert refresh_map(dialogue.pk) is not None
    publish_log()
    assert files_with(folder, b"Elm Road")  # the control: the text is published while shown
    one = dialogue.statements.get(number=2)
    reject(make_staff(), one, one.state.value, "personal_data")
    publish_log()
    assert files_with(folder, b"Elm Road") == []


def files_with(folder: Path, words: bytes) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files if words in path.read_bytes()]


# Failures


def test_without_new_entries_no_checkpoint_is_signed(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 20)
    closed(dialogue)
    first = publish_log()
    assert publish_log() == first


def test_publishing_is_completed_after_a_power_cut_at_any_step(
    folder: Path, monkeypatch: Any
) -> None:
    from middleground.publiclog import publisher

    dialogue = make_dialogue(statements=2)
    edit_dialogue(make_staff(), dialogue, {"host_name": "Port City and its unions"})
    crowd(dialogue, 20)

    def cut(*_: Any) -> None:
        raise OSError("no power")

    for step in ("publish_document", "write_keys", "publish"):
        monkeypatch.setattr(publisher, step, cut)
        with pytest.raises(OSError, match="no power"):
            publish_log()
        monkeypatch.undo()
    assert LogEntry.objects.exists()
    publish_log()
    assert not LogEntry.objects.exists()
    assert len(boxes_in(folder)) == 4  # each of the three cut rounds placed one
    assert recounted(folder).holds


def test_a_signed_but_unrecorded_checkpoint_is_recognised(folder: Path) -> None:
    crowd(make_dialogue(statements=2), 20)
    publish_log()
    signed = LogState.objects.get().signed
    rows = [
        LogEntry(index=index, entry=entry)
        for index, entry in enumerate(TileFolder(folder, signed).entries(0))
    ]
    LogEntry.objects.bulk_create(rows)
    LogState.objects.update(signed=0)
    publish_log()
    assert LogState.objects.get().signed == signed + 1  # a box
    assert recounted(folder).holds


def test_an_unrecorded_checkpoint_is_recognised_with_more_entries_pending(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    publish_log()
    signed = LogState.objects.get().signed
    entries_before = TileFolder(folder, signed).entries(0)
    LogEntry.objects.bulk_create(
        LogEntry(index=index, entry=entry) for index, entry in enumerate(entries_before)
    )
    LogState.objects.update(signed=0)
    edit_dialogue(make_staff(), dialogue, {"host_name": "Port City and its unions"})
    publish_log()
    assert LogState.objects.get().signed == signed + 2  # settings and a box
    assert (folder / "sizes").read_text() == f"{signed}\n{signed + 2}\n"
    assert recounted(folder).holds


def test_an_old_database_backup_does_not_fork_the_log(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 20)
    publish_log()
    assert why_stuck() == ""
    LogState.objects.update(placed=3, signed=3)
    with pytest.raises(Diverged):
        publish_log()
    assert "the folder has" in why_stuck()


def test_a_lost_folder_does_not_restart_the_log(folder: Path) -> None:
    crowd(make_dialogue(statements=1), 20)
    publish_log()
    places = LogState.objects.get().placed
    shutil.rmtree(folder)
    with pytest.raises(Diverged):
        publish_log()
    assert why_stuck() == (f"the folder has 0 signed entries, the database {places} to {places}")
