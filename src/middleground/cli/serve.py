"""``middleground serve``: the whole installation, in one process or in several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

Host = Annotated[str, typer.Option(help="Address to listen on; keep the proxy in front of it.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Workers = Annotated[
    int,
    typer.Option(min=1, max=64, help="Number of server processes; more than one on PostgreSQL."),
]
ASK_THE_DOCTOR = "`middleground doctor` says what to mend."
ONE_ON_SQLITE = (
    "On SQLite one process serves. For several, set MIDDLEGROUND_DATABASE_URL to a PostgreSQL"
    " database; docs/hosting.md says how."
)


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve pages, take votes and compute maps, until stopped with Ctrl+C."""
    start(host, port, workers)


def start(host: str, port: int, workers: int = 1) -> None:
    """Serve. If the server cannot start, print the reason in one sentence and exit with 1."""
    from middleground.config import environment, server

    if workers > 1 and not environment.DATABASE_URL.read():
        _say(ONE_ON_SQLITE)
        raise typer.Exit(1)
    with explained(f"Cannot listen on {host}:{port}. Is middleground running already?"):
        server.raise_file_limit()
        address = server.reserve(host, port)
    with explained("Cannot use the data folder or the database."):
        import django

        django.setup()
        server.prepare()
    Console().print(f"Serving on http://{host}:{port} . Stop with Ctrl+C.")
    server.serve(address, workers)


@contextmanager
def explained(trouble: str) -> Iterator[None]:
    """Print errors that prevent a start as a sentence instead of a traceback, and exit with 1."""
    from django.db import DatabaseError

    from middleground.config.writer_lock import AnotherWriter
    from middleground.core.processes.versions import NewerDatabase

    try:
        yield
    except (AnotherWriter, NewerDatabase) as error:
        _say(str(error))
        raise typer.Exit(1) from None
    except (OSError, DatabaseError) as error:
        _say(f"{trouble} {error}")
        _say(ASK_THE_DOCTOR)
        raise typer.Exit(1) from None


@contextmanager
def wrong_setting_explained() -> Iterator[None]:
    """Print what is wrong with a setting, which every command may be the first to read."""
    from middleground.config.environment import Misconfigured

    try:
        yield
    except Misconfigured as error:
        _say(str(error))
        _say(ASK_THE_DOCTOR)
        raise SystemExit(1) from None


def _say(sentence: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(sentence, markup=False)
