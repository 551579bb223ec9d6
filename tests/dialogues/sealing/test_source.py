"""From votes in the database to a log that an outsider can verify."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import (
    Dialogue,
    Statement,
    Vote,
    VoteSeal,
    WithdrawnTag,
)
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.sealing.boxes import newest_box
from middleground.dialogues.sealing.receipts import own_vote, promise_for
from middleground.dialogues.sealing.records import opening_of
from middleground.ledger.commitments.commitment import VoteTotals
from middleground.ledger.merkle.ballot_box import box_root
from middleground.ledger.records.entries import LoggedBox, SealedText
from middleground.ledger.records.vote_opening import tag_of
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue
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
from support.serving.asgi_client import Voter, vote, voter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]


# Boxes


def test_every_round_logs_one_box_whether_or_not_anybody_voted(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    publish_log()
    crowd(dialogue, 1)
    publish_log()
    publish_log()
    boxes = boxes_in(folder)
    assert [box.dialogue for box in boxes] == ["harbour"] * 3
    assert len({box.root for box in boxes}) == 3
    assert recounted(folder).holds


def test_a_box_holds_every_vote_at_a_place_that_the_log_proves(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    crowd(dialogue, 21)
    publish_log()
    placed = newest_box(dialogue)
    assert placed
    logged = entries(folder)[placed.index]
    slots = set()
    for seal in VoteSeal.objects.select_related("statement"):
        value = Vote.objects.get(participant=seal.participant_id, statement=seal.statement).value
        sealed = opening_of(dialogue, seal.statement.number, seal, value).seal()
        found = placed.box.find(sealed)
        assert found
        assert logged == LoggedBox("harbour", box_root(sealed, *found))
        slots.add(found[0])
    assert len(slots) == 63


def test_only_the_newest_box_is_kept_and_only_its_owner_can_read_it(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    other = make_dialogue("harbour-2", statements=2)
    for _ in range(3):
        publish_log()
    kept = sorted((Path(settings.SEALED) / "boxes").iterdir())
    assert [path.name.split(".")[0] for path in kept] == ["harbour-2", "harbour"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert newest_box(dialogue) != newest_box(other)


# Changed and deleted votes


def test_the_same_vote_sent_again_is_sealed_once() -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    seals = []
    for _ in range(3):
        vote(me, one)
        seals += VoteSeal.objects.values_list("client_nonce", "server_nonce", "salt")
    assert len(seals) == 3
    assert len(set(seals)) == 1


def test_a_changed_vote_keeps_its_tag_and_gets_a_new_salt() -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    vote(me, one, "agree")
    before = VoteSeal.objects.get()
    vote(me, one, "disagree")
    after = VoteSeal.objects.get()
    assert (after.client_nonce, after.server_nonce) == (before.client_nonce, before.server_nonce)
    assert after.salt != before.salt


def test_the_last_of_changed_votes_counts(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    participants, one = crowd(dialogue, 25), dialogue.statements.get(number=1)
    for answer, those in (
        ("agree", participants[:6]),
        ("pass", participants[6:12]),
        ("disagree", participants[12:]),
    ):
        for who in those:
            vote(who, one, answer)
    publish_log()
    vote(participants[0], one, "pass")
    closed(dialogue)
    publish_log()
    assert totals_in(folder)[1] == VoteTotals(agree=5, passed=7, disagree=13)
    assert recounted(folder).holds


def test_a_promised_vote_that_was_taken_back_keeps_its_line(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    me, other, *_ = crowd(dialogue, 22)
    one = dialogue.statements.get()
    tags = {who: tag_of_vote(dialogue, who) for who in (me, other)}
    assert promise(dialogue, me, one)
    for who in (me, other):
        assert vote(who, one, "withdraw").status == 200
    assert VoteSeal.objects.count() == 20
    assert [row.tag for row in WithdrawnTag.objects.all()] == [tags[me].hex()]
    closed(dialogue)
    publish_log()
    marks = {line.tag: line.mark for line in lists_in(folder)[1].votes}
    assert marks[tags[me]] == "beside"
    assert tags[other] not in marks
    assert number_of_votes(totals_in(folder)[1]) == 20
    assert recounted(folder).holds


def promise(dialogue: Dialogue, who: Voter, statement: Statement) -> bytes | None:
    own = own_vote(dialogue, who.token, statement)
    assert own
    return promise_for(own)


def tag_of_vote(dialogue: Dialogue, who: Voter) -> bytes:
    seal = VoteSeal.objects.get(participant_id=pseudonym(dialogue.pk, who.token))
    return tag_of(bytes(seal.client_nonce), bytes(seal.server_nonce))


def test_a_promised_tag_outlives_its_statement(folder: Path) -> None:
    dialogue = make_dialogue(statements=2)
    me = crowd(dialogue, 1)[0]
    two = dialogue.statements.get(number=2)
    publish_log()
    assert promise(dialogue, me, two)
    assert vote(me, two, "withdraw").status == 200
    two.delete()
    closed(dialogue)
    publish_log()
    assert WithdrawnTag.objects.get().tag in {line.tag.hex() for line in lists_in(folder)[2].votes}
    assert recounted(folder).holds


def test_deleting_own_votes_deletes_what_opens_them(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    participants = crowd(dialogue, 20)
    publish_log()
    delete_own_votes(dialogue, participants[7].token, texts_too=True)
    assert (VoteSeal.objects.count(), WithdrawnTag.objects.count()) == (57, 0)
    closed(dialogue)
    publish_log()
    assert [number_of_votes(total) for total in totals_in(folder).values()] == [19] * 3
    assert recounted(folder).holds


def test_a_vote_sent_after_a_withdrawal_has_another_tag(folder: Path) -> None:
    dialogue = make_dialogue(statements=1)
    participants, one = crowd(dialogue, 20), dialogue.statements.get()
    tags = {tag_of_vote(dialogue, participants[3])}
    for answer in ("withdraw", "agree", "disagree", "withdraw", "pass"):
        assert vote(participants[3], one, answer).status == 200
        if answer in {"agree", "pass"}:
            tags.add(tag_of_vote(dialogue, participants[3]))
    assert len(tags) == 3
    closed(dialogue)
    publish_log()
    assert number_of_votes(totals_in(folder)[1]) == 20
    assert recounted(folder).holds


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

    at_once, seal = list[int](), source.seal_texts

    def noted(most: int | None = None) -> list[bytes]:
        sealed = seal(most)
        at_once.append(len(sealed))
        return sealed

    monkeypatch.setattr(source, "MOST_TEXTS", 3)
    monkeypatch.setattr(source, "seal_texts", noted)
    make_dialogue(statements=7)
    publish_log()
    publish_log()
    assert at_once == [3, 3, 1, 0]
    numbers = [each.number for each in entries(folder) if isinstance(each, SealedText)]
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
