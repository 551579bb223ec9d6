from django.db import migrations

from middleground.dialogues.models.texts.search_index import CreateSearchIndex


class Migration(migrations.Migration):

    dependencies = [('threads', '0001_initial')]

    operations = [CreateSearchIndex('threads_comment')]
