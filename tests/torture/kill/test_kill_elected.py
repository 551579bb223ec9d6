"""The elected process is killed or paused again and again under load, on one PostgreSQL.

No acknowledged vote is lost, no map is published twice, and the log verifies and never forks.
MIDDLEGROUND_TORTURE_ELECTED_KILLS sets how often; each third time it is paused instead, and goes on
when another is elected.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.utils.module_loading import autodiscover_modules

from infrastructure.test_several_machines import EVERYBODY_CONFIRMS
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.ledger import read_entry, verify
from middleground.ledger.files.publishing import checkpoint_path
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.records.entries import LoggedMap
from middleground.publiclog.log_key import signing_key
from on_postgres import postgres
from support.serving.processes import ask, elected, lives, send, server_processes, wait_until
from support.serving.server_process import ServerProcess
from support.serving.servers import make_site
from torture.kill.test_kill import rows
from torture.tools.progress import figures, report
from torture.tools.voting_load import Noted, load_again

# A key that is read is compared with its check value in the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

KILLS = int(os.environ.get("MIDDLEGROUND_TORTURE_ELECTED_KILLS", "3"))
PROCESSES = 3
CONNECTIONS = 6  # more would only heat the processor while the others are waited for
WAIT_SECONDS = 120


@dataclass
class Watched:
    """What a reader of the log saw while it was written."""

    folder: Path
    key: VerifierKey
    checkpoints: dict[int, set[bytes]] = field(default_factory=dict)  # size → roots

    def look(self) -> None:
        with suppress(FileNotFoundError):
            self.note(open_checkpoint((self.folder / "checkpoint").read_bytes(), self.key)[0])

    def note(self, checkpoint: Checkpoint) -> None:
        self.checkpoints.setdefault(checkpoint.size, set()).add(checkpoint.root)

    def maps(self) -> list[LoggedMap]:
        return logged_maps(self.folder, max(self.checkpoints))

    def forks(self) -> list[int]:
        """The sizes of which two logs, or another than the one that is kept, were seen."""
        found = []
        for size, roots in sorted(self.checkpoints.items()):
            try:
                data = (self.folder / checkpoint_path(size)).read_bytes()
                kept = {open_checkpoint(data, self.key)[0].root}
            except (FileNotFoundError, BadCheckpoint):
                kept = set()
            if roots != kept:
                found.append(size)
        return found


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres(tables=True) as address:
        yield address


@pytest.fixture
def server(
    tmp_path: Path, settings: pytest.FixtureRequest, database: str
) -> Iterator[ServerProcess]:
    data = tmp_path / "site"
    given = {
        "MIDDLEGROUND_DATABASE_URL": database,
        "MIDDLEGROUND_LEDGER_SECONDS": "0.5",
        "MIDDLEGROUND_MAP_SECONDS": "0.5",
        "MIDDLEGROUND_MAP_BEAT_SECONDS": "0.5",
    }
    make_site("example_site", data, **given)
    ask(database, EVERYBODY_CONFIRMS)
    settings.KEYS = data / "keys"  # type: ignore[attr-defined]
    server = ServerProcess(data, tmp_path / "log", settings=given)
    port, count = str(server.port), str(PROCESSES)
    server.start(["-m", "middleground", "serve", "--port", port, "--workers", count])
    assert server.process
    parent = server.process.pid
    try:
        yield server
    finally:
        started = server_processes(parent)
        server.kill()
        for process in started:
            send(process, signal.SIGKILL)


async def replace_elected(server: ServerProcess, database: str, pause: bool) -> None:
    """Kill the elected process, or pause it until another is elected."""
    assert server.process
    parent = server.process.pid
    first = await asyncio.to_thread(someone_elected, database)
    send(first, signal.SIGSTOP if pause else signal.SIGKILL)
    try:
        await asyncio.to_thread(
            wait_until, lambda: elected(database) not in (None, first), "nobody follows"
        )
    finally:
        send(first, signal.SIGCONT)
    if not pause:
        await asyncio.to_thread(wait_until, lambda: not lives(first), "it lives")
    everybody = lambda: len(server_processes(parent)) == PROCESSES  # noqa: E731
    await asyncio.to_thread(wait_until, everybody, "it is not replaced")


def someone_elected(database: str) -> int:
    wait_until(lambda: elected(database), "nobody is elected")
    return elected(database) or someone_elected(database)


async def kill_under_load(server: ServerProcess, database: str, watched: Watched) -> Noted:
    noted, stop, chance = Noted(), asyncio.Event(), random.Random(20_261_128)
    voting = asyncio.create_task(load_again(server.port, "harbour", noted, stop, CONNECTIONS))
    watching = asyncio.create_task(watch(watched, stop))
    for number in range(1, KILLS + 1):
        await progress(noted, watched)
        # The log grows every two seconds: so the kill comes at any moment of that.
        await asyncio.sleep(chance.uniform(0, 2.5))
        await replace_elected(server, database, pause=number % 3 == 0)
        report(number, KILLS, noted)
    await progress(noted, watched)
    # A slow machine makes no map between two kills.
    await asyncio.to_thread(wait_until, watched.maps, "no map is logged")
    stop.set()
    await asyncio.gather(voting, watching)
    return noted


async def watch(watched: Watched, stop: asyncio.Event) -> None:
    while not stop.is_set():
        watched.look()
        await asyncio.sleep(0.02)


async def progress(noted: Noted, watched: Watched) -> None:
    """Wait for further votes and for a further checkpoint."""
    votes, size = len(noted.acknowledged), max(watched.checkpoints, default=0)
    end = time.monotonic() + WAIT_SECONDS
    while len(noted.acknowledged) < votes + 30 or max(watched.checkpoints, default=0) <= size:
        assert time.monotonic() < end, f"it stands still: {noted.refused[-3:]}"
        await asyncio.sleep(0.05)


def published_twice(maps: Sequence[LoggedMap]) -> list[bytes]:
    """The hashes that two maps of the log have in common."""
    hashes = Counter(value for each in maps for value in {each.document, each.votes})
    return [value for value, count in hashes.items() if count > 1]


def logged_maps(folder: Path, size: int) -> list[LoggedMap]:
    autodiscover_modules("log_kinds")  # the log has entries of every app
    log = TileFolder(folder, size)
    entries = [entry for index in range(-(-size // 256)) for entry in log.entries(index)]
    return [entry for entry in map(read_entry, entries) if isinstance(entry, LoggedMap)]


def test_nothing_is_lost_doubled_or_forked(server: ServerProcess, database: str) -> None:
    watched = Watched(server.data / "ledger", signing_key().verifier)
    noted = asyncio.run(kill_under_load(server, database, watched))
    dialogue = ask(database, "SELECT id FROM dialogues_dialogue WHERE slug = 'harbour'")[0][0]
    acknowledged = rows(noted.acknowledged, dialogue)
    query = "SELECT v.participant_id, s.number, v.value FROM dialogues_vote v"
    stored = set(ask(database, f"{query} JOIN dialogues_statement s ON s.id = v.statement_id"))
    assert len(acknowledged) > 30 * KILLS
    assert acknowledged - stored == set()
    sent = {pseudonym(dialogue, token) for token in noted.tokens()}
    assert {participant for participant, _, _ in stored} <= sent
    assert server.stop(60) == 0  # so that nothing is written any more
    size = ask(database, "SELECT signed::int FROM publiclog_logstate")[0][0]
    assert watched.forks() == []
    report = verify(watched.folder, watched.key)
    assert report.holds, report
    maps = logged_maps(watched.folder, size)
    assert maps
    assert published_twice(maps) == []
    seen = len(watched.checkpoints)
    figures(
        "elected process killed or paused",
        kills=KILLS, acknowledged=len(acknowledged), lost=0, checkpoints=seen, maps=len(maps),
    )  # fmt: skip


def test_control_a_map_that_is_logged_twice_is_found() -> None:
    def logged(document: bytes, votes: bytes) -> LoggedMap:
        return LoggedMap("harbour", document, votes, "engine", 1, "{}")

    one, other, again = logged(b"1", b"a"), logged(b"2", b"b"), logged(b"3", b"a")
    assert published_twice([one, other]) == []
    assert published_twice([one, other, again]) == [b"a"]


def test_control_a_fork_is_found(tmp_path: Path) -> None:
    key = signing_key().verifier
    watched = Watched(tmp_path, key)
    watched.note(Checkpoint(key.name, 7, bytes(32)))
    assert watched.forks() == [7]
