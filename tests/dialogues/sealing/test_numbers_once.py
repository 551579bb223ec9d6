"""A number names one text: it is not given again when the text is taken back."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from ledger.checking import check_with, failing
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, GoneNumber, Statement, WithdrawnTag
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import delete_all_of_mine, take_text_back
from middleground.dialogues.privacy.retention import destroy_key
from middleground.dialogues.statements.seeds import add_statements, remove_statement
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.texts.submission import next_number, number_by_lot
from middleground.evidence.models import ProposedSource
from middleground.evidence.proposals.submit import propose_source
from middleground.ledger import Report
from middleground.ledger.records.entries import STATEMENTS, SealedText, TextModeration
from middleground.publiclog.append import append
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import publish_log
from middleground.threads import submit
from middleground.threads.models import COMMENTS, Comment
from support.cast import make_comment, make_dialogue, make_staff
from support.logged import entries

migration = import_module("middleground.dialogues.migrations.0015_gone_numbers")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]


def checked(folder: Path) -> Report:
    """What both verifiers say."""
    return check_with(folder, signing_key().verifier, [])


def gone() -> list[tuple[str, int]]:
    return list(GoneNumber.objects.order_by("pk").values_list("collection", "number"))


def test_the_log_holds_when_the_newest_statement_is_taken_back(folder: Path) -> None:
    dialogue, token = make_dialogue(), new_token()
    assert submit_statement(dialogue, token, "A park").number == 4
    publish_log()
    assert take_text_back(dialogue, token, 4, kind_of(Statement))
    assert submit_statement(dialogue, token, "A road").number == 5
    publish_log()
    sealed = [each.number for each in entries(folder) if isinstance(each, SealedText)]
    assert sealed == [1, 2, 3, 4, 5]
    assert checked(folder).holds
    assert gone() == [(STATEMENTS, 4)]


def test_control_a_number_given_again_fails_the_log(folder: Path) -> None:
    dialogue, token = make_dialogue(), new_token()
    submit_statement(dialogue, token, "A park")
    publish_log()
    take_text_back(dialogue, token, 4, kind_of(Statement))
    GoneNumber.objects.all().delete()
    assert submit_statement(dialogue, token, "A road").number == 4
    publish_log()
    report = checked(folder)
    assert [*failing(report)] == ["text"]


def test_numbers_of_everything_deleted_whole_are_kept() -> None:
    dialogue, token = make_dialogue(), new_token()
    for text in ("A park", "A road"):
        submit_statement(dialogue, token, text)
    Dialogue.objects.update(votes_before_commenting=0)
    source = propose_source(dialogue, token, {"title": "The plan", "kind": "document"})
    delete_all_of_mine(dialogue, token)
    assert sorted(gone()) == [("proposed-sources", source.number), (STATEMENTS, 4), (STATEMENTS, 5)]
    assert next_number(dialogue, Statement) == 6
    assert next_number(dialogue, ProposedSource) == source.number + 1
    other = make_dialogue("other")
    assert next_number(other, Statement) == 4  # each dialogue counts for itself


def test_the_hosts_own_statement_that_was_sealed_keeps_its_number(folder: Path) -> None:
    staff, dialogue = make_staff(), make_dialogue(statements=2)
    publish_log()
    Dialogue.objects.update(state="draft")  # as withdrawing it does
    add_statements(staff, dialogue, ["Fish come first."])
    never_sealed, sealed = Statement.objects.get(number=3), Statement.objects.get(number=2)
    remove_statement(staff, never_sealed)
    assert (gone(), next_number(dialogue, Statement)) == ([], 3)
    remove_statement(staff, sealed)
    assert (gone(), next_number(dialogue, Statement)) == ([(STATEMENTS, 2)], 3)


def test_a_number_drawn_by_lot_is_none_of_a_deleted_comment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue = make_dialogue()
    statement, at = dialogue.statements.get(number=1), submit.NUMBERS.start
    make_comment(statement, "Why?", at)
    GoneNumber.objects.create(dialogue=dialogue, collection=COMMENTS, number=at + 1)
    drawn = iter([at, at + 1, at + 2])
    monkeypatch.setattr("middleground.dialogues.texts.submission.choice", lambda _: next(drawn))
    assert number_by_lot(dialogue, Comment, submit.NUMBERS) == at + 2


def test_the_destruction_of_the_key_keeps_the_numbers() -> None:
    dialogue = make_dialogue()
    submit_statement(dialogue, new_token(), "A park")
    Dialogue.objects.update(state="closed")
    assert destroy_key(dialogue)
    assert gone() == [(STATEMENTS, 4)]


def test_a_deleted_dialogue_leaves_no_numbers() -> None:
    dialogue, token = make_dialogue(statements=0), new_token()
    submit_statement(dialogue, token, "A park")
    take_text_back(dialogue, token, 1, kind_of(Statement))
    Dialogue.objects.all().delete()
    assert gone() == []


def test_no_number_is_given_twice_while_statements_come_and_go() -> None:
    dialogue, kind = make_dialogue(statements=0), kind_of(Statement)

    def come_and_go(place: int) -> list[int]:
        token = new_token()
        try:
            first = submit_statement(dialogue, token, f"Wish {place}").number
            assert take_text_back(dialogue, token, first, kind)
            return [first, submit_statement(dialogue, token, f"Wish {place}, again").number]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        given = [number for pair in threads.map(come_and_go, range(20)) for number in pair]
    assert sorted(given) == list(range(1, 41))
    assert GoneNumber.objects.count() == 20


def test_the_migration_finds_numbers_of_texts_deleted_before(folder: Path) -> None:
    dialogue, token = make_dialogue(), new_token()
    submit_statement(dialogue, token, "A park")
    submit_statement(dialogue, token, "A road")
    publish_log()
    take_text_back(dialogue, token, 5, kind_of(Statement))
    append(TextModeration(dialogue.slug, COMMENTS, 12_345_678, "reject", "spam"))  # it waits
    WithdrawnTag.objects.create(tag="0" * 64, dialogue=dialogue, number=9)
    GoneNumber.objects.all().delete()  # as before the migration
    with connection.schema_editor(atomic=True) as editor:
        migration.keep_gone_numbers(apps, editor)
    assert gone() == [(COMMENTS, 12_345_678), (STATEMENTS, 5), (STATEMENTS, 9)]
    assert next_number(dialogue, Statement) == 10


def test_the_migration_goes_on_without_the_logs_folder(folder: Path) -> None:
    dialogue = make_dialogue()
    publish_log()
    shutil.rmtree(folder)
    WithdrawnTag.objects.create(tag="0" * 64, dialogue=dialogue, number=9)
    with connection.schema_editor(atomic=True) as editor:
        migration.keep_gone_numbers(apps, editor)
    assert gone() == [(STATEMENTS, 9)]
