"""The few message ids with several recipients are found without reading all messages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0010_callback_indexes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('recipients__gt', 1)), fields=['channel', 'message_id'], name='message_of_several'),
        ),
    ]
