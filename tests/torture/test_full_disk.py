"""A real server that cannot write refuses votes with a message, and recovers by itself."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.serving.server_process import ServerProcess
from support.serving.servers import fill
from torture.tools.voting_load import CARD, COOKIE, ask, vote_request

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits another process as Linux can"),
]
ROOM_FOR_THE_LOG = 2_000


def limit_files(server: ServerProcess, size: int) -> None:
    """Limit all files of the server to ``size``, so that writes fail as on a full disk."""
    assert server.process
    _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, most))


def stored(data: Path) -> int:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(database.execute("SELECT count(*) FROM dialogues_vote").fetchone()[0])


async def vote_through_a_full_disk(server: ServerProcess) -> list[tuple[int, bytes]]:
    """One participant votes with space, twice without, and with space again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    page = b"GET /d/harbour/take-part/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    _, head, body = await ask(reader, writer, page)
    cookie, answers = COOKIE.search(head), []
    assert cookie
    for room in (True, False, False, True):
        limit_files(server, resource.RLIM_INFINITY if room else ROOM_FOR_THE_LOG)
        card = CARD.search(body)
        assert card
        request = vote_request("harbour", cookie[1], card[1], card[2], b"agree")
        status, _, text = await ask(reader, writer, request)
        answers.append((status, text))
        body = text if status == 200 else body  # the page stays unchanged
    limit_files(server, ROOM_FOR_THE_LOG)
    status, _, _ = await ask(reader, writer, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status == 200  # reading still works
    limit_files(server, resource.RLIM_INFINITY)
    writer.close()
    return answers


def test_a_full_disk_refuses_votes_until_there_is_space(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", tmp_path / "log")
    fill(server.data)
    with server.running():
        answers = asyncio.run(vote_through_a_full_disk(server))
    assert [status for status, _ in answers] == [200, 503, 503, 200]
    assert b"Your vote is not stored" in answers[1][1]
    assert stored(server.data) == 2
