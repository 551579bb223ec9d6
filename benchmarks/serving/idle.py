"""Many connections that each asked once and then stay open without asking."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from serving.requests import Connection, connect

OPENED_AT_ONCE = 100
# Files that this process and the server need besides idle connections.
OTHER_FILES = 1_000


def raise_open_files() -> int:
    """Allow this process and its children as many open files as the system does."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@asynccontextmanager
async def idle_connections(
    port: int, count: int, request: bytes
) -> AsyncIterator[list[Connection]]:
    """Open so many connections, send the request on each, and leave them open."""
    opened: list[Connection] = []
    numbers = iter(range(count))

    async def open_some() -> None:
        for _ in numbers:
            connection = await connect(port)
            opened.append(connection)
            await connection.ask(request)

    try:
        await asyncio.gather(*(open_some() for _ in range(OPENED_AT_ONCE)))
        yield opened
    finally:
        for connection in opened:
            connection.writer.transport.abort()


def still_open(connections: list[Connection]) -> int:
    return sum(not connection.reader.at_eof() for connection in connections)
