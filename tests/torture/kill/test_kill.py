"""``kill -9`` under load: the database has exactly the votes that the server acknowledged.

Each round first kills the process that computes maps, and then the server.
MIDDLEGROUND_TORTURE_KILLS sets the number of rounds; 4 take some twenty seconds.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import read_token
from middleground.dialogues.voting.store import VALUES
from support.serving.server_process import ServerProcess
from support.serving.servers import fill
from torture.tools.progress import figures, report
from torture.tools.voting_load import Noted, load

# A key that is read is compared with its check value in the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

KILLS = int(os.environ.get("MIDDLEGROUND_TORTURE_KILLS", "4"))
Row = tuple[int, int, int]
# A map counts only confirmed participants.
EVERYBODY_CONFIRMS = """
CREATE TRIGGER everybody_confirms AFTER INSERT ON dialogues_participant
BEGIN UPDATE dialogues_participant SET tier = 'open' WHERE id = NEW.id; END
"""
# The control: a vote writer that answers first and stores later.
ANSWERS_FIRST = """
import sys, time
from collections import defaultdict
from middleground.config import asgi, server
from middleground.dialogues.voting import writer

from middleground.dialogues.queries import OwnVotes

given = defaultdict(OwnVotes)

def answer_first(self, batch):
    from middleground.dialogues.voting.store import StoredVote
    from middleground.dialogues.models import Dialogue
    dialogue = Dialogue.objects.get()
    pool = self.pools.of(dialogue)
    keys, outcomes = {s.number: key for key, s in pool.statements.items()}, []
    for ballot in [b.ballot for b in batch]:
        votes = given[ballot.token]
        votes.values[keys[ballot.number]] = ballot.value
        card = pool.next_card(ballot.token, votes)
        outcomes.append(StoredVote(dialogue, ballot.value, card, True))
    batch[0].answer.get_loop().call_soon_threadsafe(writer._answer, batch, outcomes)
    time.sleep(0.3)  # most of the time, so that a kill hardly misses it
    self._take([b.ballot for b in batch])

writer.VoteWriter._store = answer_first
server.serve(server.reserve("127.0.0.1", int(sys.argv[1])))
"""


def kill_under_load(server: ServerProcess, kills: int, command: Sequence[str] | None) -> Noted:
    """Start, load and kill at a random moment, repeatedly on the same database."""
    noted, chance = Noted(), random.Random(20_261_124)
    for number in range(kills):
        server.start(command)
        asyncio.run(_load_and_kill(server, noted, chance.uniform(0.3, 1.2)))
        report(number + 1, kills, noted)
    return noted


async def _load_and_kill(server: ServerProcess, noted: Noted, seconds: float) -> None:
    """Vote until enough votes are acknowledged and the random moment has come."""
    before, stop = len(noted.acknowledged), asyncio.Event()
    voting = asyncio.create_task(load(server.port, "harbour", noted, stop))
    for _ in range(2_000):
        await asyncio.sleep(0.01)
        if len(noted.acknowledged) > before + 20:
            break
    for _ in range(60):  # the first map is due soon
        await asyncio.sleep(0.05)
        if killed := server.kill_map_workers():
            noted.workers_killed += killed
            break
    await asyncio.sleep(seconds)
    assert not stop.is_set()
    server.kill()
    await voting  # every connection ends by itself, because the server is gone


def maps(data: Path) -> int:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM dialogues_storedmap").fetchone()[0])


def database(data: Path) -> list[Row]:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute(
            "SELECT v.participant_id, s.number, v.value FROM dialogues_vote v"
            " JOIN dialogues_statement s ON s.id = v.statement_id"
        ).fetchall()


def rows(votes: set[tuple[str, int, str]], dialogue_id: int) -> set[Row]:
    """The votes in the database."""
    found = set()
    for cookie, number, word in votes:
        token, value = read_token(cookie), VALUES[word]
        assert token is not None
        assert value is not None
        found.add((pseudonym(dialogue_id, token), number, value))
    return found


@pytest.fixture
def server(tmp_path: Path, settings: pytest.FixtureRequest) -> ServerProcess:
    """A server on a database with the example dialogues, whose keys this process has too."""
    data = tmp_path / "data"
    fill(data)
    settings.KEYS = data / "keys"  # type: ignore[attr-defined]
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        connection.execute(EVERYBODY_CONFIRMS)
        connection.commit()
    often = {"MIDDLEGROUND_MAP_SECONDS": "0.2", "MIDDLEGROUND_MAP_BEAT_SECONDS": "0.2"}
    return ServerProcess(data, tmp_path / "log", settings=often)


def dialogue_id(data: Path) -> int:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        sql = "SELECT id FROM dialogues_dialogue WHERE slug = 'harbour'"
        return int(connection.execute(sql).fetchone()[0])


def test_no_acknowledged_vote_is_lost_to_kill_9(server: ServerProcess) -> None:
    try:
        noted = kill_under_load(server, KILLS, None)
        before = maps(server.data)
        server.start()  # without help, on the same database
        asyncio.run(vote_until_a_map(server, noted, before))
    finally:
        server.kill()
    stored = database(server.data)
    number = dialogue_id(server.data)
    acknowledged = rows(noted.acknowledged, number)
    assert len(acknowledged) > 20 * KILLS
    assert acknowledged - set(stored) == set()
    assert set(stored) - acknowledged - rows(noted.unanswered, number) == set()
    assert len(stored) == len(set(stored))
    assert noted.refused == []
    assert noted.workers_killed > KILLS / 2
    figures("kill -9", kills=KILLS, acknowledged=len(acknowledged), lost=0)


async def vote_until_a_map(server: ServerProcess, noted: Noted, before: int) -> None:
    """Vote until there is a next map, which only enough newcomers make due."""
    stop = asyncio.Event()
    voting = asyncio.create_task(load(server.port, "harbour", noted, stop))
    end = time.monotonic() + 60
    while maps(server.data) == before:
        assert time.monotonic() < end, "no map is made any more"
        await asyncio.sleep(0.2)
    stop.set()
    await voting


def test_control_a_server_that_answers_before_it_stores_loses_votes(server: ServerProcess) -> None:
    with closing(sqlite3.connect(server.data / "middleground.sqlite3")) as connection:
        connection.execute("DELETE FROM dialogues_statementtranslation")
        connection.execute("DELETE FROM dialogues_staffaction WHERE dialogue_id <> ?", [1])
        connection.execute("DELETE FROM dialogues_statement WHERE dialogue_id <> ?", [1])
        connection.execute("DELETE FROM dialogues_dialoguemembership WHERE dialogue_id <> ?", [1])
        connection.execute("DELETE FROM dialogues_dialogue WHERE slug <> 'harbour'")
        connection.commit()
    try:
        noted = kill_under_load(server, 2, ["-c", ANSWERS_FIRST, str(server.port)])
    finally:
        server.kill()
    acknowledged = rows(noted.acknowledged, dialogue_id(server.data))
    assert acknowledged - set(database(server.data)) != set()
