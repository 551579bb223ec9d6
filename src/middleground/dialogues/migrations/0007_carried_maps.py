from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dialogues', '0006_appeals'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedmap',
            name='whole_at',
            field=models.DateTimeField(null=True),
        ),
    ]
