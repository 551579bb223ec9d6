"""From votes in the database to a log that an outsider can verify."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from middleground.dialogues.models import Dialogue, ErasedSeal, Statement, StoredMap, Vote, VoteSeal
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.statements.moderation import reject
from middleground.ledger.files.totals import VoteTotals, read_totals
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.entries import Erasures, SealedText
from middleground.publiclog.models import LogState
from middleground.publiclog.publisher import is_urgent, publish_log
from support.cast import make_dialogue, make_staff
from support.logged import closed, crowd, entries, recounted, votes_in
from support.serving.asgi_client import vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


# Batches


def test_a_batch_is_published_with_the_twentieth_participant(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    crowd(dialogue, 19)
    publish_log()
    assert votes_in(folder) == 0
    assert VoteSeal.objects.filter(leaf=None).count() == 57
    crowd(dialogue, 1)
    publish_log()
    assert votes_in(folder) == 60
    assert not VoteSeal.objects.filter(leaf=None).exists()
    assert recounted(folder).holds


def test_every_seal_has_the_index_of_its_leaf(folder: Path) -> None:
    from middleground.dialogues.sealing.records import opening_of

    dialogue = make_dialogue(statements=3)
    crowd(dialogue, 21)
    publish_log()
    log = TileFolder(folder, LogState.objects.get().signed)
    leaves = log.entries(0)
    for seal in VoteSeal.objects.select_related("statement"):
        opening = opening_of(dialogue, seal.statement.number, seal)
        assert leaves[seal.leaf] == opening.entry()


def test_a_batch_is_shuffled(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    participants = crowd(dialogue, 40)
    publish_log()
    order = list(VoteSeal.objects.order_by("leaf").values_list("participant_id", flat=True))
    assert order != sorted(order)  # fails by chance once in 40! runs
    assert len(order) == len(participants)


def test_a_large_batch_is_split_by_participants_into_large_parts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from middleground.dialogues.sealing import source

    monkeypatch.setattr(source, "MOST_LEAVES", 10)
    placed: list[int] = []
    place = source._place_batch

    def counted(*arguments: Any, **options: Any) -> bool:
        before = VoteSeal.objects.filter(leaf=None).values("participant").distinct().count()
        more = place(*arguments, **options)
        after = VoteSeal.objects.filter(leaf=None).values("participant").distinct().count()
        placed.append(before - after)
        return more

    monkeypatch.setattr(source, "_place_batch", counted)
    crowd(make_dialogue(statements=1), 50)
    publish_log()
    assert placed == [20, 30, 0]
    assert recounted(folder).holds


def test_the_participants_of_a_batch_are_chosen_at_random(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches in the order of pseudonyms would always put the same participants together."""
    from middleground.dialogues.sealing import source

    monkeypatch.setattr(source, "MOST_LEAVES", 10)
    crowd(make_dialogue(statements=1), 50)
    publish_log()
    order = VoteSeal.objects.order_by("leaf").values_list("participant_id", flat=True)
    first, everyone = set(order[:20]), sorted(order)
    assert first != set(everyone[:20])  # fails by chance once in 4 * 10 ** 13 runs
    assert len(everyone) == 50


# Changed and deleted votes


def test_the_same_vote_sent_again_is_sealed_once() -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    for _ in range(3):
        vote(me, one)
    assert VoteSeal.objects.count() == 1


