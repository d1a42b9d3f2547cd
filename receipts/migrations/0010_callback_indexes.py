"""Indexes of callbacks that the first migration named but did not make."""

from django.db import migrations

MAKE = """
CREATE INDEX IF NOT EXISTS callback_pending
    ON receipts_callback (received_at, id) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS callback_by_time
    ON receipts_callback (received_at, id);
CREATE INDEX IF NOT EXISTS callback_of_channel
    ON receipts_callback (channel_id, received_at, id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0009_merged_message'),
    ]

    # No state: the models have had them from the beginning.
    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
