import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0005_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=500)),
                ('outcome', models.CharField(choices=[('waiting', 'waits for a moderator'), ('changed', 'the decision was changed'), ('stands', 'the decision stands')], default='waiting', max_length=7)),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='appeal', to='dialogues.statement')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
            },
        ),
    ]
