
import channels_cfg.models.callback_path
import channels_cfg.registry
import channels_cfg.secrets
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Stands in URLs and in the API; choose it for good.', max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$', 'Use lower-case letters, digits and hyphens, 64 characters at most.')])),
                ('name', models.CharField(max_length=200)),
                ('provider', models.CharField(choices=channels_cfg.registry.choices, max_length=32)),
                ('type', models.CharField(help_text='whatsapp, viber, messenger, instagram …; multi for an account that serves several.', max_length=32, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_-]*$', 'Use one word in lower-case letters, such as whatsapp.')])),
                ('account', models.JSONField(blank=True, default=dict)),
                ('audit_version', models.CharField(choices=[('V1', 'V1'), ('V2', 'V2')], default='V1', help_text='API version of the audit feed, as chosen at the provider.', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('key',),
            },
        ),
        migrations.CreateModel(
            name='ErrorCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=32)),
                ('code', models.CharField(max_length=64)),
                ('upstream_code', models.CharField(blank=True, default='', max_length=64)),
                ('title', models.CharField(blank=True, default='', max_length=200)),
                ('meaning', models.TextField(blank=True, default='')),
                ('category', models.CharField(blank=True, default='other', max_length=64)),
                ('owner', models.CharField(blank=True, choices=[('us', 'us (account administrator)'), ('provider', 'the provider'), ('meta', 'Meta'), ('recipient', 'the recipient'), ('author', 'the message author'), ('finance', 'finance'), ('nobody', 'nobody: wait')], default='', max_length=16)),
                ('advice', models.TextField(blank=True, default='')),
                ('is_transient', models.BooleanField(blank=True, null=True, verbose_name='a resend makes sense later')),
                ('is_edited', models.BooleanField(default=False, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('provider', 'code'),
                'constraints': [models.UniqueConstraint(fields=('provider', 'code'), name='error_code_once_a_provider')],
            },
        ),
        migrations.CreateModel(
            name='QueueAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_endpoint', models.CharField(max_length=300)),
                ('queue_endpoint', models.CharField(max_length=300)),
                ('access_key_id', models.CharField(max_length=128)),
                ('access_key_secrets', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='queue_account', to='channels_cfg.channel')),
            ],
        ),
        migrations.CreateModel(
            name='CallbackPath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt_type', models.CharField(choices=[('mt_status', 'MT status (ChatAppStatus)'), ('mo_message', 'MO message (ChatAppInbound)'), ('template_audit', 'Template audit (ChatAppAudit)'), ('any', 'Any: each item tells by itself')], max_length=16)),
                ('path', models.CharField(default=channels_cfg.models.callback_path.unguessable_path, error_messages={'unique': 'Another callback path is the same.'}, max_length=200, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*$', 'Use segments of A-Z a-z 0-9 . _ - ~ with a single slash between them, none at the ends.'), django.core.validators.RegexValidator('(?:^|/)\\.{1,2}(?:/|$)', 'A segment of one or two dots means a folder, not a name.', inverse_match=True)])),
                ('is_enabled', models.BooleanField(default=True, verbose_name='HTTP protocol')),
                ('header_name', models.CharField(blank=True, default='', max_length=64)),
                ('header_values', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('basic_username', models.CharField(blank=True, default='', max_length=128)),
                ('basic_passwords', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('signing_secrets', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('verify_tokens', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('allow_from', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, help_text='Addresses or networks; empty allows every address.', size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='callback_paths', to='channels_cfg.channel')),
            ],
            options={
                'ordering': ('channel', 'receipt_type', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('header_name', ''), ('header_values', '')), models.Q(models.Q(('header_name', ''), _negated=True), models.Q(('header_values', ''), _negated=True)), _connector='OR'), name='header_has_name_and_value'), models.CheckConstraint(condition=models.Q(('basic_username', ''), models.Q(('basic_passwords', ''), _negated=True), _connector='OR'), name='basic_has_a_password')],
            },
        ),
        migrations.CreateModel(
            name='BusinessAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=32)),
                ('channel_type', models.CharField(max_length=32)),
                ('value', models.CharField(help_text='As compared: digits of a number, else verbatim.', max_length=128)),
                ('shown', models.CharField(help_text='As the operator wrote it.', max_length=128)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='business_addresses', to='channels_cfg.channel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'channel_type', 'value'), name='address_of_one_channel', violation_error_message='Another channel has this business address.')],
            },
        ),
        migrations.CreateModel(
            name='ProviderQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt_type', models.CharField(choices=[('mt_status', 'MT status (ChatAppStatus)'), ('mo_message', 'MO message (ChatAppInbound)'), ('template_audit', 'Template audit (ChatAppAudit)')], max_length=16)),
                ('queue_name', models.CharField(max_length=200)),
                ('is_enabled', models.BooleanField(default=True, verbose_name='Message queue monitoring')),
                ('consumers', models.PositiveSmallIntegerField(default=1, help_text='How many consumers may pull it at the same time.')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='channels_cfg.channel')),
            ],
            options={
                'ordering': ('channel', 'receipt_type'),
                'constraints': [models.UniqueConstraint(fields=('channel', 'receipt_type'), name='queue_once_a_receipt_type'), models.CheckConstraint(condition=models.Q(('is_enabled', False), models.Q(('queue_name', ''), _negated=True), _connector='OR'), name='pulled_queue_has_a_name')],
            },
        ),
    ]
