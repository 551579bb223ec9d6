"""A search index for a table of texts, created and maintained by the database itself.

SQLite: an FTS5 trigram table that stores no text of its own; triggers update it. PostgreSQL: a
trigram index where the extension ``pg_trgm`` can be created. Without it a search reads all texts of
the dialogue, which is slower and finds the same.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.utils import Error

logger = logging.getLogger(__name__)

# From this version on, FTS5 itself erases deleted words.
SECURE_DELETE_SINCE = (3, 42)

_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
    'text, content="{table}", content_rowid="id", tokenize="trigram")'
)
_REMOVE = "INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.id, old.text);"
_ADD = "INSERT INTO {index}(rowid, text) VALUES (new.id, new.text);"
# A deleted text stays in the index as an empty one, because FTS5 needs its row.
_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS {{index}}_added AFTER INSERT ON {{table}} BEGIN {_ADD} END",
    f"CREATE TRIGGER IF NOT EXISTS {{index}}_deleted AFTER DELETE ON {{table}} BEGIN {_REMOVE} END",
    "CREATE TRIGGER IF NOT EXISTS {index}_changed AFTER UPDATE OF text ON {table}"
    f" WHEN new.text <> old.text BEGIN {_REMOVE} {_ADD} END",
)


def index_of(table: str) -> str:
    return f"{table}_search"


class CreateSearchIndex(Operation):
    """Create the search index of a table with the columns ``id`` and ``text``.

    If a later migration makes Django copy the table on SQLite, the triggers are dropped and that
    migration must run this again, which makes what is missing. A test checks that they exist.
    """

    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Changes no state, because the index is not a model."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 -- Django names them
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        names = {"table": self.table, "index": index_of(self.table)}
        if schema_editor.connection.vendor == "sqlite":
            for statement in (_FTS, *_TRIGGERS):
                schema_editor.execute(statement.format(**names), params=None)
            if has_secure_delete(schema_editor.connection):
                sql = "INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)"
                schema_editor.execute(sql.format(**names), params=None)
        elif create_trigrams(schema_editor.connection):
            sql = (
                "CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin (UPPER(text) gin_trgm_ops)"
            )
            schema_editor.execute(sql.format(**names), params=None)


def has_secure_delete(database: BaseDatabaseWrapper) -> bool:
    found: tuple[int, ...] = database.Database.sqlite_version_info  # type: ignore[attr-defined]
    return found >= SECURE_DELETE_SINCE


def create_trigrams(database: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL has trigrams; they need rights or a package that may be missing."""
    try:
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Error as error:
        logger.warning("Search reads all texts, because pg_trgm cannot be created: %s", error)
        return False
    return True


def erase_deleted_words(table: str) -> bool:
    """Rewrite SQLite's index if it may hold trigrams of deleted texts; returns whether it did.

    Before version 3.42, FTS5 only marks deleted entries until its index segments are merged. The
    pages that the merge frees are overwritten (``secure_delete``).
    """
    if connection.vendor != "sqlite" or has_secure_delete(connection):
        return False
    index = index_of(table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(DISTINCT segid) FROM {index}_idx")  # noqa: S608
        if cursor.fetchone()[0] < 2:
            return False
        cursor.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608
    return True
