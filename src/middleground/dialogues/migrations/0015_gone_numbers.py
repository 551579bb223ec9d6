"""Numbers of deleted texts are kept; those of texts deleted before are found in the public log."""

import logging
from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from middleground.dialogues import log_kinds  # noqa: F401  (its records are read below)
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.merkle.entry_bundle import BadBundle
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.records.kinds import read_entry

STATEMENTS = "statements"
# The tables of texts that can have been deleted whole, by their collection in the log.
TABLES = {
    STATEMENTS: "dialogues_statement",
    "comments": "threads_comment",
    "proposed-sources": "evidence_proposedsource",
    "sentences": "answers_checksentence",
}
logger = logging.getLogger(__name__)


def keep_gone_numbers(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    dialogues = apps.get_model("dialogues", "Dialogue").objects.using(connection.alias)
    by_slug = dict(dialogues.values_list("slug", "pk"))
    if not by_slug:
        return
    named = {
        (by_slug[slug], collection, number)
        for slug, collection, number in _named_in_log(apps, connection)
        if slug in by_slug and collection in TABLES
    } | set(_named_in_rows(apps, connection))
    gone = named - set(_present(connection))
    rows = apps.get_model("dialogues", "GoneNumber")
    rows.objects.using(connection.alias).bulk_create(
        [rows(dialogue_id=each, collection=name, number=number) for each, name, number in sorted(gone)]
    )


def _named_in_log(apps: Any, connection: Any) -> Iterator[tuple[str, str, int]]:
    for entry in _entries(apps, connection):
        try:
            record = read_entry(entry)
        except BadRecord:  # also of an unknown kind
            continue
        slug = getattr(record, "dialogue", None)
        number = getattr(record, "number", None) or getattr(record, "statement", None)
        if isinstance(slug, str) and isinstance(number, int):
            yield slug, getattr(record, "collection", STATEMENTS), number


def _entries(apps: Any, connection: Any) -> Iterator[bytes]:
    """All entries: signed, placed, and pending."""
    state = apps.get_model("publiclog", "LogState").objects.using(connection.alias).first()
    log = TileFolder(settings.LEDGER, state.signed if state else 0)
    for bundle in range(-(-log.size // 256)):
        try:
            yield from log.entries(bundle)
        except (OSError, MissingTile, BadBundle):
            logger.warning("Bundle %d of the public log cannot be read. “middleground doctor” tells more.", bundle)
    for name in ("LogEntry", "PendingRecord"):
        rows = apps.get_model("publiclog", name).objects.using(connection.alias)
        yield from (bytes(entry) for entry in rows.values_list("entry", flat=True))


def _named_in_rows(apps: Any, connection: Any) -> Iterator[tuple[int, str, int]]:
    tags = apps.get_model("dialogues", "WithdrawnTag").objects.using(connection.alias)
    for dialogue, number in tags.values_list("dialogue_id", "number"):
        yield dialogue, STATEMENTS, number


def _present(connection: Any) -> Iterator[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for collection, table in TABLES.items():
            if table in there:  # apps above may have none yet
                cursor.execute(f"SELECT dialogue_id, number FROM {table}")
                yield from ((dialogue, collection, number) for dialogue, number in cursor.fetchall())


class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0014_topics'),
        ('publiclog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='GoneNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.CharField(max_length=40)),
                ('number', models.PositiveIntegerField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gone_numbers', to='dialogues.dialogue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'collection', 'number'), name='number_gone_once')],
            },
        ),
        migrations.RunPython(keep_gone_numbers, migrations.RunPython.noop),
    ]
