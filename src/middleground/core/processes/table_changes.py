"""Which tables were written, told to all processes on one PostgreSQL.

A trigger on each table sends a notice with the table's name when a transaction that wrote it
commits, whoever wrote it: another server, a command, or somebody with psql. Tables that every vote
writes have no trigger, since PostgreSQL lets only one transaction that notifies commit at a time.
A process ignores the notices of its own connections, since it knows of its own commits earlier.

While a process is not connected to the notices it does not know what others write. It then trusts
what it keeps for a second.
"""

from __future__ import annotations

from django.db import connection, transaction

from middleground.core import changes
from middleground.core.processes import locks
from middleground.core.processes.notices import CHANNEL, Notices
from middleground.core.processes.own_connection import on_postgresql

TOPIC = "table"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION middleground_tell_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{CHANNEL}', '{TOPIC} ' || TG_TABLE_NAME || ' '
        || current_setting('application_name'));
    RETURN NULL;
END $$
"""
_TRIGGER = """
CREATE OR REPLACE TRIGGER middleground_tell_table
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}
FOR EACH STATEMENT EXECUTE FUNCTION middleground_tell_table()
"""
_WITH_TRIGGER = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'middleground_tell_table' AND c.relnamespace = current_schema()::regnamespace
"""


def make_triggers() -> None:
    """Make the triggers that are missing. Each start does so; on SQLite there are none."""
    if not on_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute(_WITH_TRIGGER)
        done = changes.untold_tables() | {row[0] for row in cursor.fetchall()}
        missing = set(connection.introspection.table_names(cursor)) - done
        if not missing:
            return
        with transaction.atomic():
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", locks.TRIGGERS)
            cursor.execute(_FUNCTION)
            for table in sorted(missing):
                cursor.execute(_TRIGGER.format(connection.ops.quote_name(table)))


def hear_of_tables(notices: Notices) -> None:
    """Let the notices of other processes give tables new versions in this one."""
    if on_postgresql():
        notices.on(TOPIC, _hear)
        notices.on_gap(changes.note_all_written)
        changes.trust_only_while(lambda: notices.connected)


def _hear(payload: str) -> None:
    table, _, writer = payload.partition(" ")
    if writer != connection.settings_dict["OPTIONS"].get("application_name"):
        changes.note_written([table])
