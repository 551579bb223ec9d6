"""Deleted data and the order of writes do not remain in SQLite's write-ahead log."""

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
    """A connection of another thread, which does not wait for locks."""
    return sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=0)


def write_much() -> None:
    """Write more pages to the log than SQLite's automatic checkpoint allows."""
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
    assert found_in() == ["-wal"]  # the control: deleting alone leaves the text there
    empty_write_ahead_log()
    assert found_in() == []
    assert log().stat().st_size == ONE_PAGE


def test_the_checkpoint_does_not_wait_for_a_reader_and_loses_nothing() -> None:
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


def test_no_commit_happens_during_the_checkpoint() -> None:
    make_dialogue()
    with closing(another()) as writer:
        with write_lock_held(), pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.execute(WRITE)
        writer.execute(WRITE)  # afterwards it can write


def test_control_sqlites_own_checkpoint_allows_commits() -> None:
    """During SQLite's own checkpoint another connection writes without waiting."""
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
def test_no_connection_of_the_server_checkpoints_by_itself() -> None:
    make_dialogue()
    empty_write_ahead_log()
    write_much()
    assert log().stat().st_size > 1000 * 4096  # where SQLite would have begun to
    sqlite_wal.shorten_write_ahead_log()
    assert log().stat().st_size == ONE_PAGE


def test_control_without_the_setting_sqlite_checkpoints() -> None:
    make_dialogue()
    empty_write_ahead_log()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA wal_autocheckpoint").fetchone() == (1000,)
    write_much()
    assert log().stat().st_size < 1010 * 4096
