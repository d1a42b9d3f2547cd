"""What the drain writes by the thousand names its channel without a foreign key."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT


def _unchecked(model):
    return migrations.AlterField(
        model_name=model,
        name='channel',
        field=models.ForeignKey(
            db_constraint=False, db_index=False, on_delete=PROTECT, to='channels_cfg.channel',
        ),
    )


class Migration(migrations.Migration):
    # One table after the other: none is held while another is waited for.
    atomic = False

    dependencies = [
        ('channels_cfg', '0001_initial'),
        ('receipts', '0013_marked_deltas'),
    ]

    operations = [
        _unchecked('conversation'),
        _unchecked('conversationidentity'),
        _unchecked('message'),
    ]
