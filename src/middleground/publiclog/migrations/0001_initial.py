from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
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
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='LogState',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('placed', models.PositiveBigIntegerField(default=0)),
                ('signed', models.PositiveBigIntegerField(default=0)),
                ('verifier', models.CharField(blank=True, default='', max_length=400)),
                ('damage', models.TextField(blank=True, default='')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_log'), models.CheckConstraint(condition=models.Q(('signed__lte', models.F('placed'))), name='signed_after_placed')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='PendingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.BinaryField()),
                ('document', models.BinaryField(null=True)),
                ('replaces', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
