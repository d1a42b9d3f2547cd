"""People on record beside tokens; ignoring with an end; failed callbacks at hand."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_cfg', '0001_initial'),
        ('receipts', '0003_export'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='conversation',
            options={'permissions': [('view_pii', 'Can see numbers, names and texts of people'), ('reveal_pii', 'Can reveal those of one page, with a reason, on record')]},
        ),
        migrations.AddField(
            model_name='accessrecord',
            name='reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='accessrecord',
            name='user',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quarantineditem',
            name='ignored_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='accessrecord',
            name='act',
            field=models.CharField(choices=[('user_search', 'User Search'), ('raw_view', 'Raw View'), ('reveal', 'Reveal'), ('replay', 'Replay'), ('ignore', 'Ignore'), ('test_receipt', 'Test Receipt'), ('export', 'Export'), ('export_download', 'Export Download')], max_length=16),
        ),
        migrations.AlterField(
            model_name='accessrecord',
            name='token',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='receipts.apitoken'),
        ),
        migrations.AddIndex(
            model_name='callback',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['received_at', 'id'], name='callback_failed'),
        ),
        migrations.AddIndex(
            model_name='quarantineditem',
            index=models.Index(condition=models.Q(('ignored_until__isnull', False), ('state', 'ignored')), fields=['ignored_until'], name='quarantine_to_reopen'),
        ),
        migrations.AddConstraint(
            model_name='accessrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('token__isnull', False), ('user__isnull', True)), models.Q(('token__isnull', True), ('user__isnull', False)), _connector='OR'), name='access_has_one_actor'),
        ),
    ]
