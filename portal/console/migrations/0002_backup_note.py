"""That backups were made, and where."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0001_saved_view'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackupNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('folder', models.TextField()),
                ('bytes', models.BigIntegerField()),
                ('seconds', models.FloatField()),
                ('receipts', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='backup_by_time')],
            },
        ),
    ]
