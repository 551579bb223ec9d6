"""The doctor's checks of PostgreSQL: how it keeps, that it does not tell, and whom it lets in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connection

from middleground.config.backup import DATABASE
from middleground.config.doctor.messages import Messages, advice, error, well

SUBJECT = "PostgreSQL"
# With other values a power cut can lose an acknowledged vote.
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
# With other values the database records when a participant voted, and the vote.
SILENT = {
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "track_commit_timestamp": {"off"},
}
# One server process has at most so many (docs/hosting.md).
CONNECTIONS_OF_A_PROCESS = 19
# Connections that the server, the role and the database allow; -1 is without a limit.
ALLOWED = """
SELECT current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
"""
# Each server process has one connection of this name, on whatever machine it runs.
SERVER_PROCESSES = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'middleground election %'
"""


def check_postgres() -> Messages:
    """Check the server's settings. Needs an open database."""
    with connection.cursor() as cursor:
        names = [*DURABLE, *SILENT]
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        found = dict(cursor.fetchall())
    yield from judge_postgres(found)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        yield well(49, SUBJECT, f"Version {cursor.fetchone()[0]}.")
    yield _check_connections()
    yield from _find_old_database(Path(settings.DATA) / DATABASE)


def _check_connections() -> CheckMessage:
    with connection.cursor() as cursor:
        cursor.execute(ALLOWED)
        allowed = min(limit for limit in cursor.fetchone() if limit >= 0)
        cursor.execute(SERVER_PROCESSES)
        return judge_connections(allowed, cursor.fetchone()[0])


def judge_connections(allowed: int, processes: int) -> CheckMessage:
    """``allowed``: connections at once. ``processes``: how many serve now, on all machines."""
    enough_for = allowed // CONNECTIONS_OF_A_PROCESS
    message = f"{allowed} connections at once are allowed, enough for {enough_for} server"
    message += f" process{'' if enough_for == 1 else 'es'}; {processes} now run."
    if enough_for < max(processes, 1):
        hint = f"Raise max_connections: {CONNECTIONS_OF_A_PROCESS} for each process, and some more."
        return error(73, SUBJECT, message, hint)
    return well(74, SUBJECT, message)


def _find_old_database(file: Path) -> Messages:
    """Find the file that ``move-to`` leaves: people's deletions do not reach it any more."""
    if file.exists():
        message = f"{file} is not in use. It may still hold everyone's votes from before a move."
        yield advice(61, SUBJECT, message, f"Delete it once all is well: rm -f '{file}'*")


def judge_postgres(found: dict[str, str]) -> Messages:
    """Check the settings above; ``found`` maps their names to the server's values."""
    for number, wanted, why in (
        (47, DURABLE, "a power cut could lose acknowledged votes"),
        (48, SILENT, "its log or rows would tell when somebody voted"),
    ):
        for name, good in wanted.items():
            value = found.get(name)
            if value is not None and value not in good:
                message = f"{name} is {value}: {why}."
                yield error(number, SUBJECT, message, f"Set it to {' or '.join(sorted(good))}.")
