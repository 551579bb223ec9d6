"""Texts are the same only if they are to a reader, so their hashes are computed again."""

from typing import Any

from django.db import migrations

from middleground.dialogues.texts.hash_again import hash_again


def compute_hashes(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("threads", "Comment").objects
    hash_again(rows.using(schema_editor.connection.alias), "thread")


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0005_posts_in_threads'),
    ]

    operations = [
        migrations.RunPython(compute_hashes, migrations.RunPython.noop),
    ]
