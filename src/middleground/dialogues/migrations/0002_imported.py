from typing import Any

from django.db import migrations, models

import middleground.dialogues.models


def mark_imported(apps: Any, schema_editor: Any) -> None:
    """Dialogues that were taken in before there was a mark for it."""
    people = apps.get_model('dialogues', 'Participant').objects.filter(tier='imported')
    dialogues = apps.get_model('dialogues', 'Dialogue').objects
    dialogues.filter(pk__in=people.values('dialogue_id')).update(imported=True)


class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='dialogue',
            name='imported',
            field=models.BooleanField(default=False, editable=False, verbose_name='taken in from elsewhere'),
        ),
        migrations.AlterField(
            model_name='dialogue',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, validators=[middleground.dialogues.models.validate_not_reserved], verbose_name='address'),
        ),
        migrations.RunPython(mark_imported, migrations.RunPython.noop),
    ]
