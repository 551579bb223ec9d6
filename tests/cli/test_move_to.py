"""``middleground move-to`` brings all data to PostgreSQL and back, or changes nothing."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from middleground.config.move.ends import CannotMove, open_target, shown
from on_postgres import postgres
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, outside_environment, run
from torture.tools.voting_load import Noted, one_participant

# It needs both databases at once.
pytestmark = pytest.mark.sqlite

URL = "MIDDLEGROUND_DATABASE_URL"
FILE = "middleground.sqlite3"
# Reads all rows by the models' own fields, and none of the command's code.
DUMP = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
from django.apps import apps
write = lambda value: value.hex() if isinstance(value, bytes) else str(value)
names = lambda model: ["pk", *(field.attname for field in model._meta.concrete_fields)]
rows = lambda model: {str(row["pk"]): row for row in model._base_manager.values(*names(model))}
models = apps.get_models(include_auto_created=True)
print(json.dumps({model._meta.label: rows(model) for model in models}, default=write))
"""
NEXT_AND_SEARCH = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.search import containing
from support.cast import make_dialogue
rows = Dialogue.objects.get(slug="harbour").statements
found = rows.filter(containing("number 3", rows)).values_list("number", flat=True)
print(make_dialogue("new", statements=1).pk, list(found))
"""
# The command with one step of it replaced.
SPOILED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have ignored it
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
from django.db import connections
from middleground.config.move import moving
from middleground.cli.app import app
copy = moving.copy_rows
def spoiled(reader, tell):
    if reader.table == "dialogues_voteseal":
        {spoil}
    return copy(reader, tell)
moving.copy_rows = spoiled
sys.argv = ["middleground", "move-to", {address!r}]
app()
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
CHANGE = "UPDATE dialogues_vote SET value = 1 - value * value"
CHANGED = f"""
        with connections["target"].cursor() as cursor:
            cursor.execute("SELECT participant_id, statement_id FROM dialogues_vote LIMIT 1")
            key = cursor.fetchone()
            cursor.execute("{CHANGE} WHERE"
                           " participant_id = %s AND statement_id = %s", key)
"""


def middleground(data: Path, *arguments: object, **settings: str) -> tuple[int, str]:
    return outside(["-m", "middleground", *map(str, arguments)], data, **settings)


def spoiled(spoil: str, data: Path, address: str, **settings: str) -> tuple[int, str]:
    return outside(["-c", SPOILED.format(spoil=spoil, address=address)], data, **settings)


def outside(command: list[str], data: Path, typed: str = "", **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *command],
        env=outside_environment(data, **settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def dumped(data: Path, address: str = "") -> dict[str, dict[str, Any]]:
    """Every table's rows by their keys."""
    found: dict[str, dict[str, Any]] = json.loads(run(["-c", DUMP], data, **{URL: address}))
    return found


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture(scope="module")
def new_database(postgres_server: str) -> Callable[[], str]:
    numbers = count(1)

    def make() -> str:
        name = f"town{next(numbers)}"
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return postgres_server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture
def data(tmp_path: Path) -> Path:
    fill(tmp_path / "data", "moved_site")
    return tmp_path / "data"


def tables(address: str) -> list[str]:
    """The tables of a database that nobody is connected to any more."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    end = time.monotonic() + 60
    with psycopg.connect(address, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (1,) and time.monotonic() < end:
            time.sleep(0.1)
        rows = connection.execute(
            "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
        ).fetchall()
    return [name for (name,) in rows]


async def vote(port: int) -> Noted:
    noted = Noted()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await one_participant(reader, writer, "harbour", noted, asyncio.Event())
    writer.close()
    return noted


def entries_signed(data: Path) -> int:
    return int((data / "ledger" / "checkpoint").read_text().split("\n")[1])


def vote_and_let_the_log_grow(data: Path, address: str, log: Path) -> None:
    """Use the moved site; while its server runs, nothing can be moved."""
    signed = entries_signed(data)
    settings = {URL: address, "MIDDLEGROUND_LEDGER_SECONDS": "1"}
    server = ServerProcess(data, log, settings=settings)
    with server.running():
        assert len(asyncio.run(vote(server.port)).acknowledged) == 4
        end = time.monotonic() + 60
        while entries_signed(data) < signed + 2 and time.monotonic() < end:
            time.sleep(0.2)
        assert "Another program is connected" in refused(data, "sqlite", **{URL: address})
    assert entries_signed(data) >= signed + 2, log.read_text()
    assert middleground(data, "verify", data / "ledger")[0] == 0


def stored(connection: psycopg.Connection[Any], table: str, key: str) -> list[tuple[int, ...]]:
    """The keys of a table's rows in the order in which PostgreSQL stores them."""
    return connection.execute(f"SELECT {key} FROM dialogues_{table} ORDER BY ctid").fetchall()


def assert_rows_lie_in_the_order_of_keys(address: str) -> None:
    """So their places tell nothing of when they were written. Control: a row that comes later."""
    keys = {
        "participant": "id",
        "vote": "participant_id, statement_id",
        "voteseal": "participant_id, statement_id",
    }
    with psycopg.connect(address) as connection:
        for table, key in keys.items():
            found = stored(connection, table, key)
            assert (len(found) > 40, found) == (True, sorted(found))
        connection.execute(
            "INSERT INTO dialogues_participant (id, dialogue_id, tier)"
            " SELECT min(id) - 1, min(dialogue_id), 'open' FROM dialogues_participant"
        )
        found = stored(connection, "participant", "id")
        assert found == [*sorted(found)[1:], min(found)]
        connection.rollback()


