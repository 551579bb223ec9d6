"""The clock jumps by a day, back, and through both changes of summer time, during voting.

A file moves ``timezone.now`` of a real server, which is otherwise unchanged.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.serving.server_process import ServerProcess
from support.serving.servers import fill
from torture.kill.test_kill import database, dialogue_id, rows
from torture.tools.progress import figures
from torture.tools.voting_load import Noted, load

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

JUMPS = int(os.environ.get("MIDDLEGROUND_TORTURE_JUMPS", "6"))
# The times to which the clock is set, in Berlin's year.
MOMENTS = (
    "2026-11-25T10:00:00+00:00",
    "2026-11-26T10:00:00+00:00",  # a day later
    "2026-11-24T10:00:00+00:00",  # two days earlier
    "2026-03-29T00:59:59+00:00",  # summer time begins
    "2026-03-29T01:00:01+00:00",
    "2026-10-25T00:30:00+00:00",  # 02:30, and an hour later 02:30 once more
    "2026-10-25T01:30:00+00:00",
    "1970-01-01T00:00:00+00:00",  # a machine without a battery
    "2026-11-25T23:59:59+00:00",
)
MOVED = """
import os, sys, time
from datetime import datetime, timedelta, timezone as zone
from pathlib import Path
from django.utils import timezone

file = Path(sys.argv[2])

def now():
    moment, since = file.read_text().split()
    return datetime.fromisoformat(moment) + timedelta(seconds=time.monotonic() - float(since))

timezone.now = now
from middleground.config import server
server.serve(server.reserve("127.0.0.1", int(sys.argv[1])))
"""


def set_clock(file: Path, moment: str) -> None:
    aside = file.with_suffix(".new")
    aside.write_text(f"{moment} {time.monotonic()}")
    aside.replace(file)


async def vote_through_jumps(server: ServerProcess, clock: Path) -> Noted:
    noted, stop = Noted(), asyncio.Event()
    voting = asyncio.create_task(load(server.port, "harbour", noted, stop, connections=4))
    for number in range(JUMPS):
        set_clock(clock, MOMENTS[number % len(MOMENTS)])
        before = len(noted.acknowledged)
        for _ in range(2_000):
            await asyncio.sleep(0.01)
            if len(noted.acknowledged) > before + 15:
                break
        assert len(noted.acknowledged) > before + 15, noted.refused[-2:]
    stop.set()
    await voting
    return noted


def days(data: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        sql = "SELECT day, votes FROM dialogues_dailycount ORDER BY day"
        return connection.execute(sql).fetchall()


@pytest.fixture
def server(tmp_path: Path, settings: pytest.FixtureRequest) -> ServerProcess:
    data = tmp_path / "data"
    fill(data)
    settings.KEYS = data / "keys"  # type: ignore[attr-defined]
    zone = {
        "MIDDLEGROUND_TIME_ZONE": "Europe/Berlin",
        "MIDDLEGROUND_MAP_SECONDS": "1",
        "MIDDLEGROUND_MAP_BEAT_SECONDS": "1",
    }
    return ServerProcess(data, tmp_path / "log", settings=zone)


def test_votes_are_stored_at_any_time_of_the_clock(server: ServerProcess, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, MOMENTS[0])
    with server.running(["-c", MOVED, str(server.port), str(clock)]):
        noted = asyncio.run(vote_through_jumps(server, clock))
    acknowledged = rows(noted.acknowledged, dialogue_id(server.data))
    assert acknowledged == set(database(server.data)) - rows(
        noted.unanswered, dialogue_id(server.data)
    )
    assert noted.refused == []
    counted = days(server.data)
    assert sum(votes for _, votes in counted) == len(acknowledged)
    jumped_to = {datetime.fromisoformat(moment) for moment in MOMENTS[:JUMPS]}
    assert len(counted) == len({moment.astimezone(UTC).date() for moment in jumped_to})
    assert "Traceback" not in server.log.read_text()
    figures("jumps of the clock", jumps=JUMPS, votes=len(acknowledged), lost=0)
