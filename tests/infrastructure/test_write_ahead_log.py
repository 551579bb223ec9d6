"""What was deleted, and the order of writing, do not stay in SQLite's log; and who may move it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from middleground.config import sqlite_wal
from middleground.config.sqlite_wal import empty_write_ahead_log, write_lock_held
from middleground.dialogues.models import Dialogue
from support.cast import make_dialogue, make_statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
TEXT = "A sentence that was let go of, 7Qx2."
ONE_PAGE = 32 + 24 + 4096  # the log's head, and one page behind its own
WRITE = "UPDATE dialogues_dialogue SET revision = revision + 1"


def log() -> Path:
    return Path(f"{connection.settings_dict['NAME']}-wal")


def found_in() -> list[str]:
    database = Path(connection.settings_dict["NAME"])
    files = [file for file in (database, log()) if file.is_file()]
    return [file.name[-4:] for file in files if TEXT.encode() in file.read_bytes()]


def another() -> sqlite3.Connection:
    """A connection as another thread has it, which waits for nothing."""
    return sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=0)


def write_much() -> None:
    """More pages into the log than SQLite lets stand, and none more into the database."""
    for number in range(1_100):
        Dialogue.objects.update(revision=number)


@pytest.fixture
def left_to_us() -> Iterator[None]:
    connection.close()
    sqlite_wal.disable_autocheckpoint()
    yield
    connection_created.disconnect(sqlite_wal._disable_on)
    connection.close()


def test_deleted_text_is_gone_from_log_and_database() -> None:
    make_statement(make_dialogue(statements=0), 1, TEXT).delete()
    assert found_in() == ["-wal"]  # the control: deleting alone leaves it there
    empty_write_ahead_log()
    assert found_in() == []
    assert log().stat().st_size == ONE_PAGE


def test_a_long_reader_is_not_waited_for_and_nothing_is_lost() -> None:
    make_statement(make_dialogue(statements=0), 1, TEXT)
    empty_write_ahead_log()
    with closing(another()) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT revision FROM dialogues_dialogue").fetchall()
        Dialogue.objects.update(revision=77)
        empty_write_ahead_log()
        assert reader.execute("SELECT revision FROM dialogues_dialogue").fetchall() == before
        assert log().stat().st_size > ONE_PAGE
    assert Dialogue.objects.get().revision == 77
    empty_write_ahead_log()
    assert log().stat().st_size == ONE_PAGE
    assert Dialogue.objects.get().revision == 77


def test_nobody_commits_while_the_log_is_moved() -> None:
    make_dialogue()
    with closing(another()) as writer:
        with write_lock_held(), pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.execute(WRITE)
        writer.execute(WRITE)  # and afterwards it may


def test_control_sqlite_s_own_way_lets_others_commit_meanwhile() -> None:
    """During a checkpoint as SQLite does it by itself a write begins without waiting."""
    make_dialogue()
    done = []
    with closing(another()) as mover, closing(another()) as writer:

        def write_once() -> int:
            if not done:
                done.append(writer.execute(WRITE).rowcount)
            return 0

        mover.set_progress_handler(write_once, 1)
        mover.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    assert done == [1]


@pytest.mark.usefixtures("left_to_us")
def test_no_connection_of_the_server_moves_the_log_by_itself() -> None:
    make_dialogue()
    empty_write_ahead_log()
    write_much()
    assert log().stat().st_size > 1000 * 4096  # where SQLite would have begun to
    sqlite_wal.shorten_write_ahead_log()
    assert log().stat().st_size == ONE_PAGE


def test_control_without_that_sqlite_moves_it() -> None:
    make_dialogue()
    empty_write_ahead_log()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA wal_autocheckpoint").fetchone() == (1000,)
    write_much()
    assert log().stat().st_size < 1010 * 4096
