"""The log tells which number became which, and both verifiers accept it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from ledger.checking import check_with, failing
from middleground.dialogues.log_kinds import Correction
from middleground.dialogues.models import Dialogue, GoneNumber, Statement, VoteSeal, WithdrawnTag
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.participation.correcting import correct_statement
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.texts.decisions import approve
from middleground.ledger import Report
from middleground.ledger.files.texts import texts_path
from middleground.ledger.records.entries import Erasures, Moderation, SealedText
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue, make_staff
from support.logged import closed, crowd, entries, lists_in
from support.serving.asgi_client import Voter, vote, voter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("keys", "vote_writer"),
]
WRONG, RIGHT = "We need a prak.", "We need a park."


def checked(folder: Path) -> Report:
    """What both verifiers say."""
    return check_with(folder, signing_key().verifier, [])


def corrected(folder: Path) -> tuple[Dialogue, Voter]:
    """Statement 4 was shown, sealed, published and voted on by its author, who corrects it."""
    dialogue, author = make_dialogue(moderation="after"), voter()
    assert vote(author, dialogue.statements.get(number=1), "agree").status == 200
    assert confirm(dialogue, author.token, "work")
    old = submit_statement(dialogue, author.token, WRONG)
    assert (old.number, old.status) == (4, "approved")
    assert vote(author, old, "agree").status == 200
    VoteSeal.objects.filter(statement=old).update(promised=True)
    publish_log()
    assert WRONG in (folder / texts_path("harbour", "statements")).read_text()
    assert correct_statement(dialogue, author.token, 4, RIGHT).number == 5
    publish_log()
    return dialogue, author


def test_the_log_tells_what_became_of_the_number(folder: Path) -> None:
    corrected(folder)
    found = entries(folder)
    assert [each for each in found if isinstance(each, Correction)] == [
        Correction("harbour", "statements", 4, 5)
    ]
    assert [each.number for each in found if isinstance(each, SealedText)] == [1, 2, 3, 4, 5]
    shown = (folder / texts_path("harbour", "statements")).read_text()
    assert RIGHT in shown
    assert WRONG not in shown
    assert checked(folder).holds


def test_the_log_of_the_closed_dialogue_holds(folder: Path) -> None:
    dialogue, _ = corrected(folder)
    crowd(dialogue, 20)
    closed(dialogue)
    publish_log()
    assert checked(folder).holds
    assert [each for each in entries(folder) if isinstance(each, Erasures)] == [
        Erasures("harbour", 1)
    ]
    # The promised vote on the old words keeps its line, beside the sum.
    assert WithdrawnTag.objects.filter(number=4).count() == 1
    assert sorted(lists_in(folder)) == [1, 2, 3, 4, 5]
    assert Moderation("harbour", 4, "not_shown", "none") in entries(folder)


def test_a_vote_that_was_under_way_does_not_stop_the_close(folder: Path) -> None:
    """On PostgreSQL it can be stored when the statement is corrected already."""
    dialogue, author = corrected(folder)
    late = voter()
    assert vote(late, dialogue.statements.get(number=1), "agree").status == 200
    assert confirm(dialogue, late.token, "work")
    seal, own = late_vote(dialogue, late)
    assert (seal, own) == (1, 1)
    crowd(dialogue, 20)
    closed(dialogue)
    publish_log()
    assert checked(folder).holds
    assert author.token != late.token


def late_vote(dialogue: Dialogue, late: Voter) -> tuple[int, int]:
    """A vote and its seal on statement 4, as the writer stores them."""
    from middleground.dialogues.identity.pseudonyms import pseudonym
    from middleground.dialogues.models import Vote

    place = {
        "participant_id": pseudonym(dialogue.pk, late.token),
        "statement": Statement.objects.get(number=4),
    }
    Vote.objects.create(**place, value=1, dealt=True)
    nonces = {"client_nonce": b"c" * 16, "server_nonce": b"s" * 16, "salt": b"t" * 16}
    VoteSeal.objects.create(**place, **nonces)
    return VoteSeal.objects.filter(**place).count(), Vote.objects.filter(**place).count()


def test_control_the_same_number_with_other_words_fails(folder: Path) -> None:
    """What a correction in place would do: the log names one text by a number."""
    corrected(folder)
    Statement.objects.filter(number=5).update(text="We need two parks.", salt=None)
    publish_log()
    assert [*failing(checked(folder))] == ["text"]


def test_control_a_changed_record_fails(folder: Path) -> None:
    corrected(folder)
    for path in (folder / "tile" / "entries").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"correction", b"correctiom"))
    assert not checked(folder).holds


def test_one_that_no_round_has_sealed_is_told_all_the_same(folder: Path) -> None:
    dialogue, author = make_dialogue(), voter()
    submit_statement(dialogue, author.token, WRONG)
    approve(make_staff(), Statement.objects.get(number=4), "waiting")
    new = correct_statement(dialogue, author.token, 4, RIGHT)
    assert new.received_on == timezone.localdate()
    publish_log()
    found = entries(folder)
    assert [each.number for each in found if isinstance(each, SealedText)] == [1, 2, 3, 5]
    assert Correction("harbour", "statements", 4, 5) in found
    assert checked(folder).holds
    assert not GoneNumber.objects.exists()  # the row keeps the number
