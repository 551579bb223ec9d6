"""Several server processes on one PostgreSQL, seen from outside (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg

WAIT_SECONDS = 90  # generous, for a slow and busy machine
_ELECTED: LiteralString = """
SELECT split_part(application_name, ' ', 3)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND classid = 7170404 AND objid = 1 AND granted
AND application_name LIKE 'middleground election %'
"""


def ask(database: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(database, autocommit=True) as connection:
        found = connection.execute(query)
        return list(found.fetchall()) if found.description else []


def elected(database: str) -> int | None:
    """The process that is elected, if there is one."""
    found = ask(database, _ELECTED)
    return found[0][0] if found else None


def server_processes(parent: int) -> list[int]:
    """The server processes that ``serve --workers`` has started, without those for maps."""
    return sorted(child for child in children(parent) if b"spawn_main" in command(child))


def children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, of = stat.read_text().rpartition(")")[2].split()[:2]
            if int(of) == parent and state != "Z":
                found.append(int(stat.parent.name))
    return found


def command(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def lives(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def send(process: int, signal: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal)


def wait_until(condition: Callable[[], Any], what: str) -> float:
    """Wait until it is true; return how many seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < WAIT_SECONDS, what
        time.sleep(0.1)
    return time.monotonic() - began
