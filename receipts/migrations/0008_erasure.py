"""Erasures, and a mark on callbacks of which items were erased."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0007_intake_record'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='callback',
            name='redacted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='accessrecord',
            name='act',
            field=models.CharField(choices=[('user_search', 'User Search'), ('raw_view', 'Raw View'), ('reveal', 'Reveal'), ('replay', 'Replay'), ('ignore', 'Ignore'), ('test_receipt', 'Test Receipt'), ('export', 'Export'), ('export_download', 'Export Download'), ('erase', 'Erase')], max_length=16),
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('running', 'Running'), ('done', 'Done'), ('cancelled', 'Cancelled')], max_length=16)),
                ('values', models.JSONField(default=list)),
                ('shown', models.TextField()),
                ('digests', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True, default='')),
                ('asked_by', models.TextField()),
                ('confirmed_by', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('place', models.JSONField(null=True)),
                ('removed', models.JSONField(default=dict)),
                ('left', models.JSONField(default=dict)),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('done', 'cancelled')), _negated=True), ('values', []), _connector='OR'), name='finished_erasure_names_nobody')],
            },
        ),
    ]
