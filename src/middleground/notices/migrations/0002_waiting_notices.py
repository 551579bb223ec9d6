
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('confirm', 'Confirm'), ('known', 'Known'), ('news', 'News'), ('last', 'Last'), ('owed', 'Owed'), ('waiting', 'Waiting'), ('test', 'Test')], max_length=7),
        ),
        migrations.CreateModel(
            name='WaitingNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hours', models.PositiveSmallIntegerField(choices=[(0, 'Never'), (4, 'Every four hours at most'), (24, 'Once a day at most'), (168, 'Once a week at most')], default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('feed', models.CharField(blank=True, max_length=64)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_notice', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('feed', ''), _negated=True), fields=('feed',), name='feed_of_one_account')],
            },
        ),
    ]
