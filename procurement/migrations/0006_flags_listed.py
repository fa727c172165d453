
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('procurement', '0005_is_flagged'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('dataset__isnull', True)), fields=['-raised_at', '-id'], name='procurement_flag_newest'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('dataset__isnull', True)), fields=['fiscal_year', 'code', 'subject', 'suppressed_at', 'package'], name='procurement_flag_counted'),
        ),
    ]
