"""Starting the server: migrate the database, collect static files, run uvicorn."""

from __future__ import annotations

import hashlib
import logging
import os
import resource
import socket
from contextlib import suppress
from pathlib import Path

import django
import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from middleground import __version__
from middleground.config import environment, writer_lock
from middleground.config.environment import Misconfigured, has_used_keys
from middleground.core.page.style_sheet import style_sheet
from middleground.core.processes import locks
from middleground.core.processes.own_connection import on_postgresql
from middleground.core.processes.table_changes import make_triggers
from middleground.core.processes.versions import refuse_newer_database

logger = logging.getLogger(__name__)

ACCEPTED_AT_ONCE = 16
MOST_FILES = 1_048_576

# A process that does not answer its parent for so long is killed and replaced.
HEALTHY_SECONDS = 30


def prepare() -> None:
    """Create the data folder, apply pending migrations, collect static files.

    This runs at every start, so that an installation that was killed at any point recovers. It
    takes the writer's lock until this process ends. Raises ``AnotherWriter`` or
    ``NewerDatabase``, before anything is changed, and ``Misconfigured``.
    """
    os.umask(0o077)  # only this account may read the files
    writer_lock.take()
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    _refuse_used_keys()
    refuse_newer_database()
    if _has_pending_migrations():
        _migrate()
    if on_postgresql():
        _refuse_other_keys()
    make_triggers()
    collect_static_files()


def prepare_to_read() -> None:
    """Prepare for a command that only reads, possibly while a server runs."""
    if Path(settings.DATA).is_dir():
        refuse_newer_database()
        if not _has_pending_migrations():
            return
    prepare()


def raise_file_limit() -> None:
    """Raise the limit of open files as far as allowed; each connection is one of them.

    The usual limit is 1,024, and beyond it nobody can connect.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # a sandbox may forbid it
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def reserve(host: str, port: int) -> socket.socket:
    """Bind the address, before anything else is done. Raises ``OSError`` if it is in use.

    So a second server, started by mistake, stops before it touches the first one's database.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    address = socket.socket(family, socket.SOCK_STREAM)
    try:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # allows an immediate restart
        address.bind((host, port))
    except BaseException:
        address.close()
        raise
    return address


def serve(address: socket.socket, workers: int = 1) -> None:
    """Serve until stopped, in one process or, on PostgreSQL only, in several (docs/decisions/0004).

    Several processes accept connections on one socket; a process that ends is replaced.
    """
    config = uvicorn.Config(
        "middleground.config.asgi:application",
        loop="auto",
        http="middleground.config.asgi:Protocol",
        lifespan="on",
        access_log=False,  # it would contain addresses
        log_config=None,  # ours, which omits the messages of exceptions
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
        workers=workers,
        timeout_worker_healthcheck=HEALTHY_SECONDS,
    )
    # uvloop accepts one connection a socket in each round of its loop. A round is long while many
    # ask for pages, so with one socket the last of hundreds of newcomers waited for seconds.
    accepting = [address, *(address.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]
    if workers == 1:
        uvicorn.Server(config).run(sockets=accepting)
        return
    connections.close_all()  # this process only starts the others from now on
    processes = _Processes(config, sockets=accepting)
    processes.run()
    if any(process.exitcode == STARTUP_FAILURE for process in processes.processes):
        raise SystemExit(STARTUP_FAILURE)


class _Processes(Multiprocess):
    """The server processes, of which each that ends is replaced and reported."""

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            if process.exitcode is not None and not self.should_exit.is_set():
                logger.warning("A server process ended (%d) and is replaced.", process.exitcode)
        super().keep_subprocess_alive()


def _refuse_used_keys() -> None:
    """Raise ``Misconfigured`` if a new database would begin with the keys of another one.

    Its dialogues would take the other's keys, by their numbers, and destroy them in the end. It
    happens where the database was not put back, or the wrong data folder is set.
    """
    if on_postgresql():
        is_new = not MigrationExecutor(connection).loader.applied_migrations
    else:  # connecting would make the file
        is_new = not Path(str(settings.DATABASES["default"]["NAME"])).exists()
    if is_new and has_used_keys(Path(settings.KEYS)):
        raise Misconfigured(
            f"There is no database yet, but {settings.KEYS} has the keys of one. Put that database"
            f" back (“Backups” in docs/hosting.md), or correct {environment.DATA.name}. A new"
            " installation needs a folder of keys of its own."
        )


def _refuse_other_keys() -> None:
    """Raise ``Misconfigured`` if the folder has none of the keys that the database knows.

    SQLite's lock holds a second server off. On PostgreSQL several share a database, and must share
    the keys: one with folders of its own would take no votes, and could be elected to sign the log.
    """
    from middleground.dialogues.identity.keys import is_key_in
    from middleground.dialogues.models import Dialogue
    from middleground.publiclog.log_key import is_log_key_in
    from middleground.publiclog.models import LogState

    keys = Path(settings.KEYS)
    with_key = Dialogue.objects.filter(key_destroyed_on=None).exclude(key_check="")
    known = [
        *(is_key_in(keys, *each) for each in with_key.values_list("pk", "key_check")),
        *(is_log_key_in(keys, state.verifier) for state in LogState.objects.exclude(verifier="")),
    ]
    if known and not any(known):
        raise Misconfigured(
            f"The keys in {keys} are not those of this database: it is of another installation,"
            " or they were not put back. Set MIDDLEGROUND_KEYS, MIDDLEGROUND_LEDGER and"
            " MIDDLEGROUND_SEALED to the folders that its servers share, or use a database of its"
            " own; docs/hosting.md says how."
        )


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    """Apply all pending migrations in one transaction.

    Django records some migrations as applied only after their own transaction. A server killed in
    between would later try to create tables that exist, and never start again.
    """
    # SQLite can alter tables only with foreign key checks off, and they cannot be switched off
    # inside a transaction. Django itself checks foreign keys after each migration.
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.vendor == "postgresql":  # another machine may start at the same time
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", locks.MIGRATION)
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Copy static files into the data folder, unless those of this version are there already."""
    stamp = Path(settings.STATIC_ROOT) / ".version"
    current = static_version()
    if stamp.is_file() and stamp.read_text() == current:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)


def static_version() -> str:
    """Hash the versions, all our static files and the style sheet. The rest is Django's."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(f"{__version__} {django.__version__}".encode() + style_sheet())
    for file in sorted(package.glob("*/static/**/*")):
        if file.is_file():
            digest.update(str(file.relative_to(package)).encode() + file.read_bytes())
    return digest.hexdigest()
