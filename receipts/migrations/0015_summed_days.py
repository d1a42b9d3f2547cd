"""Days of the hourly counts, each summed once it is over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_cfg', '0001_initial'),
        ('receipts', '0014_channels_by_number'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateTimeField()),
                ('kind', models.CharField(max_length=16)),
                ('status', models.CharField(max_length=16, null=True)),
                ('error_code', models.TextField(null=True)),
                ('template_code', models.TextField(null=True)),
                ('n', models.BigIntegerField()),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='channels_cfg.channel')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='receipt_day')],
            },
        ),
    ]
