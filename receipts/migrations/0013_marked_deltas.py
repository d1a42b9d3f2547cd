"""Rows of the roll-ups that are not summed yet are marked, and found by an index."""

from django.db import migrations, models

# What is there counts as summed; what comes, also from the release before, does not.
ADD = """
ALTER TABLE receipts_{name} ADD COLUMN is_delta boolean NOT NULL DEFAULT false;
ALTER TABLE receipts_{name} ALTER COLUMN is_delta SET DEFAULT true;
"""
REMOVE = "ALTER TABLE receipts_{name} DROP COLUMN is_delta"


def _marked(model, index):
    return [
        migrations.RunSQL(
            ADD.format(name=model),
            REMOVE.format(name=model),
            state_operations=[
                migrations.AddField(
                    model_name=model,
                    name='is_delta',
                    field=models.BooleanField(db_default=True, default=True),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name=model,
            index=models.Index(
                condition=models.Q(('is_delta', True)), fields=['hour', 'channel'], name=index,
            ),
        ),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0012_no_index_by_callback'),
    ]

    operations = [
        *_marked('receiptcount', 'receipt_count_deltas'),
        *_marked('messagecount', 'message_count_deltas'),
    ]
