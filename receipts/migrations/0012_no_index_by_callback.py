"""Receipts of a callback are found by its time, which they share: one index less to keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0011_message_of_several'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='receipt', name='receipt_of_callback'),
    ]
