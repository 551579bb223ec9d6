from django.db import migrations

from middleground.dialogues.models.texts.search_index import CreateSearchIndex


class Migration(migrations.Migration):

    dependencies = [('evidence', '0005_proposed_sources')]

    operations = [CreateSearchIndex('evidence_proposedsource')]
