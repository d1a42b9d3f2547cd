"""The first partitions, and storage settings that suit how the tables are written."""

from django.db import migrations
from django.utils import timezone

from receipts.partitioning import ensure_partitions

# Messages and conversations are updated a few times soon after they were added.
STORAGE = """
ALTER TABLE receipts_message SET (fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE receipts_conversation SET (fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE receipts_receiptcount SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE receipts_messagecount SET (autovacuum_vacuum_scale_factor = 0.05);
"""


def first_partitions(apps, schema_editor):
    ensure_partitions(timezone.now())


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]

    operations = [
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunPython(first_partitions, migrations.RunPython.noop),
    ]
