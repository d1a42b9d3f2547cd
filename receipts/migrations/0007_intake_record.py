"""How the intake did: acknowledgements by hour, and when the door could answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_cfg', '0001_initial'),
        ('receipts', '0006_export_by_a_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='AckHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('n', models.BigIntegerField()),
                ('over_50', models.BigIntegerField()),
                ('over_80', models.BigIntegerField()),
                ('over_100', models.BigIntegerField()),
                ('slowest_ms', models.FloatField()),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='channels_cfg.channel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'channel'), name='ack_hour_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='IntakeSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=200)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('why_before', models.CharField(blank=True, default='', max_length=200)),
                ('turned_away', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['ended_at'], name='intake_span_by_end')],
                'constraints': [models.UniqueConstraint(fields=('host', 'started_at'), name='intake_span_once'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('started_at'))), name='intake_span_runs_forward')],
            },
        ),
    ]
