"""Sign-ins that failed."""


from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LoginFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name', models.BinaryField(max_length=32)),
                ('address', models.GenericIPAddressField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['name', 'at'], name='failure_by_name'), models.Index(fields=['address', 'at'], name='failure_by_address'), models.Index(fields=['at'], name='failure_by_time')],
            },
        ),
    ]