def test_a_changed_vote_is_a_second_leaf_and_the_last_counts(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    participants, one = crowd(dialogue, 25), dialogue.statements.get(number=1)
    for answer, those in (
        ("agree", participants[:6]),
        ("pass", participants[6:12]),
        ("disagree", participants[12:]),
    ):
        for who in those:
            vote(who, one, answer)
    vote(participants[0], one, "pass")
    closed(dialogue)
    publish_log()
    totals = read_totals((folder / "totals/harbour").read_text(), "harbour")
    assert totals.tallies[1] == VoteTotals(agree=5, passed=7, disagree=13)
    assert recounted(folder).holds


def test_the_leaf_of_a_withdrawn_vote_cannot_be_opened(folder: Path) -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    one = dialogue.statements.get()
    vote(me, one)
    vote(me, one, "withdraw")
    assert (VoteSeal.objects.count(), ErasedSeal.objects.count()) == (0, 1)
    crowd(dialogue, 20)
    publish_log()
    assert votes_in(folder) == 21
    assert not ErasedSeal.objects.exists()
    closed(dialogue)
    publish_log()
    assert [e for e in entries(folder) if isinstance(e, Erasures)] == [Erasures("harbour", 1, 0)]
    assert recounted(folder).holds


def test_deleting_own_votes_deletes_their_openings(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    participants = crowd(dialogue, 20)
    publish_log()
    delete_own_votes(dialogue, participants[7].token, statements_too=True)
    assert VoteSeal.objects.count() == 57
    closed(dialogue)
    publish_log()
    assert Erasures("harbour", 3, 0) in entries(folder)
    assert recounted(folder).holds


def test_erasures_are_logged_once_if_the_openings_must_be_written_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from middleground.dialogues.sealing import source

    def disk_full(*_: object) -> None:
        raise OSError

    dialogue = make_dialogue(statements=1)
    participants, one = crowd(dialogue, 20), dialogue.statements.get()
    vote(participants[3], one, "withdraw")
    closed(dialogue)
    with monkeypatch.context() as patch:
        patch.setattr(source, "publish_openings", disk_full)
        with pytest.raises(OSError):  # noqa: PT011
            publish_log()
    publish_log()
    assert [e for e in entries(folder) if isinstance(e, Erasures)] == [Erasures("harbour", 1, 0)]
    assert recounted(folder).holds


def test_a_vote_sent_after_a_withdrawal_is_sealed_anew(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    participants, one = crowd(dialogue, 20), dialogue.statements.get()
    for answer in ("withdraw", "agree", "disagree", "withdraw", "pass"):
        assert vote(participants[3], one, answer).status == 200
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    totals = read_totals((folder / "totals/harbour").read_text(), "harbour")
    tally = totals.tallies[1]
    assert tally is not None
    assert tally.agree + tally.passed + tally.disagree == 20


def test_each_statement_is_sealed_with_its_own_random_salt(folder: Path) -> None:
    """With a known salt anybody could test guesses of a short text on its leaf."""
    make_dialogue(statements=3)
    make_dialogue("airport", statements=3)
    publish_log()
    salts = {bytes(salt) for salt in Statement.objects.values_list("salt", flat=True)}
    assert len(salts) == 6
    assert {len(salt) for salt in salts} == {16}
    assert bytes(16) not in salts


def test_many_statements_are_sealed_in_several_transactions(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that seals thousands kept votes waiting for seconds."""
    from middleground.dialogues.sealing import source

    at_once, seal = list[int](), source.seal_statements

    def noted(most: int | None = None) -> list[bytes]:
        sealed = seal(most)
        at_once.append(len(sealed))
        return sealed

    monkeypatch.setattr(source, "MOST_STATEMENTS", 3)
    monkeypatch.setattr(source, "seal_statements", noted)
    make_dialogue(statements=7)
    publish_log()
    publish_log()
    assert at_once == [3, 3, 1, 0]
    numbers = [each.number for each in entries(folder) if isinstance(each, SealedText)]
    assert numbers == [1, 2, 3, 4, 5, 6, 7]


# The close


def test_the_openings_of_a_closed_dialogue_give_the_stored_votes(folder: Path) -> None:
    dialogue = make_dialogue(statements=4)
    crowd(dialogue, 23)
    four = dialogue.statements.get(number=4)
    reject(make_staff(email="moderator@example.org"), four, four.state.value, "spam")
    closed(dialogue)
    publish_log()
    report = recounted(folder)
    assert report.holds
    assert {finding.state for finding in report.findings} <= {"holds", "open"}
    totals = read_totals((folder / "totals/harbour").read_text(), "harbour")
    assert totals.withheld_votes == 23
    assert totals.tallies[4] is None
    for number in (1, 2, 3):
        values = Vote.objects.filter(statement__number=number).values_list("value", flat=True)
        counts = [list(values).count(value) for value in (1, 0, -1)]
        assert totals.tallies[number] == VoteTotals(*counts)


def test_a_statement_with_a_small_count_stays_sealed(folder: Path) -> None:
    """Exact totals below the minimum would reveal what the open data gives as “fewer than 5”."""
    dialogue = make_dialogue(statements=3)
    one, two, three = dialogue.statements.order_by("number")
    for number in range(25):
        who = voter()
        vote(who, one, ("agree", "pass", "disagree")[number % 3])
        vote(who, two, "disagree" if number < 4 else ("agree", "pass")[number % 2])
        vote(who, three, ("agree", "pass")[number % 2])
    closed(dialogue)
    publish_log()
    totals = read_totals((folder / "totals/harbour").read_text(), "harbour")
    assert totals.tallies == {1: VoteTotals(9, 8, 8), 2: None, 3: None}
    assert totals.withheld_votes == 50
    opened = sorted(path.name for path in (folder / "openings/harbour").iterdir())
    assert opened == ["1"]
    assert recounted(folder).holds


def test_the_votes_of_an_open_dialogue_stay_sealed(folder: Path) -> None:
    """Maps are published all the time; only the final one opens the votes."""
    dialogue = make_dialogue(statements=1)
    crowd(dialogue, 20)
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), final=False, participants=20, data={}
    )
    publish_log()
    assert votes_in(folder) == 20
    assert not is_urgent()
    assert not (folder / "totals").exists()
    assert not (folder / "openings").exists()
    StoredMap.objects.update(final=True)  # the control
    assert is_urgent()
    publish_log()
    assert (folder / "totals/harbour").is_file()


def test_the_last_batch_may_be_small(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 6)
    closed(dialogue)
    publish_log()
    assert votes_in(folder) == 12
    assert recounted(folder).holds


def test_an_altered_total_fails_verification(folder: Path) -> None:
    """The control: verification can fail."""
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 30)
    closed(dialogue)
    publish_log()
    totals = folder / "totals/harbour"
    totals.write_text(totals.read_text().replace("agree 10", "agree 11", 1))
    assert not recounted(folder).holds


def test_imported_votes_are_in_no_log(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 22)
    Dialogue.objects.update(imported=True)
    VoteSeal.objects.all().delete()
    closed(Dialogue.objects.get())
    publish_log()
    assert votes_in(folder) == 0
    assert not (folder / "totals").exists()
