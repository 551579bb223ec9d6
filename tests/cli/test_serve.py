"""``middleground serve`` starts in every state of the data folder, or explains why it cannot."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from support.serving.server_process import ServerProcess
from support.serving.servers import fill, free_port, give_static_files, outside_environment, run
from torture.tools.voting_load import Noted, load

SETTINGS = "middleground.config.settings"
HALF_MIGRATED = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", "people", "0001", verbosity=0)
"""

# Killed after a migration was applied and before it is recorded.
KILLED_BETWEEN = """
import os, django; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from middleground.config import server
note = MigrationExecutor.record_migration

def killed(executor, migration):
    if (migration.app_label, migration.name) == ("auth", "0001_initial"):
        os._exit(137)
    note(executor, migration)

MigrationExecutor.record_migration = killed
"""
OURS, DJANGOS = "server.prepare()", "server.call_command('migrate', verbosity=0)"


@pytest.fixture
def server(tmp_path: Path) -> ServerProcess:
    return ServerProcess(tmp_path / "data", tmp_path / "log")


def serve_once(data: Path, port: int, **options: object) -> tuple[int, str]:
    """The exit code and output of a server that must not start."""
    done = subprocess.run(
        [sys.executable, "-m", "middleground", "serve", "--port", str(port)],
        env=outside_environment(data),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    return done.returncode, done.stdout + done.stderr


def page(server: ServerProcess) -> str:
    with urllib.request.urlopen(server.address, timeout=20) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_an_empty_folder_becomes_an_installation(server: ServerProcess) -> None:
    with server.running():
        assert "<h1" in page(server)
    assert {file.name for file in server.data.iterdir()} >= {"middleground.sqlite3", "keys"}
    began = time.monotonic()
    with server.running():  # the second start has nothing to prepare
        assert time.monotonic() - began < 30
        assert "<h1" in page(server)


def test_a_half_migrated_database_is_brought_up_to_date(server: ServerProcess) -> None:
    give_static_files(server.data)
    run(["-c", HALF_MIGRATED], server.data, DJANGO_SETTINGS_MODULE=SETTINGS)
    with closing(sqlite3.connect(server.data / "middleground.sqlite3")) as database:
        sql = "SELECT count(*) FROM sqlite_master WHERE name = 'dialogues_vote'"
        assert database.execute(sql).fetchone() == (0,)
        with server.running():
            assert "<h1" in page(server)
        assert database.execute(sql).fetchone() == (1,)


def test_a_server_killed_during_preparation_starts_again(server: ServerProcess) -> None:
    for moment in (0.6, 1.2, 1.8, 2.4):
        server.launch()
        time.sleep(moment)
        server.kill()
    with server.running():
        assert "<h1" in page(server)


@pytest.mark.parametrize("way", [OURS, DJANGOS])
def test_a_server_killed_between_a_migration_and_its_record_starts_again(
    server: ServerProcess, way: str
) -> None:
    give_static_files(server.data)
    with pytest.raises(AssertionError, match="ended with 137"):
        run(["-c", KILLED_BETWEEN + way], server.data, DJANGO_SETTINGS_MODULE=SETTINGS)
    if way == OURS:
        with server.running():
            assert "<h1" in page(server)
    else:  # the control: the state after Django's own command
        code, output = serve_once(server.data, free_port())
        assert (code, 'table "auth_permission" already exists' in output) == (1, True)


def test_a_second_server_on_the_port_reports_it_and_changes_nothing(
    server: ServerProcess, tmp_path: Path
) -> None:
    give_static_files(server.data)
    with server.running():
        for data in (server.data, tmp_path / "other"):
            code, output = serve_once(data, server.port)
            assert code == 1
            assert f"Cannot listen on 127.0.0.1:{server.port}." in output
            assert "Serving on" not in output
            assert "Traceback" not in output
        assert not (tmp_path / "other").exists()
        assert "<h1" in page(server)  # the first server still answers


def test_an_unusable_data_folder_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    code, output = serve_once(in_the_way / "data", free_port())
    assert code == 1
    assert "Cannot use the data folder or the database." in output
    assert str(in_the_way) in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    "command", [["serve", "--port", "9"], ["create-admin", "--password-stdin"]]
)
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://weather.example", "MIDDLEGROUND_EXIT must be an address with https://."),
        (
            "https://dialogue.example/",
            "MIDDLEGROUND_EXIT must lead to another site than this one.",
        ),
    ],
)
def test_a_bad_address_for_leaving_quickly_is_named_by_every_command(
    tmp_path: Path, command: list[str], address: str, says: str
) -> None:
    """Nobody shall learn it from a link that leads nowhere, or back to this site."""
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *command],
        env={
            **outside_environment(tmp_path),
            "MIDDLEGROUND_ORIGIN": "https://dialogue.example",
            "MIDDLEGROUND_EXIT": address,
        },
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [says, "`middleground doctor` says what to mend."]


def test_an_invalid_database_file_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / "middleground.sqlite3").write_text("these are my letters " * 500)
    code, output = serve_once(tmp_path, free_port())
    assert code == 1
    assert "file is not a database" in output
    assert "Traceback" not in output
    assert (tmp_path / "middleground.sqlite3").read_text() == "these are my letters " * 500


def test_stopping_under_load_keeps_every_vote(server: ServerProcess) -> None:
    fill(server.data)
    noted = Noted()

    async def load_and_end() -> int:
        voting = asyncio.create_task(load(server.port, "harbour", noted, asyncio.Event()))
        for _ in range(3_000):
            await asyncio.sleep(0.01)
            if len(noted.acknowledged) > 200:
                break
        code = await asyncio.to_thread(server.stop)
        await voting
        return code

    try:
        server.start()
        assert asyncio.run(load_and_end()) in {0, -15}
    finally:
        server.kill()
    with closing(sqlite3.connect(server.data / "middleground.sqlite3")) as database:
        (stored,) = database.execute("SELECT count(*) FROM dialogues_vote").fetchone()
    assert len(noted.acknowledged) > 200
    acknowledged = len(noted.acknowledged)
    assert acknowledged <= stored <= acknowledged + len(noted.unanswered)
    assert "Traceback" not in server.log.read_text()
