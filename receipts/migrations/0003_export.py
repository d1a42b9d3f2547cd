"""Exports, the record of what tokens did, and the name of the database."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0002_partitions_and_storage'),
    ]

    operations = [
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_epoch')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('resource', models.CharField(max_length=16)),
                ('format', models.CharField(choices=[('csv', 'Csv'), ('jsonl', 'Jsonl')], max_length=8)),
                ('filters', models.JSONField(default=dict)),
                ('is_masked', models.BooleanField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('worked_on_at', models.DateTimeField(null=True)),
                ('place', models.JSONField(null=True)),
                ('rows', models.BigIntegerField(default=0)),
                ('bytes', models.BigIntegerField(default=0)),
                ('error', models.TextField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('token', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='receipts.apitoken')),
            ],
        ),
        migrations.CreateModel(
            name='ExportChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField()),
                ('content', models.BinaryField()),
                ('export', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='receipts.export')),
            ],
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('act', models.CharField(choices=[('user_search', 'User Search'), ('raw_view', 'Raw View'), ('replay', 'Replay'), ('export', 'Export'), ('export_download', 'Export Download')], max_length=16)),
                ('subject', models.TextField()),
                ('address', models.GenericIPAddressField(null=True)),
                ('token', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='receipts.apitoken')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='access_by_time')],
            },
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ('pending', 'running'))), fields=['created_at'], name='export_to_make'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['expires_at'], name='export_by_end'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['token', 'created_at'], name='export_of_token'),
        ),
        migrations.AddConstraint(
            model_name='exportchunk',
            constraint=models.UniqueConstraint(fields=('export', 'position'), name='export_chunk_once'),
        ),
    ]
