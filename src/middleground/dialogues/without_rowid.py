"""A migration operation for tables that must not keep the order of their rows."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState


class CreateModelWithoutRowid(CreateModel):
    """``CreateModel``, but on SQLite the table is clustered on its key without row numbers.

    A later migration that alters the table must use raw SQL, because Django would copy it into an
    ordinary table. A test checks the schema.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        ordinary = schema_editor.sql_create_table
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.sql_create_table = f"{ordinary} WITHOUT ROWID"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = ordinary
