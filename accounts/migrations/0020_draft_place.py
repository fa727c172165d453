"""The OPD and year that a draft was typed for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_preferences'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='place',
            field=models.CharField(default='', max_length=160),
        ),
    ]
