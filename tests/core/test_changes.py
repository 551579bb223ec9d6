"""Every write of a table is noticed when it commits, and every read while it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F

from middleground.core import changes
from middleground.core.changes import reads_noted
from middleground.dialogues.models import Dialogue, Statement, StoredMap, Vote
from support.cast import make_dialogue, make_participant, make_statement, make_vote

pytestmark = pytest.mark.django_db(transaction=True)

DIALOGUE, STATEMENT = Dialogue._meta.db_table, Statement._meta.db_table
VOTE = Vote._meta.db_table


def written(act: Callable[[], object]) -> set[str]:
    """The tables that get a new version."""
    before = changes.all_versions()
    act()
    after = changes.all_versions()
    return {table for table in after.by_table if after.by_table[table] != before.by_table[table]}


def _with_sql(sql: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return run


def test_all_ways_of_writing_are_noticed() -> None:
    dialogue = make_dialogue()
    first = dialogue.statements.get(number=1)
    _, participant = make_participant(dialogue)
    text = {"text": "Another.", "received_on": "2026-01-01"}
    assert written(lambda: make_statement(dialogue, 9)) == {STATEMENT}
    assert written(lambda: first.save()) == {STATEMENT}
    assert written(lambda: Statement.objects.update(number=F("number"))) == {STATEMENT}
    assert written(
        lambda: Statement.objects.bulk_create(
            [
                Statement(dialogue=dialogue, number=n, **{**text, "dedup_hash": str(n)})
                for n in (20, 21)
            ]
        )
    ) == {STATEMENT}
    assert written(lambda: make_vote(participant, first, 1)) == {VOTE}
    assert written(lambda: Vote.objects.all().delete()) == {VOTE}
    assert VOTE in written(participant.delete)
    assert written(_with_sql(f"UPDATE {STATEMENT} SET number = number")) == {STATEMENT}
    assert written(_with_sql(f'delete from "{VOTE}" where value = 7')) == {VOTE}
    many = f"INSERT INTO {DIALOGUE} (slug) SELECT slug FROM {DIALOGUE} WHERE slug = 'nobody'"
    assert written(_with_sql(many)) == {DIALOGUE}
    upsert = (
        f"INSERT INTO {VOTE} (participant_id, statement_id, value, dealt)"
        " SELECT 1, 1, 1, true WHERE 1 = 0"
    )
    assert written(_with_sql(upsert)) == {VOTE}


def test_reading_changes_nothing() -> None:
    dialogue = make_dialogue()

    def read() -> None:
        list(Statement.objects.filter(dialogue=dialogue).select_related("dialogue"))
        with transaction.atomic():
            Dialogue.objects.select_for_update().get(pk=dialogue.pk)

    assert written(read) == set()


def test_a_transaction_counts_when_it_commits_and_only_then() -> None:
    dialogue = make_dialogue()
    with transaction.atomic():
        assert written(lambda: dialogue.statements.update(text="A")) == set()
    assert Statement.objects.filter(text="A").exists()

    def rolled_back() -> None:
        with transaction.atomic():
            dialogue.statements.update(text="B")
            transaction.set_rollback(True)

    def savepoint_rolled_back() -> None:
        with transaction.atomic():
            Dialogue.objects.update(question="?")
            with transaction.atomic():
                dialogue.statements.update(text="B")
                transaction.set_rollback(True)

    assert written(rolled_back) == set()
    assert written(savepoint_rolled_back) == {DIALOGUE}


def test_a_transaction_waits_once_for_its_commit_however_much_it_writes() -> None:
    dialogue = make_dialogue()

    def write() -> None:
        with transaction.atomic():
            for number in range(20):
                dialogue.statements.update(text=str(number))
            Dialogue.objects.update(question="?")
            assert len(connection.run_on_commit) == 1
            with transaction.atomic():
                Vote.objects.all().delete()
                assert len(connection.run_on_commit) == 2
                transaction.set_rollback(True)
            Dialogue.objects.update(question="!")
            assert len(connection.run_on_commit) == 1

    assert written(write) == {DIALOGUE, STATEMENT}


def test_a_write_of_another_thread_is_noticed_after_its_rows_are_visible() -> None:
    dialogue = make_dialogue()
    seen: list[tuple[int, str]] = []

    def write() -> None:
        Dialogue.objects.filter(pk=dialogue.pk).update(question="What now?")
        connection.close()

    before = changes.version([DIALOGUE])
    thread = threading.Thread(target=write)
    thread.start()
    while changes.version([DIALOGUE]) == before:
        assert thread.is_alive() or changes.version([DIALOGUE]) != before
    seen.append((changes.version([DIALOGUE]) - before, Dialogue.objects.get().question))
    thread.join()
    assert seen == [(1, "What now?")]


def test_all_ways_of_reading_are_noted() -> None:
    dialogue = make_dialogue()
    with reads_noted() as reads:
        dialogue.statements.count()
    assert reads.tables == {STATEMENT}
    with reads_noted() as reads:
        list(Dialogue.objects.filter(statements__number=1).annotate(maps_made=Count("maps")))
    assert reads.tables == {DIALOGUE, STATEMENT, StoredMap._meta.db_table}
    with reads_noted() as reads:
        list(Dialogue.objects.prefetch_related("statements"))
        Vote.objects.filter(statement__in=dialogue.statements.filter(number=1)).exists()
    assert reads.tables == {DIALOGUE, STATEMENT, VOTE}
    dialogue.statements.count()  # outside of the block
    assert reads.tables == {DIALOGUE, STATEMENT, VOTE}


def test_the_earliest_moment_counts() -> None:
    now = datetime.now(UTC)
    with reads_noted() as reads:
        changes.note_until(None)
        assert reads.until is None
        changes.note_until(now + timedelta(hours=2))
        changes.note_until(now + timedelta(hours=1))
        changes.note_until(now + timedelta(hours=3))
    assert reads.until == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens", "closes", "until"),
    [(None, None, None), (1, 2, 1), (-1, 2, 2), (-2, -1, None), (1, None, 1)],
)
def test_a_phase_holds_until_the_next_one_begins(
    opens: int | None, closes: int | None, until: int | None
) -> None:
    now = datetime.now(UTC)

    def at(hours: int | None) -> datetime | None:
        return None if hours is None else now + timedelta(hours=hours)

    with reads_noted() as reads:
        Dialogue(state="open", opens_at=at(opens), closes_at=at(closes)).phase(now)
    assert reads.until == at(until)
