from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('setup', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='setup',
            name='looked_at',
            field=models.DateTimeField(null=True),
        ),
    ]
