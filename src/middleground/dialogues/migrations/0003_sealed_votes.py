import django.db.models.deletion
from django.db import migrations, models

from middleground.dialogues.without_rowid import CreateModelWithoutRowid


class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0002_imported'),
    ]

    operations = [
        migrations.CreateModel(
            name='DialogueLog',
            fields=[
                ('dialogue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log', serialize=False, to='dialogues.dialogue')),
                ('erased_votes', models.PositiveBigIntegerField(default=0)),
                ('erased_statements', models.PositiveBigIntegerField(default=0)),
                ('promised_by', models.DateTimeField(null=True)),
                ('opened', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entry', models.BinaryField()),
                ('document', models.BinaryField(null=True)),
            ],
            options={
                'verbose_name': 'entry of the log',
                'ordering': ['index'],
            },
        ),
        migrations.CreateModel(
            name='WaitingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.BinaryField()),
                ('document', models.BinaryField(null=True)),
                ('live_map_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='dialogues.dialogue')),
            ],
        ),
        migrations.AddField(
            model_name='storedmap',
            name='votes_seal',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='storedmap',
            name='facts_seal',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statement',
            name='salt',
            field=models.BinaryField(max_length=16, null=True),
        ),
        CreateModelWithoutRowid(
            name='ErasedSeal',
            fields=[
                ('seal', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erased_seals', to='dialogues.dialogue')),
            ],
        ),
        migrations.CreateModel(
            name='LogState',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('placed', models.PositiveBigIntegerField(default=0)),
                ('signed', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_log'), models.CheckConstraint(condition=models.Q(('signed__lte', models.F('placed'))), name='signed_after_placed')],
            },
        ),
        CreateModelWithoutRowid(
            name='VoteSeal',
            fields=[
                ('pk', models.CompositePrimaryKey('participant_id', 'statement_id', 'turn', blank=True, editable=False, primary_key=True, serialize=False)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seals', to='dialogues.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seals', to='dialogues.statement')),
                ('turn', models.PositiveIntegerField()),
                ('value', models.SmallIntegerField()),
                ('client', models.BinaryField(max_length=16)),
                ('server', models.BinaryField(max_length=16)),
                ('leaf', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('leaf', None)), fields=['participant', 'statement', 'turn'], name='seals_that_wait')],
            },
        ),
    ]
