"""What another process writes on PostgreSQL makes kept pages anew in this one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from middleground.core import changes
from middleground.core.processes.notices import Notices
from middleground.core.processes.own_connection import own_connection
from middleground.core.processes.table_changes import hear_of_tables, make_triggers
from middleground.dialogues.models import Dialogue, Vote
from support.cast import make_dialogue, make_participant, make_vote
from support.kept_pages import Front

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

SECONDS = 60
DIALOGUE, VOTE = Dialogue._meta.db_table, Vote._meta.db_table


def until(condition: Callable[[], bool]) -> None:
    latest = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < latest
        time.sleep(0.01)


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notices]:
    """This process's notices, connected."""
    monkeypatch.setattr(changes, "_are_told", changes._are_told)
    notices = Notices()
    make_triggers()
    hear_of_tables(notices)
    before = changes.version([])
    notices.start()
    assert notices.wait_until_connected(SECONDS)
    until(lambda: changes.version([]) > before)  # the first connection is a gap, too
    yield notices
    notices.stop()


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """A connection of another process."""
    with own_connection("test") as other:
        yield other


def test_a_write_of_another_process_is_heard_of(
    notices: Notices, other: psycopg.Connection
) -> None:
    make_dialogue()
    before = changes.version([DIALOGUE]), changes.version([VOTE])
    other.execute("UPDATE dialogues_dialogue SET question = 'Who?'")
    until(lambda: changes.version([DIALOGUE]) > before[0])
    assert changes.version([VOTE]) == before[1]


def test_a_write_that_is_rolled_back_is_not_heard_of(
    notices: Notices, other: psycopg.Connection
) -> None:
    make_dialogue()
    before = changes.version([DIALOGUE])
    with other.transaction(force_rollback=True):
        other.execute("UPDATE dialogues_dialogue SET question = 'Who?'")
    other.execute("UPDATE dialogues_statement SET number = number")
    until(lambda: changes.version(["dialogues_statement"]) > before)
    assert changes.version([DIALOGUE]) == before


def test_a_write_of_this_process_counts_once(notices: Notices, other: psycopg.Connection) -> None:
    dialogue = make_dialogue()
    before = changes.version([DIALOGUE]), changes.version(["people_user"])
    Dialogue.objects.filter(pk=dialogue.pk).update(question="Who?")
    other.execute("UPDATE people_user SET email = email")  # is heard of after the own notice
    until(lambda: changes.version(["people_user"]) > before[1])
    assert changes.version([DIALOGUE]) == before[0] + 1


def test_votes_send_no_notices(notices: Notices, other: psycopg.Connection) -> None:
    dialogue = make_dialogue()
    _, participant = make_participant(dialogue)
    make_vote(participant, dialogue.statements.get(number=1), 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE tgname = 'middleground_tell_table'"
        )
        told = {row[0] for row in cursor.fetchall()}
    assert {DIALOGUE, "dialogues_statement", "dialogues_storedmap"} <= told
    assert not told & changes.untold_tables()
    assert changes.are_told([DIALOGUE])
    assert not changes.are_told([DIALOGUE, VOTE])


def test_while_nothing_is_heard_pages_are_trusted_for_a_second(
    notices: Notices, other: psycopg.Connection, keys: object
) -> None:
    make_dialogue()
    front = Front()
    try:
        assert "What should the harbour be?" in str(front.get("/d/harbour/"))
        notices.stop()
        other.execute("UPDATE dialogues_dialogue SET question = 'Who pays?'")
        began = time.monotonic()
        until(lambda: "Who pays?" in str(front.get("/d/harbour/")))
        assert time.monotonic() - began > 0.2  # by the clock, and not by a notice
    finally:
        front.stop()


def test_after_a_gap_everything_is_made_anew(
    notices: Notices, other: psycopg.Connection, keys: object
) -> None:
    make_dialogue()
    front = Front()
    try:
        front.get("/d/harbour/")
        before = changes.version([DIALOGUE])
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'middleground notices %'"
        )
        until(lambda: changes.version([DIALOGUE]) > before)
    finally:
        front.stop()


def test_triggers_are_made_once() -> None:
    make_triggers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'middleground_tell_table'")
        before = cursor.fetchone()
        make_triggers()
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'middleground_tell_table'")
        assert cursor.fetchone() == before
        assert before[0] > 10