def assert_sound(data: Path) -> None:
    """Foreign keys, pages and the search index of SQLite."""
    with closing(sqlite3.connect(data / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        database.execute(
            "INSERT INTO dialogues_statement_search(dialogues_statement_search, rank)"
            " VALUES ('integrity-check', 1)"
        )
    assert (data / FILE).stat().st_mode & 0o077 == 0


def test_all_data_move_to_postgresql_and_back(
    data: Path, new_database: Callable[[], str], tmp_path: Path
) -> None:
    address, before = new_database(), dumped(data)
    assert [label for label, rows in before.items() if not rows] == []  # no table is untested
    code, output = middleground(data, "move-to", address)
    assert (code, "no difference" in output, "Not copied" in output) == (0, True, False), output
    assert f"set {URL}={address} in" in output
    assert dumped(data, address) == before
    assert dumped(data) == before  # the source is not touched
    assert_rows_lie_in_the_order_of_keys(address)

    vote_and_let_the_log_grow(data, address, tmp_path / "log")
    assert run(["-c", NEXT_AND_SEARCH], data, **{URL: address}) == "4 [3]\n"

    voted = dumped(data, address)
    assert len(voted["dialogues.Vote"]) == len(before["dialogues.Vote"]) + 4
    assert f"{FILE} holds data already" in refused(data, "sqlite", **{URL: address})
    (data / FILE).unlink()
    code, output = middleground(data, "move-to", "sqlite", **{URL: address})
    assert (code, f"remove {URL} in" in output) == (0, True), output
    assert dumped(data) == voted
    assert_sound(data)
    assert run(["-c", NEXT_AND_SEARCH.replace('"new"', '"newer"')], data) == "5 [3]\n"


def test_after_a_kill_the_target_is_empty_and_the_move_runs_again(
    data: Path, new_database: Callable[[], str]
) -> None:
    address = new_database()
    assert spoiled(KILLED, data, address)[0] == -9
    assert tables(address) == []
    migrate = ["-m", "django", "migrate", "--settings", "middleground.config.settings"]
    run(migrate, data, **{URL: address})  # tables without rows count as empty
    assert middleground(data, "move-to", address)[0] == 0
    (data / FILE).unlink()
    assert spoiled(KILLED, data, "sqlite", **{URL: address})[0] == -9
    with closing(sqlite3.connect(data / FILE)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert middleground(data, "move-to", "sqlite", **{URL: address})[0] == 0


def test_a_changed_row_is_noticed_and_nothing_stays(
    data: Path, new_database: Callable[[], str]
) -> None:
    address = new_database()
    code, output = spoiled(CHANGED, data, address)
    assert (code, "dialogues_vote differs from it: a row has other values" in output) == (1, True)
    code, output = spoiled(CHANGED.replace(CHANGE, "DELETE FROM dialogues_vote"), data, address)
    assert (code, "rows there" in output) == (1, True), output
    assert tables(address) == []


def test_an_interruption_and_a_text_that_does_not_fit_leave_nothing(
    data: Path, new_database: Callable[[], str]
) -> None:
    address = new_database()
    code, output = spoiled("os.kill(os.getpid(), signal.SIGINT)", data, address)
    assert (code, "Nothing was moved. It was interrupted." in output) == (1, True), output
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute("UPDATE dialogues_statement SET text = 'My secret' || char(0)")
        database.commit()
    code, output = middleground(data, "move-to", address)
    assert (code, "dialogues_statement cannot be copied" in output) == (1, True), output
    assert "secret" not in output
    assert tables(address) == []


def refused(data: Path, address: str, **settings: str) -> str:
    code, output = middleground(data, "move-to", address, **settings)
    assert (code, output.startswith("Nothing was moved. ")) == (1, True), output
    return output


def test_a_target_that_is_not_empty_or_in_use_is_refused(
    data: Path, new_database: Callable[[], str]
) -> None:
    address = new_database()
    with psycopg.connect(address, application_name="a report") as connection:
        connection.execute("CREATE TABLE of_somebody_else (id int)")
        connection.commit()
        assert "(a report as postgres)" in refused(data, address)
    assert "not middleground's (of_somebody_else)" in refused(data, address)
    assert tables(address) == ["of_somebody_else"]


@pytest.mark.parametrize("address", ["nonsense", "", "postgresql://host:port/name", "mysql://h/n"])
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(CannotMove, match="must look like postgresql://"):
        open_target(address)


def test_an_address_of_the_same_kind_is_refused() -> None:
    with pytest.raises(CannotMove, match="is SQLite already"):
        open_target("sqlite")


def test_a_database_that_does_not_answer_is_refused_without_its_password(data: Path) -> None:
    typed = "postgresql://me:secret-word@127.0.0.1:9/name\n"
    output = refused(data, "-", typed=typed)
    assert ("127.0.0.1" in output, "secret-word" in output) == (True, False), output


def test_a_source_that_is_not_ready_is_refused(data: Path, new_database: Callable[[], str]) -> None:
    address = new_database()
    assert "There is no" in refused(data / "elsewhere", address)
    assert not (data / "elsewhere").exists()
    with ServerProcess(data, data / "log").running():
        assert "On SQLite only one process may write" in refused(data, address)
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'evidence'")
        database.commit()
        assert "not up to date" in refused(data, address)
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('dialogues', '9999_later', '2030-01-01')"
        )
        database.commit()
        assert "newer middleground (it has dialogues 9999_later)" in refused(data, address)
    assert tables(address) == []


def test_the_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://me:a%40b@host:5/name") == "postgresql://me:PASSWORD@host:5/name"
    on_a_socket = "postgresql://me@/name?host=/run/postgresql"
    assert shown(on_a_socket) == on_a_socket
