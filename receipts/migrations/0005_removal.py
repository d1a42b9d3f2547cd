"""What retention removed, and when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0004_console'),
    ]

    operations = [
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(max_length=16)),
                ('name', models.CharField(max_length=64)),
                ('rows', models.BigIntegerField()),
                ('bytes', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'at'], name='removal_of_kind')],
            },
        ),
    ]
