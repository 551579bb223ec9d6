

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JobTrouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=80)),
                ('about', models.PositiveBigIntegerField(default=0)),
                ('cause', models.CharField(choices=[('killed', 'a process was ended from outside'), ('memory', 'the machine has no memory left'), ('disk', 'the disk is full'), ('forbidden', 'a file may not be read or written'), ('database', 'the database did not do what it was asked'), ('network', 'another machine did not answer'), ('stuck', 'it began and does not end'), ('other', 'a fault in the program')], max_length=12)),
                ('error', models.CharField(blank=True, max_length=80)),
                ('times', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['since', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('job', 'about'), name='trouble_once_of_a_job')],
            },
        ),
    ]
