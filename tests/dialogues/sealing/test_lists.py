"""The close of a dialogue in the public log: vote lists and sums, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from middleground.dialogues.identity.keys import forget_key
from middleground.dialogues.models import (
    Dialogue,
    DialogueLog,
    Statement,
    StoredMap,
    Vote,
    VoteSeal,
)
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.sealing import lists
from middleground.dialogues.sealing.boxes import newest_box
from middleground.dialogues.sealing.receipts import own_vote, promise_for
from middleground.dialogues.texts.decisions import reject
from middleground.ledger.commitments.commitment import VoteTotals
from middleground.ledger.files.vote_list import read_vote_list
from middleground.ledger.records.entries import ClosedDialogue, LoggedList, Moderation
from middleground.publiclog.publisher import is_urgent, publish_log
from support.cast import make_dialogue, make_staff
from support.logged import (
    boxes_in,
    closed,
    crowd,
    entries,
    lists_in,
    number_of_votes,
    recounted,
    totals_in,
)
from support.serving.asgi_client import vote, voter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]


def test_the_lists_of_a_closed_dialogue_give_the_stored_votes(folder: Path) -> None:
    dialogue = make_dialogue(statements=4)
    crowd(dialogue, 23)
    four = dialogue.statements.get(number=4)
    reject(make_staff(email="moderator@example.org"), four, four.state.value, "spam")
    closed(dialogue)
    publish_log()
    report = recounted(folder)
    assert report.holds
    assert {finding.state for finding in report.findings} <= {"holds", "open"}
    totals = totals_in(folder)
    assert totals[4] is None
    for number in (1, 2, 3):
        values = Vote.objects.filter(statement__number=number).values_list("value", flat=True)
        counts = [list(values).count(value) for value in (1, 0, -1)]
        assert totals[number] == VoteTotals(*counts)


def test_unconfirmed_votes_leave_no_line(folder: Path) -> None:
    """Anybody can make millions of them; a list must stay as short as the dialogue is."""
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 20)
    nobody = [voter() for _ in range(40)]
    for who in nobody:
        vote(who, dialogue.statements.get())
    own = own_vote(dialogue, nobody[0].token, dialogue.statements.get())
    assert own
    assert promise_for(own) is None
    closed(dialogue)
    publish_log()
    assert number_of_votes(totals_in(folder)[1]) == 20
    assert len(lists_in(folder)[1].votes) == 20 + 16
    assert recounted(folder).holds


def test_the_length_of_a_withheld_list_follows_from_published_bands(folder: Path) -> None:
    """Dialogues whose bands are the same have lists of the same length."""
    lengths = set()
    for slug, people in (("harbour", 21), ("park", 24), ("market", 22)):
        dialogue = make_dialogue(slug, statements=1)
        one = dialogue.statements.get()
        for number in range(people):
            who = voter()
            vote(who, one, "agree" if number >= 4 else ("pass", "disagree")[number % 2])
            assert confirm(dialogue, who.token, "work")
        closed(dialogue)
    publish_log()
    for entry in entries(folder):
        if isinstance(entry, LoggedList):
            data = (folder / "documents" / entry.document.hex()).read_bytes()
            found = read_vote_list(data, entry.dialogue, 1)
            assert found.is_withheld
            lengths.add(len(found.votes))
    assert lengths == {(19 + 4 + 4) + 16, (24 + 4 + 4) + 16}


def test_a_statement_with_a_small_count_stays_shut(folder: Path) -> None:
    """Exact totals below the minimum would reveal what the open data gives as “fewer than 5”."""
    dialogue = make_dialogue(statements=3)
    one, two, three = dialogue.statements.order_by("number")
    for number in range(25):
        who = voter()
        vote(who, one, ("agree", "pass", "disagree")[number % 3])
        vote(who, two, "disagree" if number < 4 else ("agree", "pass")[number % 2])
        vote(who, three, ("agree", "pass")[number % 2])
        assert confirm(dialogue, who.token, "work")
    closed(dialogue)
    publish_log()
    assert totals_in(folder) == {1: VoteTotals(9, 8, 8), 2: None, 3: None}
    assert recounted(folder).holds


def test_the_votes_of_an_open_dialogue_stay_sealed(folder: Path) -> None:
    """Maps are published all the time; only the final one brings the lists."""
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 20)
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), final=False, participants=20, data={}
    )
    publish_log()
    assert not is_urgent()
    assert not lists_in(folder)
    StoredMap.objects.update(final=True, document_hash="ab" * 32)  # the control
    assert is_urgent()
    publish_log()
    assert list(lists_in(folder)) == [1]
    assert not is_urgent()


def test_after_its_end_the_log_says_no_more_of_a_dialogue(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 6)
    publish_log()
    closed(dialogue)
    publish_log()
    size = len(entries(folder))
    publish_log()
    assert len(entries(folder)) == size
    assert newest_box(dialogue) is None
    assert isinstance(entries(folder)[-1], ClosedDialogue)
    assert recounted(folder).holds


def test_lists_made_again_after_a_power_cut_are_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise OSError

    dialogue = make_dialogue(statements=2)
    participants, one = crowd(dialogue, 20), dialogue.statements.get(number=1)
    vote(participants[3], one, "withdraw")
    closed(dialogue)
    with monkeypatch.context() as patch:
        patch.setattr(lists, "_place", power_cut)
        with pytest.raises(OSError):  # noqa: PT011
            publish_log()
    before = sorted((folder / "documents").iterdir())
    publish_log()
    assert set(before) <= set((folder / "documents").iterdir())
    named = {entry.document.hex() for entry in entries(folder) if isinstance(entry, LoggedList)}
    assert named <= {path.name for path in before}
    assert recounted(folder).holds


def test_an_altered_total_fails_verification(folder: Path) -> None:
    """The control: verification can fail."""
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 30)
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    totals = folder / "documents" / DialogueLog.objects.get().totals_hash
    totals.write_text(totals.read_text().replace("agree 10", "agree 11", 1))
    assert not recounted(folder).holds


def test_imported_votes_are_in_no_log(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 22)
    Dialogue.objects.update(imported=True)
    VoteSeal.objects.all().delete()
    closed(Dialogue.objects.get())
    publish_log()
    assert not boxes_in(folder)
    assert not lists_in(folder)


def test_a_dialogue_whose_key_is_lost_does_not_stop_the_log(
    folder: Path, keys: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 6)
    make_dialogue("park", statements=1)
    closed(dialogue)
    file = keys / f"dialogue-{dialogue.pk}.key"
    kept = file.read_bytes()
    file.unlink()
    forget_key(dialogue.pk)
    publish_log()
    assert [box.dialogue for box in boxes_in(folder)] == ["park"]
    assert "“harbour” cannot be closed in the log" in caplog.text
    file.write_bytes(kept)
    publish_log()
    assert list(lists_in(folder)) == [1]


def test_the_log_tells_why_a_statement_is_on_no_map(folder: Path) -> None:
    """Moderators' decisions are told already; whatever else is not shown gets a record."""
    dialogue = make_dialogue(statements=3)
    crowd(dialogue, 21)
    two = dialogue.statements.get(number=2)
    reject(make_staff(email="moderator@example.org"), two, two.state.value, "spam")
    dialogue.statements.filter(number=3).update(status=Statement.Status.PENDING)
    closed(dialogue)
    publish_log()
    decisions = [entry for entry in entries(folder) if isinstance(entry, Moderation)]
    told = [(entry.statement, entry.action) for entry in decisions]
    assert told == [(2, "reject"), (3, "not_shown")]
    report = recounted(folder)
    assert report.holds
    assert "map" in {finding.subject for finding in report.findings if finding.state == "holds"}
