"""Alerts: what needs somebody, who is told, and what was told."""

import channels_cfg.secrets
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import receipts.alerts.zones
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('channels_cfg', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('address', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('looked_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('trouble', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='HostState',
            fields=[
                ('host', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
                ('spool_rows', models.BigIntegerField(default=0)),
                ('spool_oldest_at', models.DateTimeField(null=True)),
                ('spool_trouble', models.TextField(blank=True, default='')),
                ('disks', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('subject', models.CharField(max_length=300)),
                ('level', models.CharField(choices=[('warning', 'Warning'), ('critical', 'Critical')], max_length=8)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('open', 'Open'), ('closed', 'Closed')], default='pending', max_length=8)),
                ('summary', models.CharField(max_length=500)),
                ('facts', models.JSONField(default=dict)),
                ('samples', models.JSONField(default=list)),
                ('path', models.CharField(blank=True, default='', max_length=500)),
                ('first_seen_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('clear_since', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='channels_cfg.channel')),
            ],
        ),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('is_enabled', models.BooleanField(default=True, verbose_name='Judge it')),
                ('limits', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='channels_cfg.channel')),
            ],
        ),
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('form', models.CharField(choices=[('email', 'E-mail'), ('webhook', 'Webhook, signed (Standard Webhooks)'), ('slack', 'Slack, or what takes its messages'), ('pagerduty', 'PagerDuty (Events API v2)')], max_length=12)),
                ('mail_to', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), blank=True, default=list, size=None)),
                ('url', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('host', models.CharField(blank=True, default='', max_length=255)),
                ('secrets', channels_cfg.secrets.SecretsField(blank=True, default=channels_cfg.secrets.Hidden)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, help_text='None chosen: all kinds.', size=None)),
                ('level', models.CharField(choices=[('warning', 'Warning'), ('critical', 'Critical')], default='warning', max_length=8, verbose_name='From which level on')),
                ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='Quiet from')),
                ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='Quiet until')),
                ('quiet_weekends', models.BooleanField(default=False, verbose_name='Quiet all day on weekends')),
                ('zone', models.CharField(default='UTC', help_text='Such as Asia/Singapore.', max_length=64, validators=[receipts.alerts.zones.is_a_zone], verbose_name='Time zone of the quiet hours')),
                ('wakes', models.BooleanField(default=True, verbose_name='Critical alerts break through quiet hours')),
                ('is_active', models.BooleanField(default=True, verbose_name='Tell it')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channels', models.ManyToManyField(blank=True, help_text='None chosen: all channels.', to='channels_cfg.channel')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('change', models.CharField(choices=[('opened', 'Opened'), ('recovered', 'Closed'), ('test', 'Test')], max_length=12)),
                ('state', models.CharField(choices=[('due', 'Due'), ('sent', 'Sent'), ('given_up', 'given up')], default='due', max_length=8)),
                ('attempts', models.SmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0)])),
                ('created_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('took_ms', models.FloatField(null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='alerts.alert')),
                ('destination', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='alerts.destination')),
            ],
        ),
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, default='', max_length=32)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='channels_cfg.channel')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('judged_at', models.DateTimeField()),
                ('judged_by', models.CharField(max_length=64)),
                ('not_judged', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_turn')],
            },
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['closed_at', 'id'], name='alert_over'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['pending', 'open'])), fields=('kind', 'subject'), name='alert_lives_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'pending'), ('opened_at__isnull', False), _connector='OR'), name='told_alert_was_opened'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='closed_alert_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.UniqueConstraint(fields=('kind', 'channel'), name='rule_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('form', 'email'), ('url', ''), models.Q(('mail_to', []), _negated=True)), models.Q(models.Q(('form', 'email'), _negated=True), models.Q(('url', ''), _negated=True)), _connector='OR'), name='destination_has_an_address'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_have_two_ends'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['next_attempt_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['destination', 'created_at'], name='delivery_of_destination'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('alert', 'destination', 'change'), name='told_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', True), ('change', 'test')), models.Q(models.Q(('change', 'test'), _negated=True), ('alert__isnull', False)), _connector='OR'), name='delivery_is_of_an_alert'),
        ),
        migrations.AddIndex(
            model_name='snooze',
            index=models.Index(fields=['until'], name='snooze_by_end'),
        ),
    ]
