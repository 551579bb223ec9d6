import django.core.validators
import django.db.models.deletion
import middleground.dialogues.models.dialogue
from django.conf import settings
from django.db import migrations, models

from middleground.dialogues.without_rowid import CreateModelWithoutRowid


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dialogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, validators=[middleground.dialogues.models.dialogue.validate_not_reserved], verbose_name='address')),
                ('question', models.CharField(max_length=200, verbose_name='question')),
                ('background', models.TextField(blank=True, max_length=20000, verbose_name='background')),
                ('host_name', models.CharField(max_length=120, verbose_name='who hosts it')),
                ('promise', models.TextField(blank=True, max_length=4000, verbose_name='what happens with the answers')),
                ('state', models.CharField(choices=[('draft', 'draft: only staff see it'), ('open', 'open: people take part within the period'), ('closed', 'closed: the result is final')], default='draft', max_length=6)),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('moderation', models.CharField(choices=[('before', 'before: a statement waits until staff approve it'), ('after', 'after: a statement is shown at once and looked at later')], default='before', max_length=6, verbose_name='moderation')),
                ('statement_limit', models.PositiveSmallIntegerField(default=200, validators=[django.core.validators.MinValueValidator(40), django.core.validators.MaxValueValidator(1000)], verbose_name='longest statement, in characters')),
                ('votes_before_writing', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='votes before writing')),
                ('statements_an_hour', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='new statements an hour')),
                ('writing_hour', models.PositiveIntegerField(default=0, editable=False)),
                ('written_in_hour', models.PositiveIntegerField(default=0, editable=False)),
                ('minimum_shown', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(100)], verbose_name='smallest number of people shown')),
                ('map_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='minutes between two looks at the votes, for a new map')),
                ('key_days', models.PositiveSmallIntegerField(default=14, help_text='Counted from the final map.', validators=[django.core.validators.MaxValueValidator(90)], verbose_name='days until the key is destroyed')),
                ('key_check', models.CharField(blank=True, default='', editable=False, max_length=32)),
                ('key_destroyed_on', models.DateField(blank=True, editable=False, null=True)),
                ('open_participation', models.BooleanField(default=True, verbose_name='open to everyone, without a code')),
                ('uncounted_tiers', models.JSONField(default=list, editable=False)),
                ('copies_count_once', models.BooleanField(default=True, editable=False)),
                ('simulated', models.BooleanField(default=False, editable=False, verbose_name='participants are simulated')),
                ('imported', models.BooleanField(default=False, editable=False, verbose_name='taken in from elsewhere')),
                ('revision', models.PositiveBigIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'dialogue',
                'verbose_name_plural': 'dialogues',
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_at', None), ('closes_at', None), ('opens_at__lt', models.F('closes_at')), _connector='OR'), name='dialogue_opens_before_it_closes', violation_error_message='The dialogue must open before it closes.')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='WaitingPlace',
            fields=[
                ('mark', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('turn', models.PositiveBigIntegerField(db_index=True)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='CodeBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_batches', to='dialogues.dialogue')),
                ('tier', models.CharField(choices=[('invited', 'invited'), ('in_person', 'in person')], max_length=9)),
                ('kind', models.CharField(choices=[('printed', 'printed, one for each person'), ('meeting', 'one code for a meeting')], max_length=7)),
                ('size', models.PositiveIntegerField()),
                ('used', models.PositiveIntegerField(default=0)),
                ('withdrawn', models.PositiveIntegerField(default=0)),
                ('valid_until', models.DateTimeField(blank=True, null=True)),
                ('form', models.CharField(max_length=22, unique=True)),
                ('logged', models.BooleanField(default=False, editable=False)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('used__lte', models.F('size'))), name='no_more_used_than_made')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='DailyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='dialogues.dialogue')),
                ('day', models.DateField()),
                ('part', models.PositiveSmallIntegerField(default=0)),
                ('participants', models.PositiveIntegerField(default=0)),
                ('votes', models.PositiveIntegerField(default=0)),
                ('statements', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'day', 'part'), name='one_count_a_day_and_part')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='DialogueLog',
            fields=[
                ('dialogue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log', serialize=False, to='dialogues.dialogue')),
                ('erased_statements', models.PositiveBigIntegerField(default=0)),
                ('closed', models.BooleanField(default=False)),
                ('totals_hash', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='DialogueMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('facilitator', 'facilitator: may do everything with it'), ('moderator', 'moderator: decides about statements')], max_length=12)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='dialogues.dialogue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'user'), name='one_role_in_a_dialogue')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='HourlyAdmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='dialogues.dialogue')),
                ('hour', models.PositiveIntegerField()),
                ('way', models.CharField(choices=[('waiting', 'by waiting'), ('work', 'by a computation'), ('code', 'by a code')], max_length=7)),
                ('admitted', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'hour', 'way'), name='one_count_an_hour')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='RetentionHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='dialogues.dialogue')),
                ('what', models.CharField(choices=[('texts', 'texts of statements that are not shown'), ('key', 'the key of the dialogue')], max_length=5, verbose_name='what is kept')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField()),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-set_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('dialogue', 'what'), name='one_hold_at_a_time')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='SetAsideHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours_set_aside', to='dialogues.dialogue')),
                ('hour', models.PositiveIntegerField()),
                ('way', models.CharField(choices=[('waiting', 'by waiting'), ('work', 'by a computation'), ('code', 'by a code')], max_length=7)),
                ('admitted', models.PositiveIntegerField()),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'hour', 'way'), name='set_aside_hour_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='StoredMap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='maps', to='dialogues.dialogue')),
                ('made_at', models.DateTimeField()),
                ('final', models.BooleanField(default=False)),
                ('participants', models.PositiveIntegerField(help_text='In the map.')),
                ('counted', models.PositiveIntegerField(default=0)),
                ('sampled', models.BooleanField(default=False)),
                ('rules', models.CharField(blank=True, default='', max_length=64)),
                ('tiers', models.JSONField(default=dict, help_text='Participants who voted, by tier.')),
                ('tiers_apart', models.BooleanField(default=True)),
                ('set_aside', models.PositiveIntegerField(default=0, help_text='Participants, by the host.')),
                ('patterns', models.JSONField(default=dict, help_text='Aggregates for the host; see patterns.py.')),
                ('votes_seal', models.CharField(blank=True, max_length=64)),
                ('facts_seal', models.CharField(blank=True, max_length=64)),
                ('document_hash', models.CharField(blank=True, max_length=64)),
                ('data', models.JSONField(help_text='MapFacts.to_dict()')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'get_latest_by': ['made_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('final', True)), fields=('dialogue',), name='one_final_map')],
                'indexes': [],
            },
        ),
        CreateModelWithoutRowid(
            name='WithdrawnTag',
            fields=[
                ('tag', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawn_tags', to='dialogues.dialogue')),
                ('number', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('mark', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='dialogues.codebatch')),
                ('used', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        CreateModelWithoutRowid(
            name='Participant',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='dialogues.dialogue')),
                ('tier', models.CharField(choices=[('unconfirmed', 'not confirmed'), ('open', 'open'), ('invited', 'invited'), ('in_person', 'in person'), ('imported', 'imported')], default='open', max_length=11)),
                ('set_aside_hour', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participants', to='dialogues.setasidehour')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='dialogues.dialogue')),
                ('number', models.PositiveIntegerField(help_text='Counts up within the dialogue.')),
                ('text', models.CharField(max_length=1000)),
                ('dedup_hash', models.CharField(editable=False, max_length=64)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='%(class)ss', to='dialogues.participant')),
                ('status', models.CharField(choices=[('pending', 'waiting for a moderator'), ('approved', 'shown'), ('rejected', 'not shown'), ('merged', 'merged into another statement')], default='pending', max_length=8)),
                ('reason', models.CharField(blank=True, choices=[('duplicate', 'says the same as another statement'), ('personal_data', 'could identify a person'), ('off_topic', 'is not about the question'), ('several', 'says several things at once, so that one vote cannot answer it'), ('unclear', 'cannot be understood'), ('attack', 'attacks or threatens people'), ('unlawful', 'is unlawful'), ('spam', 'is advertising or spam')], max_length=13)),
                ('salt', models.BinaryField(max_length=16, null=True)),
                ('reviewed', models.BooleanField(default=False)),
                ('received_on', models.DateField(help_text='A day, never a time.')),
                ('rejected_on', models.DateField(blank=True, editable=False, null=True)),
                ('origin', models.CharField(choices=[('seed', 'from the host'), ('participant', 'from a participant'), ('imported', 'imported')], default='participant', max_length=11)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='dialogues.statement')),
            ],
            options={
                'verbose_name': 'statement',
                'verbose_name_plural': 'statements',
                'ordering': ['dialogue', 'number'],
                'abstract': False,
                'indexes': [models.Index(fields=['dialogue', 'status'], name='statement_by_status')],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'number'), name='statement_number_once'), models.UniqueConstraint(condition=models.Q(('status__in', ['pending', 'approved'])), fields=('dialogue', 'dedup_hash'), name='statement_text_once'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed', False), ('status', 'pending')), models.Q(('reviewed', False), ('status', 'approved')), models.Q(('reviewed', True), ('status', 'approved')), models.Q(('reviewed', True), ('status', 'rejected')), models.Q(('reviewed', True), ('status', 'merged')), _connector='OR'), name='statement_state_is_known'), models.CheckConstraint(condition=models.Q(('status', 'rejected'), models.Q(('reason', ''), ('rejected_on', None)), _connector='OR'), name='statement_only_rejected_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), ('origin', 'imported'), _connector='OR'), name='rejection_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'merged'), _negated=True), models.Q(('merged_into', None), _negated=True), _connector='OR'), name='merge_has_a_target')],
            },
        ),
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
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ExclusionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusion_rules', to='dialogues.dialogue')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dialogues.statement')),
                ('value', models.SmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'statement', 'value'), name='exclude_pattern_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='StaffAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_actions', to='dialogues.dialogue')),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='staff_actions', to='dialogues.statement')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('verb', models.CharField(choices=[('create', 'Create'), ('edit', 'Edit'), ('schedule', 'Schedule'), ('open', 'Open'), ('withdraw', 'Withdraw'), ('close', 'Close'), ('reopen', 'Reopen'), ('destroy_key', 'Destroy Key'), ('count_tiers', 'Count Tiers'), ('copies_once', 'Copies Once'), ('copies_each', 'Copies Each'), ('exclude_pattern', 'Exclude Pattern'), ('include_pattern', 'Include Pattern'), ('exclude_hour', 'Exclude Hour'), ('include_hour', 'Include Hour'), ('make_codes', 'Make Codes'), ('withdraw_codes', 'Withdraw Codes'), ('add_statements', 'Add Statements'), ('remove_statement', 'Remove Statement'), ('approve', 'Approve'), ('reject', 'Reject'), ('merge', 'Merge'), ('take_back', 'Take Back'), ('appeal_changed', 'Appeal Changed'), ('appeal_stands', 'Appeal Stands'), ('delete_texts', 'Delete Texts'), ('set_hold', 'Set Hold'), ('lift_hold', 'Lift Hold'), ('grant_role', 'Grant Role'), ('withdraw_role', 'Withdraw Role')], max_length=20)),
                ('reason', models.CharField(blank=True, choices=[('duplicate', 'says the same as another statement'), ('personal_data', 'could identify a person'), ('off_topic', 'is not about the question'), ('several', 'says several things at once, so that one vote cannot answer it'), ('unclear', 'cannot be understood'), ('attack', 'attacks or threatens people'), ('unlawful', 'is unlawful'), ('spam', 'is advertising or spam')], max_length=13)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('verb__in', ['create', 'edit', 'schedule', 'open', 'withdraw', 'close', 'reopen', 'destroy_key', 'count_tiers', 'copies_once', 'copies_each', 'exclude_pattern', 'include_pattern', 'exclude_hour', 'include_hour', 'make_codes', 'withdraw_codes', 'add_statements', 'remove_statement', 'approve', 'reject', 'merge', 'take_back', 'appeal_changed', 'appeal_stands', 'delete_texts', 'set_hold', 'lift_hold', 'grant_role', 'withdraw_role'])), name='staff_action_verb_is_known')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='StatementExposureCount',
            fields=[
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='exposure', serialize=False, to='dialogues.statement')),
                ('dealt', models.PositiveBigIntegerField(default=0)),
                ('expected', models.FloatField(default=0.0)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        CreateModelWithoutRowid(
            name='Vote',
            fields=[
                ('pk', models.CompositePrimaryKey('participant_id', 'statement_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='dialogues.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='dialogues.statement')),
                ('value', models.SmallIntegerField(choices=[(1, 'agree'), (0, 'pass'), (-1, 'disagree')])),
                ('dealt', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('value__in', [-1, 0, 1])), name='vote_is_a_vote')],
                'indexes': [],
            },
        ),
        CreateModelWithoutRowid(
            name='VoteSeal',
            fields=[
                ('pk', models.CompositePrimaryKey('participant_id', 'statement_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seals', to='dialogues.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seals', to='dialogues.statement')),
                ('client_nonce', models.BinaryField(max_length=16)),
                ('server_nonce', models.BinaryField(max_length=16)),
                ('salt', models.BinaryField(max_length=16)),
                ('promised', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
