"""``serve --workers``: several processes that are replaced, elected and ended together."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from on_postgres import postgres
from support.serving.processes import (
    ask,
    elected,
    lives,
    send,
    server_processes,
    wait_until,
)
from support.serving.server_process import ServerProcess
from support.serving.servers import free_port, make_site, outside_environment

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres(tables=True) as address:
        yield address


@pytest.fixture(scope="module")
def site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data: Path = tmp_path_factory.mktemp("several") / "data"
    make_site("example_site", data, MIDDLEGROUND_DATABASE_URL=database)
    return data


@contextmanager
def two_processes(database: str, site: Path, log: Path) -> Iterator[ServerProcess]:
    settings = {
        "MIDDLEGROUND_DATABASE_URL": database,
        "MIDDLEGROUND_LEDGER_SECONDS": "1",
        "MIDDLEGROUND_MAP_SECONDS": "1",
        "MIDDLEGROUND_MAP_BEAT_SECONDS": "1",
    }
    server = ServerProcess(site, log, settings=settings)
    server.start(["-m", "middleground", "serve", "--port", str(server.port), "--workers", "2"])
    assert server.process
    parent = server.process.pid
    wait_until(lambda: len(server_processes(parent)) == 2 and elected(database), "they start")
    try:
        yield server
    finally:
        started = server_processes(parent)
        server.kill()
        for process in started:
            send(process, signal.SIGCONT)
    wait_until(lambda: not any(map(lives, started)), f"{started} outlive their parent")


@pytest.fixture(scope="module")
def server(
    database: str, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """Shared by the tests down to the one that ends it."""
    with two_processes(database, site, tmp_path_factory.mktemp("log") / "log") as server:
        yield server


def page(server: ServerProcess) -> bool:
    with urllib.request.urlopen(server.address, timeout=30) as answer:
        return b"<h1" in answer.read()


def test_killed_processes_are_replaced_and_the_elected_one_is_followed(
    server: ServerProcess, database: str
) -> None:
    assert server.process
    parent = server.process.pid
    for _ in range(2):
        first, pair = elected(database), server_processes(parent)
        assert first in pair
        send(first, signal.SIGKILL)
        wait_until(lambda first=first: elected(database) not in (None, first), "nobody follows")
        assert elected(database) != first
        wait_until(lambda: len(server_processes(parent)) == 2, "it is not replaced")
        assert first not in server_processes(parent)
        assert page(server)
    assert "A server process ended (-9) and is replaced." in server.log.read_text()


def test_a_paused_process_is_followed_and_goes_on_as_one_of_the_others(
    server: ServerProcess, database: str
) -> None:
    paused = elected(database)
    assert paused
    send(paused, signal.SIGSTOP)
    wait_until(lambda: elected(database) not in (None, paused), "nobody follows")
    follower = elected(database)
    send(paused, signal.SIGCONT)
    wait_until(lambda: len(candidates(database)) == 2, "it does not stand again")
    assert elected(database) == follower
    assert lives(paused)
    assert page(server)


def candidates(database: str) -> set[int]:
    query = """
        SELECT split_part(application_name, ' ', 3)::int FROM pg_stat_activity
        WHERE application_name LIKE 'middleground election %'
    """
    return {process for (process,) in ask(database, query)}


def test_they_end_together_when_asked_to(server: ServerProcess) -> None:
    assert server.process
    pair = server_processes(server.process.pid)
    assert server.stop(60) == 0
    assert not any(map(lives, pair))


def test_without_their_parent_they_end_too(database: str, site: Path, tmp_path: Path) -> None:
    with two_processes(database, site, tmp_path / "log") as server:
        assert server.process
        pair = server_processes(server.process.pid)
        assert len(pair) == 2
        server.kill()
        wait_until(lambda: not any(map(lives, pair)), f"{pair} outlive their parent")


def test_on_sqlite_several_are_refused_in_words(tmp_path: Path) -> None:
    command = ["-m", "middleground", "serve", "--workers", "2", "--port", str(free_port())]
    done = subprocess.run(
        [sys.executable, *command],
        env=outside_environment(tmp_path / "data"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("On SQLite one process serves. For several, set")
    assert not (tmp_path / "data" / "middleground.sqlite3").exists()
