"""Starting the server: database brought up to date, static files collected, then uvicorn."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from middleground import __version__
from middleground.config import writer_lock
from middleground.core.page.style_sheet import style_sheet


def prepare() -> None:
    """Make the data folder, apply migrations that are not applied yet, collect static files.

    Called at every start, so that an installation that was killed at any point starts by itself.
    Raises ``AnotherWriter``; otherwise this process is the one that writes, to its end.
    """
    os.umask(0o077)  # what this process writes is for its own account only
    writer_lock.take()
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    if _migrations_wait():
        _migrate()
    _collect_static_files()


def prepare_to_read() -> None:
    """For a command that only reads, also beside a running server."""
    if not Path(settings.DATA).is_dir() or _migrations_wait():
        prepare()


def reserve(host: str, port: int) -> socket.socket:
    """Take the address, before anything else is done. Raises ``OSError`` where it is not free.

    A second server started by mistake must not come so far as to work on the first one's database.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    address = socket.socket(family, socket.SOCK_STREAM)
    try:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # start again at once
        address.bind((host, port))
    except BaseException:
        address.close()
        raise
    return address


def serve(address: socket.socket) -> None:
    """Serve until stopped. One process: on SQLite only one may write (docs/decisions/0004)."""
    config = uvicorn.Config(
        "middleground.config.asgi:application",
        loop="auto",
        http="httptools",
        lifespan="on",
        access_log=False,  # no address is ever written down
        log_config=None,  # our own, which writes no word of what an exception says
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
    )
    uvicorn.Server(config).run(sockets=[address])


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    """Apply all migrations that wait, or none.

    Django notes down some migrations only after their own transaction. A server killed in between
    would find tables that, by its notes, are still to be made, and never start again.
    """
    # SQLite changes tables only while it does not check references, and a transaction is too late
    # to tell it so; Django checks them itself after each migration.
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", interactive=False, verbosity=0)


def _collect_static_files() -> None:
    """Copy static files beside the database, unless this version's are there already."""
    stamp = Path(settings.STATIC_ROOT) / ".version"
    current = _static_version()
    if stamp.is_file() and stamp.read_text() == current:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)


def _static_version() -> str:
    """Changes with our version, with any of our own static files, and with the style sheet."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(__version__.encode() + style_sheet())
    for file in sorted(package.glob("*/static/**/*")):
        if file.is_file():
            digest.update(str(file.relative_to(package)).encode() + file.read_bytes())
    return digest.hexdigest()
