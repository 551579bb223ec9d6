from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def count_from_today(apps: Any, schema_editor: Any) -> None:
    """Statements that were rejected before: their days are counted from now on."""
    rejected = apps.get_model('dialogues', 'Statement').objects.filter(status='rejected')
    rejected.update(rejected_on=timezone.localdate())



class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0004_tiers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='dialogue',
            name='key_days',
            field=models.PositiveSmallIntegerField(default=14, help_text='Counted from the final map.', validators=[django.core.validators.MaxValueValidator(90)], verbose_name='days until the key is destroyed'),
        ),
        migrations.AddField(
            model_name='dialogue',
            name='key_destroyed_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='rejected_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('texts', 'texts of statements that are not shown'), ('key', 'the key of the dialogue')], max_length=5, verbose_name='what is kept')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('set_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='dialogues.dialogue')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-set_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('dialogue', 'what'), name='one_hold_at_a_time')],
            },
        ),
        migrations.RunPython(count_from_today, migrations.RunPython.noop),
    ]
